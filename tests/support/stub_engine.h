/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stub_engine.h - an engine that runs nothing: it retires what it is told to, traps when it is
 * told to, and counts what it is told. For unit tests of those who use an engine.
 */
#ifndef PZ_TESTS_SUPPORT_STUB_ENGINE_H
#define PZ_TESTS_SUPPORT_STUB_ENGINE_H

#include "isa/engine/engine.h"

#define STUB_STEPS 32u

/* A stay on the CPU: `retire` instructions (or the budget, if less), then a trap if it fits. */
struct stub_step {
    uint64_t retire;
    struct trap trap;
};

struct stub {
    struct engine engine;
    struct engine_ops ops;

    /* What the next runs do; after the last each uses up its budget. */
    struct stub_step steps[STUB_STEPS];
    unsigned step_count, next;
    unsigned runs;

    /* What it was told. */
    unsigned spaces, page_drops, root_drops, all_drops, code_changes;
    uint32_t last_root, last_va;
    uint64_t last_pa, changed_bytes;
};

/* RAM at physical 0, of `size` bytes, from ram_new(). */
void stub_init(struct stub *stub, uint64_t size);
void stub_fini(struct stub *stub);

/* Forget what it was told. */
void stub_forget(struct stub *stub);

/* Add a step. */
void stub_then(struct stub *stub, uint64_t retire, uint32_t cause, uint32_t tval);

#endif
