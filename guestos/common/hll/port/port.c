/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * port.c - the common programs' calls in WebAssembly, by WASI: standard input and output,
 * arguments, the end. There are no files, processes or clocks in a module; programs that need
 * them do not link.
 */
#include "common/sys.h"

#define WASI(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(name)))

struct piece {
    void *data;
    uint32_t n;
};

WASI("fd_write") int wasi_write(int fd, const struct piece *p, uint32_t n, uint32_t *done);
WASI("fd_read") int wasi_read(int fd, const struct piece *p, uint32_t n, uint32_t *done);
WASI("args_sizes_get") int wasi_args_sizes(uint32_t *count, uint32_t *bytes);
WASI("args_get") int wasi_args(char **argv, char *text);
WASI("proc_exit") _Noreturn void wasi_exit(int status);

enum { TEXT_SIZE = 1024 };

int main(int argc, char **argv);
_Noreturn void _start(void);

int write(int fd, const void *buffer, uint32_t n)
{
    struct piece p = {(void *)(uintptr_t)buffer, n};
    uint32_t done;

    return wasi_write(fd, &p, 1, &done) == 0 ? (int)done : -EBADF;
}

int read(int fd, void *buffer, uint32_t n)
{
    struct piece p = {buffer, n};
    uint32_t done;

    return wasi_read(fd, &p, 1, &done) == 0 ? (int)done : -EBADF;
}

_Noreturn void exit(int status)
{
    wasi_exit(status);
}

__attribute__((export_name("_start"))) _Noreturn void _start(void)
{
    static char *argv[MAX_ARGS + 1], text[TEXT_SIZE];
    uint32_t argc, bytes;

    if (wasi_args_sizes(&argc, &bytes) != 0 || argc > MAX_ARGS || bytes > TEXT_SIZE ||
        wasi_args(argv, text) != 0)
        exit(1);
    exit(main((int)argc, argv));
}
