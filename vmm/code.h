/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * code.h - the engine's CPU never runs an instruction that it should trap but does not (engine.h,
 * point 6): a page is executed directly only once it has been searched and found free of them,
 * and from then on it is not writable; a page that holds one is interpreted. This works by page,
 * under either monitor, in both virtual modes; hybrid.h interprets a whole mode.
 *
 *    unknown: written freely   --fetched, none found-->  clean: executed, write-protected
 *       ^  ^                                                |
 *       |  +-------------------written----------------------+
 *       +--fetched again--  sensitive: interpreted, written freely
 */
#ifndef PZ_VMM_CODE_H
#define PZ_VMM_CODE_H

#include "vmm/shadow.h"

/*
 * After this many changes from clean to unknown, each within a number of fills of the last, stores
 * to a page are emulated instead.
 */
#define CODE_FLIPS_MOST 8u
#define CODE_FLIPS_NEAR 64u

/* Rights that no shadow entry of the page may grant. */
static inline uint32_t code_forbids(const struct page *info)
{
    return info->code == CODE_CLEAN ? PTE_W : PTE_X;
}

/* The page is about to be executed. False: it must be interpreted. */
bool code_execute(struct shadow *shadow, struct mpa page) PZ_MUST_CHECK;

/* The guest stores to the page. False: the store must be emulated. */
bool code_store(struct shadow *shadow, struct mpa page) PZ_MUST_CHECK;

/* The monitor has written to the page. */
void code_wrote(struct shadow *shadow, struct mpa page);

#endif
