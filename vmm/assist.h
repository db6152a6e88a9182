/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * assist.h - the monitor with hardware assistance, as VT-x and RISC-V's hypervisor extension give
 * it: a guest runs in modes of its own that the CPU keeps apart from the monitor's, and the pmap is
 * the table of the CPU's second stage. What leaves is what concerns the monitor: a page that is not
 * attached, a device, a firmware call, a wait. There is no shadow, and no CSR is emulated.
 */
#ifndef PZ_VMM_ASSIST_H
#define PZ_VMM_ASSIST_H

#include "vmm/hosted.h"
#include "vmm/vmm.h"

static inline bool assist_runs(const struct vm *vm)
{
    return PZ_HOSTED && __builtin_expect(vm->config.monitor == VM_ASSIST, 0);
}

/* Set the CPU to this guest, before it runs. */
void assist_set_space(struct vm *vm);

/*
 * Translations of the guest's that the CPU may have kept are not to be used any more: by a fence
 * for all virtual CPUs, or because the VM ends, and its pages will be another's.
 */
void assist_drop(struct vm *vm);

#endif
