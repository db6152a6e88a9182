/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store.h - checkpoints kept in host memory. Pages that do not change from one to the next are
 * stored once, and compressed when memory is short. The number of checkpoints is bounded; which
 * ones to evict is left to history.c.
 */
#ifndef PZ_TOOLS_TRAVEL_STORE_H
#define PZ_TOOLS_TRAVEL_STORE_H

#include "tools/base/base.h"
#include "vmm/checkpoint.h"

/* A page kept: as it is, or packed. */
struct store_page {
    uint8_t *bytes;
    uint32_t uses;  /* how many checkpoints have it; 0: free */
    uint16_t size;  /* PAGE_SIZE: not packed */
    bool tough;     /* it takes no less when it is packed */
    uint64_t taken; /* the number of the checkpoint taken last that has it */
};

struct store {
    struct store_page *pages; /* by slot */
    uint32_t *spare;          /* a stack of slots that came back */
    uint32_t room;            /* slots */
    uint32_t fresh;           /* slots from here on have never been used */
    uint32_t spares;          /* how many are on the stack */
    uint64_t taken;           /* checkpoints, so far */
    uint32_t packed_to;       /* where packing goes on: it goes round */
    uint64_t limit;           /* bytes */
    uint64_t bytes;           /* taken now, everything counted */
    void *packer, *unpacker;  /* the library's */
    uint8_t scratch[PAGE_SIZE];
};

/* One machine state. */
struct snapshot {
    uint8_t *state;  /* checkpoint_save()'s */
    uint32_t *slots; /* of each machine page: its place in the store, or STORE_NONE */
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

/* Pack some pages that only older checkpoints have. False: there are none left to pack. */
bool store_pack(struct store *store);

void store_restore(struct store *store, struct vmm *vmm, const struct snapshot *snapshot);

#endif
