/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * code.h - keeps the engine's CPU from running sensitive instructions that it fails to trap
 * (engine.h, point 6). A page is executed directly only after a search has found no such
 * instruction in it, and is write-protected from then on; a page that holds one is interpreted.
 * This works by page, under every technique, in both virtual modes; hybrid.h interprets a whole
 * mode.
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
 * After this many changes from clean to unknown, each within CODE_FLIPS_NEAR fills of the last,
 * stores to a page are emulated instead.
 */
#define CODE_FLIPS_MOST 8u
#define CODE_FLIPS_NEAR 64u

/* Rights that shadow entries for the page must not grant. */
static inline uint32_t code_forbids(const struct page *info)
{
    return info->code == CODE_CLEAN ? PTE_W : PTE_X;
}

/* Called when the guest fetches from the page. False: the page must be interpreted. */
bool code_execute(struct shadow *shadow, struct mpa page) PZ_MUST_CHECK;

/* Called when the guest stores to the page. False: the store must be emulated. */
bool code_store(struct shadow *shadow, struct mpa page) PZ_MUST_CHECK;

/* The monitor has written these bytes, all in one page. */
void code_wrote(struct shadow *shadow, struct mpa at, uint32_t len);

#endif
