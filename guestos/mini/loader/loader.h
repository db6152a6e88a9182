/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * loader.h - mini's programs on Linux: `mini PROGRAM [ARG...]`, a static program for Linux on
 * riscv32, brings an unmodified program of mini into its own process and makes its calls.
 *
 *   loader.c       the start, and what happens at a call
 *   loader_exec.c  exec: a program's ELF file into memory
 *   loader_call.c  mini's calls by those of Linux, which are made by linux/port/port.c
 *
 * A program of mini makes its calls with ECALL, as one for Linux does: Linux would take mini's
 * numbers for its own. So each ECALL of the program's text is replaced by CALL_INSTRUCTION, which
 * is illegal; at the signal the call is made, and the program goes on. All registers but a0 are
 * as they were. A program cannot write to its text, nor run what it can write to, so that none
 * is missed; this is a translation, not a jail.
 *
 *   0 | program | heap -> ... STACK_BASE | stack | STACK_TOP ... | the loader
 */
#ifndef MINI_LOADER_LOADER_H
#define MINI_LOADER_LOADER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/abi.h"

enum {
    PAGE_SIZE = 4096,
    ECALL_INSTRUCTION = 0x00000073,
    CALL_INSTRUCTION = 0x0000000b, /* custom-0, which nobody defines */
    STACK_SIZE = 64 * 1024,
    STACK_TOP = 0x6fff0000, /* the loader is linked above */
    STACK_BASE = STACK_TOP - STACK_SIZE,
    HEAP_LIMIT = STACK_BASE - PAGE_SIZE,
    MAX_SEGMENTS = 8,
    ARGS_SIZE = 1024,
    PATH_SIZE = 128,
};

/* What the program has: its memory, by which its pointers are judged. */
struct area {
    uint32_t start, end; /* whole pages */
    bool writable;
};

struct program {
    struct area segment[MAX_SEGMENTS];
    uint32_t segments;
    uint32_t heap_start, heap_end;
    char name[PATH_SIZE];
};

extern struct program program;

/* pc in place of x0, then x1 to x31: as in Linux's signal frame. */
enum { REG_PC = 0, REG_SP = 2, REG_A0 = 10, REG_A1 = 11, REG_A7 = 17, REGISTERS = 32 };

struct exec_args {
    uint32_t count;
    uint32_t used;
    char text[ARGS_SIZE];
};

static inline uint32_t page_round_up(uint32_t n)
{
    return (n + PAGE_SIZE - 1) & ~(uint32_t)(PAGE_SIZE - 1);
}

/* Linux's own numbers of the calls that only the loader makes. */
enum {
    NR_RT_SIGACTION = 134,
    NR_SIGALTSTACK = 132,
    NR_MUNMAP = 215,
    NR_MMAP2 = 222,
    NR_MPROTECT = 226,
    NR_FLUSH_ICACHE = 259,
    PROT_EXEC_READ = 5,
    MAP_PRIVATE_FIXED_ANONYMOUS = 0x32,
};

int linux_call(int number, ...);

/* Fresh zeroed pages for reading and writing, in place of what was there: 0 or -ENOMEM. */
int pages_new(uint32_t start, uint32_t end);

/* False when there is no room for it. */
bool exec_args_add(struct exec_args *args, const char *arg);

/*
 * A program in place of the one that is there, with the registers that it starts with. On an
 * error all is as it was: -ENOENT, -ENOEXEC, or what Linux says.
 */
int loader_exec(const char *path, const struct exec_args *args, uint32_t *registers);

/* The call that the registers describe: its result is in them, or they are a new program's. */
void loader_call(uint32_t *registers);

#endif
