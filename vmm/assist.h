/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * assist.h - the monitor with hardware assistance, as in VT-x and RISC-V's hypervisor extension: a
 * guest runs in virtual modes that the CPU keeps apart from the monitor's, and the pmap is the
 * CPU's second-stage page table. The guest exits only for an unattached page, a device, a firmware
 * call or a wait. There are no shadow page tables, and no CSR is emulated.
 */
#ifndef PZ_VMM_ASSIST_H
#define PZ_VMM_ASSIST_H

#include "vmm/hosted.h"
#include "vmm/vmm.h"

static inline bool assist_runs(const struct vm *vm)
{
    return PZ_HOSTED && __builtin_expect(vm->config.monitor == VM_ASSIST, 0);
}

/* Point the CPU at this guest's second stage before the guest runs. */
void assist_set_space(struct vm *vm);

/*
 * Drop the guest's translations that the CPU may have cached: after a fence for all virtual CPUs,
 * or because the VM ends and its pages will be reused.
 */
void assist_drop(struct vm *vm);

#endif
