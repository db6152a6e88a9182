/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mem.h - loads, stores and fetches of one hart: translation, misalignment, page crossing and
 * devices. Used only by exec*.c and variant.c, which know what the bytes are for.
 */
#ifndef PZ_ISA_MEM_H
#define PZ_ISA_MEM_H

#include "isa/exec_env.h"

/*
 * `width` is 1, 2 or 4 bytes; any alignment. Values are zero-extended. False: trapped, and
 * env->trap says why. An access across two pages translates both before it moves a byte.
 */
bool mem_load(struct exec_env *env, uint32_t va, unsigned width, uint32_t *value) PZ_MUST_CHECK;
bool mem_store(struct exec_env *env, uint32_t va, unsigned width, uint32_t value) PZ_MUST_CHECK;

/*
 * Fetch the instruction at an even address: its 16 or 32 bits, zero-extended. The second half is
 * translated for itself only where it is on another page, and not at all if there is none.
 */
bool mem_fetch(struct exec_env *env, uint32_t va, uint32_t *raw) PZ_MUST_CHECK;

/*
 * Locate an aligned word for an atomic instruction, with the rights of `access`: `*host` in RAM,
 * or NULL for a device at `*pa`.
 */
bool mem_locate(struct exec_env *env, uint32_t va, enum access access, uint8_t **host,
                uint64_t *pa) PZ_MUST_CHECK;

/* Access a device register that mem_locate() has found outside RAM. */
bool mem_io(struct exec_env *env, uint32_t va, uint64_t pa, enum access access, unsigned width,
            uint32_t *value) PZ_MUST_CHECK;

/* RAM at pa was written through the host pointer of mem_locate(). */
void mem_wrote(struct exec_env *env, uint64_t pa, uint32_t len);

#endif
