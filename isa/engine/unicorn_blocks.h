/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unicorn_blocks.h - how many instructions a block of the library's has, and whether its CPU may
 * run it. Found from the block's bytes, and remembered until something is translated again, for
 * the answer is wanted before every block. Also knows which pages code was taken from.
 */
#ifndef PZ_ISA_ENGINE_UNICORN_BLOCKS_H
#define PZ_ISA_ENGINE_UNICORN_BLOCKS_H

#include "isa/sv32.h"

#define BLOCKS_KEPT 4096u /* a power of two */

/* A block's address, in bytes, and what is known of it. */
struct block {
    uint32_t va, size;
    uint32_t root;
    uint32_t epoch;   /* the answer is good while this is the table's */
    uint16_t count;   /* instructions */
    bool interpreted; /* holds one that the library's CPU must not run, or has gone */
};

struct blocks {
    struct phys *phys;
    uint32_t epoch; /* never 0 */
    uint8_t *code_pages; /* a bit a page of RAM: code has been taken from it */
    struct block kept[BLOCKS_KEPT];
};

/* `code_pages` is zeroed, a bit for each page of `phys`. */
void blocks_init(struct blocks *blocks, struct phys *phys, uint8_t *code_pages);

/* All that is remembered of blocks may be wrong now. */
void blocks_forget(struct blocks *blocks);

/* What blocks_find() does when it does not remember. */
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

/* Has code been taken from any page of [pa, pa + len)? All of it is RAM. */
bool blocks_holds_code(const struct blocks *blocks, uint64_t pa, uint64_t len);

#endif
