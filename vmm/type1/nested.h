/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nested.h - what the firmware is told before it enters a guest, so that it can do a part of the
 * monitor's work (isa/nested.h), and what is made of what it has done.
 */
#ifndef PZ_VMM_TYPE1_NESTED_H
#define PZ_VMM_TYPE1_NESTED_H

#include "isa/nested.h"
#include "vmm/vm.h"

/*
 * If the VM that has the CPU is a monitor: between which of its worlds the firmware may relay;
 * where that has led to. Afterwards hart, timer, shadow and counters are as if each trap had come
 * here.
 */
void nested_tell_worlds(struct vm *vm, struct nested *nested);
void nested_hear_relayed(struct vm *vm, struct nested *nested);

/* The tables by which the firmware fills its shadow; what it filled, to be heard after that. */
void nested_tell_tables(const struct vm *vm, struct nested *nested);
void nested_hear_fills(struct vm *vm, struct nested *nested);

#endif
