/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * checkpoint.h - the state of a whole machine, taken and put back: the monitor, its VMs, all
 * machine memory in use, and what replaced parts keep. For the same program at the same addresses, so structs are copied as they
 * are. Where the copies are kept is the caller's business, and so is whatever lies outside the
 * machine (what was typed and printed).
 */
#ifndef PZ_VMM_CHECKPOINT_H
#define PZ_VMM_CHECKPOINT_H

#include <stddef.h>

#include "vmm/vmm.h"

/* Bytes of the state that is not machine memory. */
size_t checkpoint_size(const struct vmm *vmm);

/* Copy it to `state`, which has room for checkpoint_size(). */
void checkpoint_save(const struct vmm *vmm, void *state);

/* Machine pages that a checkpoint may have a say in: those below this number. */
uint32_t checkpoint_pages(const struct vmm *vmm);

/* The bytes of a page, to be kept; NULL: whatever is in it does not matter. */
const uint8_t *checkpoint_page(const struct vmm *vmm, uint32_t number);

/* What was kept of a page: its bytes, or NULL. `number` is less than checkpoint_pages() was. */
struct checkpoint_kept {
    const uint8_t *(*page)(void *owner, uint32_t number);
    void *owner;
};

/*
 * The machine is again as it was at checkpoint_save(). Who is told of what it does (host
 * callbacks) stays as it is now. The VMs must be the ones that there were. Returns how many pages
 * had changed.
 */
uint32_t checkpoint_restore(struct vmm *vmm, const void *state,
                            const struct checkpoint_kept *kept);

#endif
