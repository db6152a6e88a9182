/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched.h - scheduling of VMs. A scheduler (scheds.def) divides the machine among VMs by their
 * shares; this file holds what all schedulers have in common: runnability, caps, reservations, and
 * the machine's time. By default neither a clock nor randomness takes part, so the order is the
 * same in every run.
 *
 * Caps and reservations are tags in the machine's time, as in mClock (Gulati, Merchant & Varman,
 * OSDI 2010): a turn of cost c advances a VM's tag by c divided by its fraction of the machine. A
 * VM whose cap tag is in the future must wait; one whose reservation tag is in the past goes before
 * all others.
 */
#ifndef PZ_VMM_SCHED_H
#define PZ_VMM_SCHED_H

#include "vmm/vmm.h"

struct sched_desc {
    const char *name, *about;
};

/* The row of a scheduler. `kind` < SCHEDS. */
const struct sched_desc *sched_desc(enum sched_kind kind);

/* Choose the scheduler, what turns are charged for, and the seed of the lottery. */
void sched_init(struct vmm *vmm, enum sched_kind kind, enum sched_charge charge, uint64_t seed);

/*
 * The VM whose turn it is, or NULL if none can run now. If caps hold back all VMs that could run,
 * the machine idles: its time advances to where one may run. Host time cannot be advanced: then the
 * result is NULL, and sched_held() is true.
 */
struct vm *sched_next(struct vmm *vmm);

/* Did a cap hold back some VM at the last sched_next()? */
bool sched_held(const struct vmm *vmm);

/* Charge a VM for its turn. If costs are host time, sched_follow_host() has been called before. */
void sched_charge(struct vm *vm, uint64_t cost);

/*
 * The number of instructions in a VM's next turn: a slice, or fewer if turns cost host time and the
 * last one took long, so that waiting VMs are not delayed.
 */
uint64_t sched_slice(const struct vm *vm);

/* Adapt the length of the VM's next turn to one of `ran` instructions that cost `cost`. */
void sched_pace(struct vm *vm, uint64_t ran, uint64_t cost);

/* The host's clock, if turns cost host time; else 0. */
uint64_t sched_host_now(const struct vmm *vmm);

/*
 * With SCHED_CHARGE_HOST, advance the machine's time to the host's clock, by at most
 * SCHED_HOST_STEP_MOST: this process may have been stopped.
 */
void sched_follow_host(struct vmm *vmm);

/* Advance the machine's time by `time`, during which no VM ran. */
void sched_idle(struct vmm *vmm, uint64_t time);

#endif
