/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * program.h - random programs: code, address spaces, registers, and what happens between their
 * runs; deprivileged as under the monitor, or natively in either mode. A program is made from a
 * seed and then is plain data, so that it can be cut down to what matters of it. Running and
 * comparing is compare.c's.
 *
 * Each keeps to what the engines' contract makes exact: no page that may be executed is written,
 * but through the alias mapping and before a FENCE.I; rights are narrowed with a call.
 */
#ifndef PZ_TESTS_SUPPORT_PROGRAM_H
#define PZ_TESTS_SUPPORT_PROGRAM_H

#include "isa/engine/engine.h"
#include "tests/support/space.h"

#define PROGRAM_RAM (8u << 20) /* of which the parts in use are: */
#define PROGRAM_LOW (64 * PAGE_SIZE)
#define PROGRAM_SUPER (4u << 20) /* what the superpage names */
#define PROGRAM_SUPER_USED (16 * PAGE_SIZE)

#define PROGRAM_INSNS 120
#define PROGRAM_RUNS 24
#define PROGRAM_PAGES 8 /* of data, one after the other in virtual memory */
#define CODE_PAGES 4

/* An instruction. A jump's offset is worked out when the program is placed. */
struct item {
    uint32_t raw;
    int16_t target; /* the item that it jumps to, or -1 */
    uint8_t group;  /* not 0: part of a sequence that rewrites code, and ends in FENCE.I */
};

/* How it runs. */
enum world {
    WORLD_DEPRIVILEGED,
    WORLD_USER, /* these two natively: the hart's own mode and CSRs count */
    WORLD_SUPERVISOR,
    WORLD_IN_PLACE, /* deprivileged; in virtual supervisor mode, with ENGINE_IN_PLACE */
    WORLDS,
};

/* Does the program run privileged instructions, rather than be refused them? */
static inline bool world_is_privileged(unsigned world)
{
    return world == WORLD_SUPERVISOR || world == WORLD_IN_PLACE;
}

/* What is done before a run. */
enum event_kind {
    EVENT_NONE,
    EVENT_OTHER_ROOT, /* go to the other of the two address spaces */
    EVENT_NARROW,     /* data page `page` gets `value` as its flags, and is dropped */
    EVENT_WIDEN,      /* data page `page` gets its first rights, and is not dropped */
    EVENT_POKE,       /* item `page` is overwritten with `value`, and that is told */
    EVENT_DROP_ALL,
    EVENT_KINDS,
};

struct run {
    uint8_t event; /* enum event_kind */
    uint8_t page;
    uint8_t resume; /* the item to go on at after a trap */
    uint32_t budget;
    uint32_t value;
};

struct program {
    uint64_t seed;
    uint8_t world;                      /* enum world */
    uint32_t sstatus;                   /* at first, and again after a trap */
    const struct engine_ops *untrapped; /* its encodings are kept out; may be NULL */
    struct item items[PROGRAM_INSNS];
    unsigned count;
    struct run runs[PROGRAM_RUNS];
    unsigned run_count;

    /*
     * It rewrites itself. Then nothing in it jumps to where no item begins, or into the middle of
     * a sequence that rewrites: a store to code without its FENCE.I would prove nothing.
     */
    bool rewrites;

    uint32_t code_va;    /* of the first item */
    uint32_t code_pages; /* va of the first of CODE_PAGES */
    uint32_t code_pa[CODE_PAGES], code_flags[CODE_PAGES];
    bool code_in_super; /* executed from the superpage, which then is not writable */
    uint32_t alias_va;  /* the code pages again, to write to; if it rewrites itself */
    uint32_t data_va;
    uint32_t data_pa[PROGRAM_PAGES], data_flags[PROGRAM_PAGES];
    uint32_t super_va;
    uint32_t x[32];
};

void program_make(struct program *program, uint64_t seed, const struct engine_ops *untrapped);

/* The address and the bits of an item, as placed. */
uint32_t program_address(const struct program *program, unsigned item);
uint32_t program_bits(const struct program *program, unsigned item);

/* Where in physical memory a code address of the program is. */
uint32_t program_code_pa(const struct program *program, uint32_t va);

/* Everything into RAM; makes the two address spaces. */
void program_load(const struct program *program, uint8_t *ram, struct space spaces[2]);

/* The flags that a data page has at first. */
uint32_t program_data_rights(const struct program *program, unsigned page);

#endif
