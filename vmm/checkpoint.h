/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * checkpoint.h - saving and restoring the state of a whole machine: the monitor, its VMs, all
 * machine memory in use, and the state of replaced parts. A checkpoint is valid only in the same
 * process at the same addresses, so structs are copied verbatim. The caller stores the copies, and
 * handles state outside the machine (input and output).
 */
#ifndef PZ_VMM_CHECKPOINT_H
#define PZ_VMM_CHECKPOINT_H

#include <stddef.h>

#include "vmm/vmm.h"

/* Size in bytes of the state other than machine memory. */
size_t checkpoint_size(const struct vmm *vmm);

/* Copy that state to `state`, which has room for checkpoint_size() bytes. */
void checkpoint_save(const struct vmm *vmm, void *state);

/* A checkpoint includes machine pages below this number. */
uint32_t checkpoint_pages(const struct vmm *vmm);

/* The bytes of a page to save; NULL: its contents do not matter. */
const uint8_t *checkpoint_page(const struct vmm *vmm, uint32_t number);

/* A page's saved bytes, or NULL. `number` is less than checkpoint_pages() was. */
struct checkpoint_kept {
    const uint8_t *(*page)(void *owner, uint32_t number);
    void *owner;
};

/*
 * Restore the machine to its state at checkpoint_save(). The host callbacks stay as they are now.
 * The set of VMs must be the same as then. Returns the number of pages that had changed.
 */
uint32_t checkpoint_restore(struct vmm *vmm, const void *state,
                            const struct checkpoint_kept *kept);

#endif
