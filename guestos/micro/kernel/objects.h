/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * objects.h - the kernel's objects. Each lies in a page of its own, which a user program gave out
 * of its memory; the kernel allocates nothing. What a page is, how often it is mapped and how many
 * lives it has had is in an array, `pages`. A capability names an object in one of its lives
 * (generation): when the object is destroyed, all capabilities for it are void, wherever they
 * are. A page becomes an object only while nobody has it mapped, and is mapped only while it is
 * none: so no program ever reads or writes what the kernel relies on.
 */
#ifndef MICRO_OBJECT_H
#define MICRO_OBJECT_H

#define THREAD_PC 0 /* entry.S: x[n] is at 4 n, pc in place of x[0] */

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memlayout.h"
#include "micro/abi.h"

enum page_kind {
    PAGE_FRAME,
    PAGE_KERNEL,
    PAGE_SPACE,
    PAGE_ROOT,
    PAGE_TABLE,
    PAGE_THREAD,
    PAGE_ENDPOINT
};

struct page {
    uint8_t kind;
    uint16_t maps; /* entries of page tables that lead to it */
    uint32_t generation;
};

struct cap {
    uint8_t type;
    uint8_t rights;
    uint32_t object; /* its address; of memory the first page's number; an interrupt's number */
    uint32_t badge;  /* of memory the number of pages; of a reply which call it answers */
    uint32_t generation; /* which life of the object */
};

enum thread_state { STOPPED, READY, SENDING, RECEIVING, CALLING };

struct thread {
    uint32_t x[32]; /* x[0] is pc */
    struct space *space;
    struct thread *next, *previous; /* in the queue of a priority or of an endpoint */
    struct endpoint *endpoint;      /* SENDING, RECEIVING: where */
    uint32_t calls;                 /* how many; answers to earlier ones are void */
    uint32_t message;               /* SENDING: the tag; words are in its registers */
    uint32_t badge;                 /* SENDING: what it sends by */
    uint8_t state, priority;
    bool wants_reply; /* SENDING: by a call or a fault */
    bool faulted;     /* SENDING, CALLING: registers are the program's, words are in fault */
    uint32_t fault[2];
    struct cap handler; /* the endpoint where its faults go */
};

struct queue {
    struct thread *first, *last;
};

struct endpoint {
    struct queue senders, receivers; /* one of them is empty */
    uint32_t signals;
};

struct space {
    uint32_t *root, satp;
    uint32_t threads; /* that run in it */
    struct cap caps[SLOTS];
};

_Static_assert(sizeof(struct space) <= PAGE_SIZE, "a space is a page");
_Static_assert(offsetof(struct thread, x) == THREAD_PC, "entry.S relies on this");

enum {
    REG_SP = 2,
    REG_GP,
    REG_TP,
    REG_T0,
    REG_T1 = 6,
    REG_T2 = 7,
    REG_A0 = 10,
    REG_A1,
    REG_A2,
    REG_A3,
    REG_A4,
    REG_A5,
    REG_A6,
    REG_A7,
    REG_T3 = 28,
    REG_T4,
    REG_T5
};

extern struct page *pages; /* of page n of memory */
extern uint32_t page_count;
extern struct thread *current; /* whose call or trap this is */

static inline uint32_t page_number(const void *object)
{
    return ((uint32_t)object - KERNEL_BASE) / PAGE_SIZE;
}

static inline void *page_address(uint32_t number)
{
    return (void *)(KERNEL_BASE + number * PAGE_SIZE);
}

#endif
#endif
