/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * statehash.h - a hash of the state that a guest can see: the same on every engine, under
 * every shadow policy, however the run was cut. For comparison, in tests and with recordings.
 */
#ifndef PZ_TOOLS_TRAVEL_STATEHASH_H
#define PZ_TOOLS_TRAVEL_STATEHASH_H

#include "vmm/vmm.h"

/* Registers, CSRs, devices, RAM, and how it ended. Pages of RAM that are all zero do not count. */
uint64_t statehash_vm(struct vm *vm);

/* All VMs, in order of their ids. */
uint64_t statehash_all(struct vmm *vmm);

/* Bytes of a file, to know it again. */
uint64_t statehash_bytes(const void *bytes, size_t len);

#endif
