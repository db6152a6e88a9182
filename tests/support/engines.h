/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engines.h - every engine in this build, for tests that hold them all to one contract, and the
 * RAM that each of them runs on.
 */
#ifndef PZ_TESTS_SUPPORT_ENGINES_H
#define PZ_TESTS_SUPPORT_ENGINES_H

#include "isa/engine/engine.h"

/* How to make and end an engine on RAM at physical 0. NULL when it could not be made. */
struct engine_maker {
    const char *name;
    struct engine *(*create)(uint8_t *ram, uint64_t size);
    void (*destroy)(struct engine *engine);
    bool ram_only; /* asks for page tables that name nothing but RAM (unicorn.h) */
};

/* The first is `spec`. */
extern const struct engine_maker engine_makers[];
extern const unsigned engine_maker_count;

/* The same ones set up to be difficult; a row without a name is the end. */
extern const struct engine_maker engine_odd_makers[];

/* Zeroed RAM, taken from the host only as it is touched. Aborts when there is none. */
uint8_t *ram_new(uint64_t size);
/* The same, and it can be mapped twice (isa/engine/jit/ram.c). */
uint8_t *ram_new_shared(uint64_t size);
void ram_free(uint8_t *ram, uint64_t size);

/* Is this an instruction that the engine's CPU fails to trap? */
bool engine_leaves_untrapped(const struct engine *engine, uint32_t raw);

#endif
