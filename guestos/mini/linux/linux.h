/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * linux.h - a personality of mini's processes: unmodified programs for Linux on riscv32, static,
 * soft-float, one thread. The instructions run as they are; what is translated is the ELF file's
 * way into memory (linux_exec.c) and each call. Like boxes it is no part of the kernel, but stands
 * between its files (box/box.h).
 *
 *   linux_call.c    which process is Linux's, and from numbers to functions
 *   linux_exec.c    execve, the first stack
 *   linux_memory.c  brk, mmap
 *   linux_file.c    descriptors, names, directories
 *   linux_io.c      reading and writing
 *   linux_proc.c    clone, wait, signals, what a process asks about itself
 *
 * What does not translate says so: the call gives ENOSYS, and the console names it, once for each
 * process.
 */
#ifndef MINI_LINUX_LINUX_H
#define MINI_LINUX_LINUX_H

#include "../box/box.h"
#include "../kernel/trapframe.h"

enum {
    LINUX_MAX_AREAS = 24,
    LINUX_ENV_SIZE = 1024,
    LINUX_KEPT = 8,
    LINUX_SIGNALS = 32,
    LINUX_STACK_SIZE = 1 << 20,
    LINUX_MAP_BASE = 0x40000000, /* of what is mapped; brk ends below */
    LINUX_PATH = 128,
    LINUX_NULL = UINT16_MAX, /* in place of a position in a directory: /dev/null */
};

#define LINUX_STACK_BASE (USER_TOP - LINUX_STACK_SIZE)

enum {
    LINUX_EEXIST = 17,
    LINUX_EXDEV = 18,
    LINUX_ENODEV = 19,
    LINUX_ENOTDIR = 20,
    LINUX_EISDIR = 21,
    LINUX_ENOTTY = 25,
    LINUX_ESPIPE = 29,
    LINUX_ERANGE = 34,
};

struct linux_area {
    uint32_t start, end; /* whole pages; start == end: unused */
};

struct linux_state {
    int pid; /* whose it is: as long as that is the process's pid */
    bool is_linux;
    struct linux_area area[LINUX_MAX_AREAS];
    uint32_t brk_start;
    uint16_t cloexec;                /* descriptors */
    uint16_t directory[MAX_FDS];     /* position in it plus one; 0: not one */
    uint32_t handler[LINUX_SIGNALS]; /* what rt_sigaction was told */
    uint32_t mask[2];
    int kept_pid[LINUX_KEPT]; /* children that ended while another was waited for */
    int kept_status[LINUX_KEPT];
    uint32_t told[16]; /* calls that have been named: bit n % 512 */
    uint32_t env_size;
    char env[LINUX_ENV_SIZE];
};

struct exec_args;

struct linux_state *linux_state(const struct proc *p); /* NULL: not Linux's */
struct linux_state *linux_current(void);

/* The state of a process that is about to run a program of Linux; and that no longer does. */
struct linux_state *linux_become(const struct proc *p);
void linux_forget(const struct proc *p);

/* With the scheduler's lock: a child has its parent's. */
void linux_fork(const struct proc *parent, const struct proc *child);

void linux_syscall(struct trapframe *tf);

/* -ENOSYS, and a line on the console. */
int32_t linux_lacks(const char *what, uint32_t number);

/* Is that file a program for Linux? And: load it (as exec_program). */
int linux_exec(struct proc *p, const char *path, const struct exec_args *args, bool *is_linux);

/* Is there to be memory at va, when it is touched? */
bool linux_maps(const struct linux_state *s, uint32_t va);

/* The name in mini's one directory; *is_root for the directory itself. */
int32_t linux_path(uint32_t va, char *name, bool *is_root);
struct file *linux_file(uint32_t fd); /* NULL: not open */
void linux_close_fd(uint32_t fd);

#define CALL(number, name) int32_t linux_##name(const uint32_t *arg);
#define SAME(number, name, function)
#define ANSWER(number, name, value)
#include "linux_calls.def"
#undef CALL
#undef SAME
#undef ANSWER

#endif
