/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dirty.h - which pages of a VM's RAM have been written since they were last asked for: what a live
 * migration still has to send (Clark et al., NSDI 2005, "shadow mode" 4.1). A page that is clean is
 * not writable for the guest, in any shadow or in the second stage; its first store traps, the page
 * is dirty and writable, and the store runs again. That is no exit: no counter, no event and no
 * observer sees it, and a guest cannot. Whatever else writes to RAM, the board and the monitor,
 * says so where it gets at the page (vm.c).
 *
 * While nobody tracks, all this costs the test of a pointer, on paths that are slow already.
 */
#ifndef PZ_VMM_DIRTY_H
#define PZ_VMM_DIRTY_H

#include "vmm/hosted.h"
#include "vmm/vm.h"

/* Words of 64 bits that hold a bit for each page of a VM's RAM, the lowest first. */
static inline uint64_t dirty_words(const struct vm *vm)
{
    return (vm->pmap.size / PAGE_SIZE + 63) / 64;
}

/*
 * Track from now on; all pages are dirty. `bits` is the caller's, so many words, until
 * dirty_stop(). Between two stays, as the other calls.
 */
void dirty_start(struct vm *vm, uint64_t *bits);
void dirty_stop(struct vm *vm);

/*
 * The dirty pages are added to `taken`, as many words; and are clean from here on. Returns how
 * many they were.
 */
uint64_t dirty_take(struct vm *vm, uint64_t *taken);

/* A page of RAM, any address in it, is written by others than the guest's own stores. */
void dirty_note(struct vm *vm, uint64_t pa);

static inline void dirty_mark(struct vm *vm, uint64_t pa)
{
    if (PZ_HOSTED && __builtin_expect(vm->dirty != NULL, 0))
        dirty_note(vm, pa);
}

/* The guest has trapped. True: because a page was clean, which it no longer is: run on. */
bool dirty_stored(struct vm *vm, const struct trap *trap);

static inline bool dirty_resolved(struct vm *vm, const struct trap *trap)
{
    return PZ_HOSTED && __builtin_expect(vm->dirty != NULL, 0) && dirty_stored(vm, trap);
}

#endif
