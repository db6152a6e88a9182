/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mem.h - between the pager's parts: mem.c has the messages, pages.c the pages and what a task may
 * do with them, task.c makes and ends tasks.
 */
#ifndef MICRO_MEM_H
#define MICRO_MEM_H

#include "server.h"

enum { CAUSE_FETCH = 12, CAUSE_LOAD = 13, CAUSE_STORE = 15 };

/* Our slots: where we get the capabilities from that processes are given; then two per task. */
enum {
    MEM_TO_PROC = S_FREE,
    MEM_TO_MEM,
    MEM_TO_ROOT,
    MEM_TO_NULL,
    MEM_HANDLER,
    TASK_SLOT = 24
};

#define MEM_SCRATCH 0x40000000u /* two pages: what we copy from, and to */

/* An address space, and whose pages make it up: a list through next_of[]. */
struct image {
    uint32_t slot; /* 0: none */
    uint16_t own;  /* a list: the space, its root, tables */
};

struct task {
    struct image image, next; /* next: what exec builds */
    uint32_t thread_slot;     /* 0: none */
    uint16_t thread_page;
    uint32_t writable; /* text and constants end, data begin */
    uint32_t heap_start, heap_end;
    uint32_t held;    /* pages */
    uint32_t handler; /* of faults in protected pages */
    uint32_t protected_from, protected_to;
    uint32_t touch, touch_size; /* code that may find no memory, and goes on behind itself */
};

struct death {
    uint32_t who, cause, address, pc, short_of_memory;
};

extern struct task tasks[MAX_PROCESSES];
extern struct death deaths[MAX_PROCESSES]; /* in the order they came */
extern uint32_t death_count;
extern uint16_t next_of[]; /* of a page in an image's list, or of a free one; 0: the last */

/* pages.c. A page is a number from 1 up; 0 is none. */
void mem_init(uint32_t pages);
uint32_t mem_total(void);
uint32_t mem_available(void); /* held ones are not */
uint16_t page_take(void);     /* no process has it yet */
void page_share(uint16_t page);
void page_drop(uint16_t page);
void page_free(uint16_t page);                    /* one that no process has */
char *page_window(uint16_t page, uint32_t which); /* see it at place 0 or 1 */
void page_windows_close(void);
int32_t image_map(struct image *im, uint32_t va, uint16_t page, uint32_t rights);
int32_t page_object(uint32_t type, uint16_t page, uint32_t slot, uint32_t argument,
                    uint32_t handler);
void mem_release_held(struct task *t);
int32_t mem_resolve(struct task *t, uint32_t va, uint32_t right);
bool mem_is_protected(const struct task *t, uint32_t va);
int32_t mem_sbrk(struct task *t, int32_t n);
int32_t mem_hold(struct task *t, uint32_t pages);
int32_t mem_protect(struct task *t, uint32_t va, uint32_t pages, uint32_t rights);

/* task.c. */
int32_t task_fork(uint32_t parent, uint32_t child);
int32_t task_load(uint32_t who, uint32_t va, uint32_t rights);
int32_t task_commit(uint32_t who, const uint32_t *w);
int32_t task_free(uint32_t who);
int32_t task_abort(uint32_t who);
int32_t task_pages(uint32_t who);

#endif
