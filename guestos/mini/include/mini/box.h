/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * box.h - what kernel and programs agree on about boxes (containers), in a mini that has them:
 * the calls, the structures that cross the boundary, and the format of an image. Calls are as those
 * of syscalls.def; elsewhere, and inside a box, they give -ENOSYS or -EPERM.
 */
#ifndef MINI_BOX_H
#define MINI_BOX_H

#include "common/abi.h"

enum {
    BOX_CREATE =
        32, /* (config): the new box's number. ENOENT, ENOEXEC, ENOSPC, ENOMEM, EINVAL */
    BOX_ENTER = 33,  /* (box): the caller is its first process from now on. ESRCH, EAGAIN */
    BOX_INFO = 34,   /* (slot, info): 0. ENOENT (unused slot), EINVAL (no more) */
    BOX_LOG = 35,    /* (box, offset, buffer, n): bytes of what it has printed. ESRCH, EFAULT */
    BOX_STOP = 36,   /* (box): 0; all of its processes end. ESRCH */
    BOX_REMOVE = 37, /* (box): 0. ESRCH, EAGAIN (it has processes) */
    BOX_CPU_WHOLE = 1000, /* one CPU, all of the time */
    BOX_PERIOD_MS = 100,  /* CPU time is limited for each period */
};

struct boxconfig {
    char name[NAME_SIZE];             /* for people */
    char image[NAME_SIZE];            /* a file that came with the kernel */
    uint32_t attached;                /* its console is ours; or else only its log */
    uint32_t pages, processes, files; /* the most that it may have at a time */
    uint32_t cpu;                     /* thousandths of one CPU, over a period; 0: no limit */
};

struct boxinfo {
    struct boxconfig config;
    int32_t box;
    uint32_t pages, most_pages; /* now, and at most ever */
    uint32_t processes, files;
    uint32_t started;   /* processes, ever */
    uint32_t refused;   /* pages, processes and files that the limits have refused */
    uint32_t throttled; /* times that it had to wait for the next period */
    uint64_t cpu;       /* ticks of `time` that its processes had a CPU */
};

/* An image: this, `count` entries, and the files' bytes at their offsets from its beginning. */
struct boximage {
    uint32_t magic, count;
};

struct boxentry {
    char name[NAME_SIZE];
    uint32_t offset, size;
};

enum { BOX_MAGIC = 0x31584f42, BOX_MAX_FILES = 48 };

#endif
