/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory.h - looking at a guest's memory without a trace of having looked: no page is
 * attached, no A or D bit set, no device asked.
 */
#ifndef PZ_TOOLS_DEBUG_MEMORY_H
#define PZ_TOOLS_DEBUG_MEMORY_H

#include "vmm/vm.h"

/* Guest-physical bytes. False: some are not RAM. What was never touched is zero. */
bool debug_read_gpa(const struct vm *vm, uint64_t gpa, void *buffer,
                    uint32_t len) PZ_MUST_CHECK;

/*
 * Guest-virtual bytes under a satp value, whatever rights the pages give. False: some are not
 * mapped, or not RAM.
 */
bool debug_read_gva(struct vm *vm, uint32_t satp, uint32_t gva, void *buffer,
                    uint32_t len) PZ_MUST_CHECK;

/* Walk the guest's table as far as it goes, whatever the rights. */
enum sv32_result debug_walk(struct vm *vm, uint32_t satp, uint32_t gva, struct sv32_walk *walk);

/* The entry of `gva` at a level of the table that `walk` came through; 0: none was read. */
uint32_t debug_entry(struct vm *vm, const struct sv32_walk *walk, uint32_t gva, unsigned level);

/* The root of the shadow that a hart would run under now; -1: there is none yet. */
int debug_shadow_root(const struct vm *vm, const struct hart *hart);

#endif
