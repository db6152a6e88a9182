/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store.h - checkpoints kept in host memory. Pages that do not change from one to the next are
 * stored once. Their number is bounded; which ones to evict is left to history.c.
 */
#ifndef PZ_TOOLS_TRAVEL_STORE_H
#define PZ_TOOLS_TRAVEL_STORE_H

#include "tools/base/base.h"
#include "vmm/checkpoint.h"

struct store {
    uint8_t *arena;  /* pages */
    uint32_t *uses;  /* of each page kept: how many checkpoints have it */
    uint32_t *spare; /* a stack of pages that came back */
    uint32_t room;   /* pages that the arena can hold */
    uint32_t fresh;  /* pages from here on have never been used */
    uint32_t spares; /* how many are on the stack */
    uint64_t limit;  /* bytes */
    uint64_t bytes;  /* taken now, everything counted */
};

/* One machine state. */
struct snapshot {
    uint8_t *state;  /* checkpoint_save()'s */
    uint32_t *slots; /* of each machine page: its place in the arena, or STORE_NONE */
    uint32_t pages;
    size_t bytes; /* of these two */
};

enum pz_err store_open(struct store *store, uint64_t limit,
                       struct problem *problem) PZ_MUST_CHECK;
void store_close(struct store *store);

/*
 * Keep the machine as it is. `like` is a snapshot that it is likely to resemble, or NULL. False: it
 * does not fit, and nothing was kept.
 */
bool store_take(struct store *store, const struct vmm *vmm, const struct snapshot *like,
                struct snapshot *snapshot) PZ_MUST_CHECK;
void store_drop(struct store *store, struct snapshot *snapshot);

void store_restore(const struct store *store, struct vmm *vmm, const struct snapshot *snapshot);

#endif
