/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bare.h - a guest on the board with no monitor under it: a real supervisor mode, flat memory,
 * the same devices and firmware as in every VM. The baseline for every comparison.
 */
#ifndef PZ_VMM_BOARD_BARE_H
#define PZ_VMM_BOARD_BARE_H

#include "isa/engine/engine.h"
#include "isa/variant.h"
#include "vmm/board/board.h"

struct bare {
    struct hart hart;               /* the current hart */
    struct hart others[HARTS_MOST]; /* the other harts, by number */
    struct board board;
    struct phys phys;      /* the engine's RAM, and the board's devices */
    struct engine *engine; /* one with ENGINE_NATIVE; not owned */
    struct variant_cpu variant;
};

/* A board over the engine's RAM. `bare` must not move afterwards. */
void bare_init(struct bare *bare, struct engine *engine, const struct board_host *host);

/* Give the CPU this set of variants (variant.h). */
void bare_set_variants(struct bare *bare, uint32_t set);

/* Boot: hart 0 enters a kernel that is in RAM already, as is the device tree. */
void bare_boot(struct bare *bare, uint32_t entry, uint32_t dtb);

/* Instructions that all harts have retired. */
static inline uint64_t bare_retired(const struct bare *bare)
{
    return harts_retired(&bare->board.harts, &bare->hart);
}

/* The registers of a hart. */
static inline const struct hart *bare_hart(const struct bare *bare, unsigned id)
{
    return id == bare->board.harts.current ? &bare->hart : &bare->others[id];
}

/*
 * Run until `limit` instructions have retired since boot, or the board is powered off. Returns
 * board.power.
 */
enum board_power bare_run(struct bare *bare, uint64_t limit);

/* As bare_run(), but also stop after the next trap has been delivered. */
enum board_power bare_run_to_trap(struct bare *bare, uint64_t limit);

#endif
