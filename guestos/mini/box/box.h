/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * box.h - boxes (containers): namespaces and limits around processes of mini. The kernel does not
 * know of them. They stand between its files: the linker replaces a call of f from one of the
 * kernel's files to another by one of __wrap_f (--wrap), for the functions in wraps.txt. So mini
 * with boxes has the same objects as mini, and these on top.
 *
 *   box_table.c   which boxes there are, who is in which; their life
 *   box_names.c   processes: what numbers they have inside, and that there are no others
 *   box_files.c   files: an image, and a layer of changed pages over it
 *   box_memory.c  pages: who has them, and how many he may have
 *   box_time.c    CPU time
 *   box_console.c what is printed, and who is interrupted
 *   box_call.c    the calls
 *
 * Locks: box_lock (its rank is that of LOCK_FILE, the outermost) protects life: a box is made,
 * entered and removed under it, and a process of a box forks under it. What a box's processes do
 * needs no lock for the box to stay: it stays while it has processes. Counts have a lock of their
 * own, the innermost.
 */
#ifndef MINI_BOX_BOX_H
#define MINI_BOX_BOX_H

#include <stddef.h>

#include "../kernel/proc.h"
#include "../kernel/spin.h"
#include "mini/box.h"

#define WRAP(name) __wrap_##name
#define REAL(name) __real_##name

enum {
    MAX_BOXES = 16,
    BOX_LOG_SIZE = 4096,
    BOX_OPEN_FILES = 96, /* in all: file.c's table */
    LOCK_COUNTS = LOCK_PRINT + 1,
};

struct boxnode;

struct box {
    bool used;
    struct boxconfig config;
    const struct boximage *image;
    struct boxnode *nodes; /* one page */
    char *log;             /* one page, a ring */
    uint32_t logged;       /* bytes, ever */
    uint32_t pages, most_pages, refused, started, throttled;
    int next_pid;
    uint64_t cpu;                /* ticks of time, ever */
    uint64_t period, period_cpu; /* when it began; what was used since */
};

extern struct box boxes[MAX_BOXES]; /* the first is no box: everything outside */

/* box_table.c */
void box_lock(void);
void box_unlock(void);
struct box *box_of(const struct proc *p); /* NULL: outside */
struct box *box_current(void);
int box_pid(const struct proc *p); /* its number inside its box; outside: its pid */
uint32_t box_processes(const struct box *b);
int box_create(const struct boxconfig *config);
int box_enter(struct box *b);
void box_kill(struct box *b);
int box_remove(struct box *b);
struct box *box_by_number(uint32_t n); /* NULL: there is none */

/* box_names.c: the process of this box with that number in it; its pid, or 0. */
int box_find(const struct box *b, int number);

/* box_files.c */
int box_files_start(struct box *b);
void box_files_end(struct box *b);
uint32_t box_files_open(const struct box *b);
void box_files_close_others(void); /* descriptors from 3 up */

/* box_memory.c: pages for a box that another makes; NULL: its limit, or none. */
void *box_memory_take(struct box *b);
void box_count_refusal(struct box *b);

/* box_time.c */
void box_time_check(void); /* waits while the box of the caller has used up its time */

/* box_console.c: bytes of the log from an offset on. */
uint32_t box_console_log(const struct box *b, uint32_t offset, char *to, uint32_t n);

/* box_call.c: calls from BOX_CREATE on. */
int32_t box_call(uint32_t number, const uint32_t *arg);

#endif
