/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipc.h - the kernel's calls for programs and servers (kcall.S). What each does is in
 * micro/README.md.
 */
#ifndef MICRO_IPC_H
#define MICRO_IPC_H

#include <stdint.h>

#include "micro/abi.h"

/* kcall.S knows the offsets. */
struct message {
    uint32_t tag;
    uint32_t word[WORDS];
    uint32_t badge;              /* who sent */
    uint32_t item, page, rights; /* what goes along, if the tag says so */
    uint32_t place;              /* where to put what comes along */
};

int32_t ipc(struct message *m, uint32_t slot, uint32_t reply_slot, uint32_t call);

/* Send and wait for the reply: both are in m. */
static inline int32_t ipc_call(struct message *m, uint32_t slot)
{
    return ipc(m, slot, 0, CALL_call);
}

static inline int32_t ipc_send(struct message *m, uint32_t slot)
{
    return ipc(m, slot, 0, CALL_send);
}

static inline int32_t ipc_recv(struct message *m, uint32_t slot, uint32_t reply_slot)
{
    return ipc(m, slot, reply_slot, CALL_recv);
}

static inline int32_t ipc_reply(struct message *m, uint32_t reply_slot)
{
    return ipc(m, reply_slot, 0, CALL_reply);
}

static inline int32_t ipc_reply_recv(struct message *m, uint32_t slot, uint32_t reply_slot)
{
    return ipc(m, slot, reply_slot, CALL_reply_recv);
}

int32_t kcall_signal(uint32_t endpoint);
int32_t kcall_yield(void);
int32_t kcall_cap_copy(uint32_t space, uint32_t slot, uint32_t from, uint32_t badge,
                       uint32_t rights);
int32_t kcall_cap_part(uint32_t space, uint32_t slot, uint32_t from, uint32_t first,
                       uint32_t count, uint32_t rights);
int32_t kcall_cap_drop(uint32_t space, uint32_t slot);

/* Of a thread: space, handler's endpoint (or 0), priority. Of a space: its second page. */
int32_t kcall_make(uint32_t type, uint32_t memory, uint32_t page, uint32_t slot,
                   uint32_t argument, uint32_t handler, uint32_t priority);
int32_t kcall_destroy(uint32_t slot);
int32_t kcall_recall(uint32_t memory);
int32_t kcall_map(uint32_t space, uint32_t va, uint32_t memory, uint32_t page, uint32_t rights);
int32_t kcall_unmap(uint32_t space, uint32_t va);
int32_t kcall_map_table(uint32_t space, uint32_t va, uint32_t memory, uint32_t page);
int32_t kcall_thread_set(uint32_t thread, uint32_t space, uint32_t pc, uint32_t sp, uint32_t a0,
                         uint32_t a1);
int32_t kcall_thread_stop(uint32_t thread);
int32_t kcall_thread_copy(uint32_t thread, uint32_t from, uint32_t word);
int32_t kcall_irq_bind(uint32_t irqs, uint32_t irq, uint32_t endpoint);
int32_t kcall_irq_ack(uint32_t irqs, uint32_t irq);
int32_t kcall_control(uint32_t control, uint32_t what, uint32_t w0, uint32_t w1, uint32_t w2,
                      uint32_t w3);

/* The first page from va on, before end, that is of this memory. 0, or an error: none. */
struct mapping {
    uint32_t va, page, rights;
};

static inline int32_t kcall_next_mapping(uint32_t space, uint32_t va, uint32_t end,
                                         uint32_t memory, struct mapping *found)
{
    register uint32_t a0 asm("a0") = space;
    register uint32_t a1 asm("a1") = va;
    register uint32_t a2 asm("a2") = memory;
    register uint32_t a3 asm("a3") = end;
    register uint32_t a7 asm("a7") = CALL_next_mapping;

    asm volatile("ecall" : "+r"(a0), "+r"(a1), "+r"(a2) : "r"(a3), "r"(a7) : "memory");
    *found = (struct mapping){a0, a1, a2};
    return a0 > (uint32_t)-4096 ? (int32_t)a0 : 0;
}

static inline uint64_t read_time(void)
{
    uint32_t high, low, again;

    do
        asm volatile("csrr %0, timeh; csrr %1, time; csrr %2, timeh"
                     : "=r"(high), "=r"(low), "=r"(again));
    while (high != again);
    return (uint64_t)high << 32 | low;
}

#endif
