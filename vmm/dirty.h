/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dirty.h - dirty tracking: which pages of a VM's RAM have been written since the last query. Live
 * migration still has to send those (Clark et al., NSDI 2005, "shadow mode" 4.1). A clean page is
 * write-protected in every shadow and in the second stage. The first store to it traps, the page
 * becomes dirty and writable, and the store is retried. This is not an exit: no counter, event or
 * observer sees it, and the guest cannot detect it. The board and the monitor report their own
 * writes where they obtain the page (vm.c).
 *
 * When tracking is off, it costs the test of a pointer, on paths that are slow already.
 */
#ifndef PZ_VMM_DIRTY_H
#define PZ_VMM_DIRTY_H

#include "vmm/hosted.h"
#include "vmm/vm.h"

/* Size of a bitmap of the VM's RAM in 64-bit words: a bit for each page, lowest first. */
static inline uint64_t dirty_words(const struct vm *vm)
{
    return (vm->pmap.size / PAGE_SIZE + 63) / 64;
}

/*
 * Start tracking, with all pages dirty. `bits` belongs to the caller and holds dirty_words() words
 * until dirty_stop(). Like the other calls, this must happen between two stays.
 */
void dirty_start(struct vm *vm, uint64_t *bits);
void dirty_stop(struct vm *vm);

/*
 * Add the dirty pages to `taken`, a bitmap of the same size, and make them clean. Returns their
 * number.
 */
uint64_t dirty_take(struct vm *vm, uint64_t *taken);

/* Something other than a guest store writes to the page of RAM that contains `pa`. */
void dirty_note(struct vm *vm, uint64_t pa);

static inline void dirty_mark(struct vm *vm, uint64_t pa)
{
    if (PZ_HOSTED && __builtin_expect(vm->dirty != NULL, 0))
        dirty_note(vm, pa);
}

/* Handle a trap. True: it was a store to a clean page, which is dirty now; the guest can go on. */
bool dirty_stored(struct vm *vm, const struct trap *trap);

static inline bool dirty_resolved(struct vm *vm, const struct trap *trap)
{
    return PZ_HOSTED && __builtin_expect(vm->dirty != NULL, 0) && dirty_stored(vm, trap);
}

#endif
