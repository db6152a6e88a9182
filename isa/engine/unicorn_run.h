/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unicorn_run.h - internals of the engine `unicorn`: its state, a run, and dropping code. unicorn.c
 * creates and destroys it, and has the table of its operations.
 */
#ifndef PZ_ISA_ENGINE_UNICORN_RUN_H
#define PZ_ISA_ENGINE_UNICORN_RUN_H

#include "isa/engine/spec.h"
#include "isa/engine/unicorn_blocks.h"
#include "isa/engine/unicorn_cpu.h"

enum stop {
    STOP_NONE,      /* the library stopped of its own accord */
    STOP_SHORT,     /* the next block does not fit into the budget */
    STOP_INTERPRET, /* this CPU must not run the next block */
    STOP_STALE,     /* the same, and its translation must be dropped */
    STOP_ATTEND,    /* FENCE.I ran before the next block */
    STOP_TRAP,      /* cause in `cause` */
};

struct unicorn {
    struct engine engine;
    struct unicorn_cpu cpu;
    struct spec spec; /* the interpreter, on the same RAM */
    struct code code;
    struct blocks blocks;

    bool attend; /* before anything else runs: FENCE.I has, or the CPU is to be renewed */
    uint64_t translated; /* host bytes that translations may have taken, at most */
    uint64_t failures, renewals;
    char version[16];

    /* Of the current run. */
    uint64_t left;     /* of the budget, the current block taken off */
    uint32_t va, size; /* the current block; size 0 before the first */
    uint32_t count;    /* its instructions */
    enum stop stop;
    uint32_t cause;
    uint32_t refused;      /* the block that it stopped before: instructions, */
    uint32_t refused_size; /* and bytes; not 0 */
};

/* The CPU's callbacks; `owner` is the struct unicorn. */
extern const struct unicorn_hooks unicorn_hooks;

/* The engine's operation. */
void unicorn_run(struct engine *engine, struct hart *hart, uint64_t budget,
                 struct engine_exit *exit);

/* Drop all translations of the lines of code that [pa, pa + len) is in; it is RAM. */
void unicorn_forget_code(struct unicorn *unicorn, uint64_t pa, uint64_t len);

#endif
