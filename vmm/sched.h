/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched.h - whose turn it is: stride scheduling (Waldspurger & Weihl 1995). Each VM has a pass
 * that grows with the instructions it has retired, divided by its shares; the one with the
 * smallest pass runs next. No clock, no randomness: the same order in every run.
 */
#ifndef PZ_VMM_SCHED_H
#define PZ_VMM_SCHED_H

#include "vmm/vmm.h"

/* The VM whose turn it is, or NULL if none can run now. */
struct vm *sched_next(struct vmm *vmm);

/* It has had its turn, and retired `ran` instructions. */
void sched_charge(struct vm *vm, uint64_t ran);

#endif
