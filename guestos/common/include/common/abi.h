/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * abi.h - everything the kernel and its programs must agree on: error numbers, flags, limits
 * and the structures that cross the boundary. The system call numbers are in syscalls.def.
 *
 * Calling convention: number in a7, arguments in a0..a3, ECALL, result in a0.
 * A negative result is an error, -EFAULT and so on; there is no errno variable.
 */
#ifndef COMMON_ABI_H
#define COMMON_ABI_H

#include <stdint.h>

enum {
    EPERM = 1,         /* not allowed: killing init */
    ENOENT = 2,        /* no such file, or an unused slot */
    ESRCH = 3,         /* no such process */
    EINTR = 4,         /* killed while waiting */
    E2BIG = 7,         /* too many arguments to exec */
    ENOEXEC = 8,       /* not a program this kernel can run */
    EBADF = 9,         /* no such file descriptor, or not open that way */
    ECHILD = 10,       /* no child to wait for */
    EAGAIN = 11,       /* the process table is full */
    ENOMEM = 12,       /* out of memory */
    EFAULT = 14,       /* a pointer that the caller may not use that way */
    EINVAL = 22,       /* an argument that makes no sense */
    ENFILE = 23,       /* the kernel's table of open files is full */
    EMFILE = 24,       /* this process's table of open files is full */
    EFBIG = 27,        /* a file would grow past FILE_MAX_SIZE */
    ENOSPC = 28,       /* the directory is full */
    EROFS = 30,        /* the file is part of the kernel image */
    EPIPE = 32,        /* nobody can ever read what was written */
    ENAMETOOLONG = 36, /* a name longer than NAME_SIZE - 1 */
    ENOSYS = 38,       /* no such system call */
};

enum {
    NAME_SIZE = 24,           /* a file or process name with its terminating zero */
    MAX_ARGS = 32,            /* arguments of one exec */
    MAX_PROCESSES = 64,       /* slots of the process table */
    MAX_FDS = 16,             /* open files of one process */
    FILE_MAX_SIZE = 1u << 20, /* bytes in one writable file */
    PIPE_SIZE = 2048,         /* bytes in flight in one pipe */
    TICK_MS = 10,             /* sleep and uptime are exact to this */
};

/* open() flags. */
enum { O_READ = 1, O_WRITE = 2, O_CREATE = 4, O_TRUNC = 8, O_APPEND = 16 };

/* wait() flags; and a status: the exit value, or STATUS_KILLED when the kernel ended it. */
enum { WAIT_NOHANG = 1 };
enum { STATUS_EXIT_MASK = 0xff, STATUS_KILLED = 0x100 };

/* What a file descriptor leads to. */
enum { KIND_FILE = 1, KIND_CONSOLE = 2, KIND_PIPE = 3 };

struct fileinfo {
    char name[NAME_SIZE];
    uint32_t kind;
    uint32_t size;
    uint32_t read_only;
};

enum { STATE_READY = 1, STATE_RUNNING = 2, STATE_SLEEPING = 3, STATE_ZOMBIE = 4 };

struct procinfo {
    int32_t pid;
    int32_t parent;
    int32_t group;
    uint32_t state;
    uint32_t pages; /* user pages present, shared ones counted in each process */
    char name[NAME_SIZE];
};

struct meminfo {
    uint32_t total_pages; /* what the kernel could ever give out */
    uint32_t free_pages;  /* what it could give out now, held pages not counted */
};

struct clockinfo {
    uint64_t now;        /* since some time in the past */
    uint32_t per_second; /* how much of it is a second */
};

/* Rights of pages, for protect(). */
enum { PROT_READ = 1, PROT_WRITE = 2 };

#endif
