/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unicorn_blocks.h - how many instructions one of the library's blocks has, and whether its CPU may
 * run it. Derived from the block's bytes, and cached until something is translated again, since it
 * is needed before every block.
 */
#ifndef PZ_ISA_ENGINE_UNICORN_BLOCKS_H
#define PZ_ISA_ENGINE_UNICORN_BLOCKS_H

#include "isa/engine/stops.h"
#include "isa/engine/unicorn_code.h"
#include "isa/sv32.h"

#define BLOCKS_KEPT 4096u /* a power of two */

/* What to do with a block. */
enum block_verdict {
    BLOCK_RUN,
    BLOCK_INTERPRET, /* it holds something that the library's CPU must not run, or cannot, or
                        an address to stop at */
    BLOCK_STALE, /* the same, and its translation must be dropped: it no longer matches the code */
};

/* A block's address, in bytes, and what is known of it. */
struct block {
    uint32_t va, size;
    uint32_t root;
    uint32_t epoch;  /* valid while equal to the table's */
    uint16_t count;  /* instructions */
    uint8_t verdict; /* enum block_verdict */
    bool fences;     /* it ends in FENCE.I */
};

struct blocks {
    struct phys *phys;
    struct code *code;
    uint32_t epoch;                   /* never 0 */
    bool no_counters;                 /* the library's CPU must not read counters */
    bool no_pauses;                   /* nor run PAUSE and AMOs, which it does not report */
    const struct engine_stops *stops; /* NULL: none */
    struct block kept[BLOCKS_KEPT];
};

void blocks_init(struct blocks *blocks, struct phys *phys, struct code *code);

/* Everything cached about blocks may be wrong now. */
void blocks_forget(struct blocks *blocks);

/* Interpret reads of the counters, and what pauses, or leave them to the library's CPU. */
void blocks_set_interpreted(struct blocks *blocks, bool counters, bool pauses);

/* blocks_find() when the block is not cached. */
const struct block *blocks_scan(struct blocks *blocks, struct block *slot, uint32_t root,
                                uint32_t va, uint32_t size);

static inline const struct block *blocks_find(struct blocks *blocks, uint32_t root, uint32_t va,
                                              uint32_t size)
{
    uint32_t hash = va >> 1 ^ va >> 13 ^ root << 6;
    struct block *slot = &blocks->kept[hash & (BLOCKS_KEPT - 1)];

    if (slot->va == va && slot->root == root && slot->size == size &&
        slot->epoch == blocks->epoch)
        return slot;
    return blocks_scan(blocks, slot, root, va, size);
}

/* Instructions in the first `size` bytes of a block; size may be 0. */
unsigned blocks_count(struct blocks *blocks, uint32_t root, uint32_t va, uint32_t size);

/* Where the code at va is; false: nowhere. */
bool blocks_locate(struct blocks *blocks, uint32_t root, uint32_t va,
                   uint64_t *pa) PZ_MUST_CHECK;

#endif
