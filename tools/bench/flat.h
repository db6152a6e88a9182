/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flat.h - an engine with nothing under it: memory, and page tables for user mode that
 * stay as they are made. What the engine costs by itself, to compare the monitor with.
 */
#ifndef PZ_TOOLS_BENCH_FLAT_H
#define PZ_TOOLS_BENCH_FLAT_H

#include "tools/host/host.h"

#define BENCH_FLAT_RAM (8ull << 20)

struct bench_flat {
    struct engines_one engine;
    uint8_t *ram;
    uint32_t fresh; /* memory from here on is free, and zero */
};

enum pz_err bench_flat_open(struct bench_flat *flat, const struct engines_kind *kind,
                            struct problem *problem) PZ_MUST_CHECK;
void bench_flat_close(struct bench_flat *flat);

/* A new page table: its satp value. 0: no memory. */
uint32_t bench_flat_root(struct bench_flat *flat);

/*
 * Fresh zeroed memory of `size` bytes at a page-aligned address, with the rights PTE_R, PTE_W,
 * PTE_X that the user shall have. The host's view of it; NULL: no memory.
 */
uint8_t *bench_flat_map(struct bench_flat *flat, uint32_t root, uint32_t va, uint32_t size,
                        uint32_t rights);

/* The next engine_run() is in user mode under this root. */
void bench_flat_enter(struct bench_flat *flat, uint32_t root);

#endif
