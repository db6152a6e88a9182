/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched.h - whose turn it is. A scheduler (scheds.def) divides the machine among VMs by their
 * shares; here is what all of them have in common: who can run, caps, reservations, and the
 * machine's time. By default no clock and no randomness take part: the same order in every run.
 *
 * Caps and reservations are tags in the machine's time, as in mClock (Gulati, Merchant & Varman,
 * OSDI 2010): a turn that cost c moves a VM's tag by c over its fraction of the machine. A VM whose
 * cap's tag lies ahead must wait; one whose reservation's tag lies behind goes before all others.
 */
#ifndef PZ_VMM_SCHED_H
#define PZ_VMM_SCHED_H

#include "vmm/vmm.h"

struct sched_desc {
    const char *name, *about;
};

/* The row of a scheduler. `kind` < SCHEDS. */
const struct sched_desc *sched_desc(enum sched_kind kind);

/* Choose the scheduler, what is charged for, and the seed of those that draw lots. */
void sched_init(struct vmm *vmm, enum sched_kind kind, enum sched_charge charge, uint64_t seed);

/*
 * The VM whose turn it is, or NULL if none can run now. If all that could run are held back by
 * their caps, the machine idles: its time goes on to where one may run. Only host time cannot be
 * moved: then NULL, and sched_held() says why.
 */
struct vm *sched_next(struct vmm *vmm);

/* Some VM could run, but for its cap; as of the last sched_next(). */
bool sched_held(const struct vmm *vmm);

/* It has had its turn, which cost so much. Where that is host time, the clock has been followed. */
void sched_charge(struct vm *vm, uint64_t cost);

/*
 * Instructions of a VM's next turn. A slice; but where turns cost host time fewer, if its last turn
 * took much of that, or who waits would wait for long.
 */
uint64_t sched_slice(const struct vm *vm);

/* A turn of `ran` instructions has cost so much. */
void sched_pace(struct vm *vm, uint64_t ran, uint64_t cost);

/* The host's clock, if turns cost host time; else 0. */
uint64_t sched_host_now(const struct vmm *vmm);

/* The same; with host time the machine's time goes on by itself. */
uint64_t sched_follow_host(struct vmm *vmm);

/* Nothing ran for so long, of the machine's time. */
void sched_idle(struct vmm *vmm, uint64_t time);

#endif
