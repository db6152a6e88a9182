/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory.h - looking at a guest's memory without a trace of having looked: no page is
 * attached, no A or D bit set, no device asked.
 */
#ifndef PZ_TOOLS_DEBUG_MEMORY_H
#define PZ_TOOLS_DEBUG_MEMORY_H

#include "vmm/vm.h"

/* Memory as the monitor of a VM knows it, for the functions that look. Not to be written to. */
struct phys debug_eyes(struct vm *vm);

/* Reads as zeros: RAM that was never touched. */
extern const uint8_t debug_untouched[PAGE_SIZE];

/* Guest-physical bytes. False: some are not RAM. What was never touched is zero. */
bool debug_look_gpa(struct phys *eyes, uint64_t gpa, void *buffer, uint32_t len) PZ_MUST_CHECK;

/*
 * Guest-virtual bytes under a satp value, whatever rights the pages give. False: some are not
 * mapped, or not RAM.
 */
bool debug_look_gva(struct phys *eyes, uint32_t satp, uint32_t gva, void *buffer,
                    uint32_t len) PZ_MUST_CHECK;

/* Walk the guest's table as far as it goes, whatever the rights. */
enum sv32_result debug_look_walk(struct phys *eyes, uint32_t satp, uint32_t gva,
                                 struct sv32_walk *walk);

/* The entry of `gva` at a level of the table that `walk` came through; 0: none was read. */
uint32_t debug_entry(struct phys *eyes, const struct sv32_walk *walk, uint32_t gva,
                     unsigned level);

/* The same, of a VM's memory. */
bool debug_read_gpa(const struct vm *vm, uint64_t gpa, void *buffer,
                    uint32_t len) PZ_MUST_CHECK;
bool debug_read_gva(struct vm *vm, uint32_t satp, uint32_t gva, void *buffer,
                    uint32_t len) PZ_MUST_CHECK;
enum sv32_result debug_walk(struct vm *vm, uint32_t satp, uint32_t gva, struct sv32_walk *walk);

/* The root of the shadow that a hart would run under now; -1: there is none yet. */
int debug_shadow_root(const struct vm *vm, const struct hart *hart);

#endif
