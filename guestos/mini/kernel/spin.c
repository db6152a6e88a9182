/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spin.c - how a lock is taken and given back, by one CPU at a time.
 */
#include "spin.h"

#include <stdbool.h>
#include <stddef.h>

#include "cpu.h"
#include "panic.h"
#include "riscv.h"

/*
 * LR and SC ("A" extension, section 8.2): nothing that follows is done before the lock is ours
 * (acquire). The plain load in front spares the others' reservations while it is not free.
 */
static bool try(struct spinlock *l, struct cpu *me)
{
    struct cpu *none = NULL;

    return !__atomic_load_n(&l->holder, __ATOMIC_RELAXED) &&
           __atomic_compare_exchange_n(&l->holder, &none, me, true, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
}

void spin_lock(struct spinlock *l)
{
    struct cpu *me = cpu_this();

    if (me->held >> l->rank)
        panic("lock of rank %u wanted while holding %x", l->rank, me->held);
    me->held |= 1u << l->rank;
    while (!try(l, me))
        spin_pause();
}

/* With the last lock go the interrupts for other CPUs: they may want what we held. */
void spin_unlock(struct spinlock *l)
{
    struct cpu *me = cpu_this();

    if (l->holder != me)
        panic("lock of rank %u released by another", l->rank);
    me->held &= ~(1u << l->rank);
    __atomic_store_n(&l->holder, NULL, __ATOMIC_RELEASE);
    if (me->held == 0 && me->ipis != 0)
        cpu_send_ipis();
}
