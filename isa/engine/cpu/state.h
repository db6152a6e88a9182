/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state.h - what the engine that is the CPU it runs on knows: one struct, for cpu.c and fence.h.
 * What it is for is said in cpu.h.
 */
#ifndef PZ_ISA_ENGINE_CPU_STATE_H
#define PZ_ISA_ENGINE_CPU_STATE_H

#include "isa/engine/cpu/page.h"
#include "isa/engine/engine.h"
#include "isa/nested.h"

#define CPU_WORDS (PAGE_SIZE / 4)

/* What the engine needs of the program that it is part of. */
struct cpu_host {
    void (*alarm)(uint64_t time); /* a timer interrupt when `time` is reached; SBI set_timer */
    uint32_t ticks;               /* instructions that a guest is told for one tick of `time` */
    /*
     * The firmware enters the guest that is described in cpu->page (isa/nested.h), and returns at
     * its trap. NULL: it does not do that; the CPU's own instructions do.
     */
    void (*enter)(void);
    /*
     * The firmware does more, for which it has to be told something before a guest is entered, and
     * of which the rest has to know afterwards. NULL: it does not. Unless it is `for_all`, only for
     * those that may have guests of their own (engine.worlds).
     */
    void (*tell)(struct nested *nested);
    void (*hear)(struct nested *nested);
    bool for_all;
};

/*
 * Guests' roots have address-space identifiers of their own, 1 and up, so that a switch needs no
 * fence; 0 is the monitor's. A CPU that has fewer identifiers makes do with those.
 */
#define CPU_SPACES 64u

/* Decoding takes longer than emulating does, and the same few instructions trap. */
#define CPU_DECODED_BITS 6
#define CPU_DECODED (1u << CPU_DECODED_BITS)

/* Fences that wait: of a page, or of a whole address space. */
#define CPU_FENCES 8u
struct cpu_fence {
    uint32_t va;
    uint8_t asid;
    bool whole;
};

/* What a stay takes besides the guest's own ticks. */
struct cpu_way {
    uint32_t lead; /* ticks from setting the alarm to the guest */
    uint32_t all;  /* from one look at the clock to the other */
};

struct cpu {
    struct engine engine;
    struct cpu_host host;
    uint64_t now;                /* `time` when it was last read */
    uint32_t spent;              /* ticks that a guest ran, in this stay */
    uint32_t left;               /* ticks that it may have */
    struct cpu_way ways[2];      /* into a guest and back: by the trampoline; beside it */
    bool exact;                  /* `time` counts instructions, and so the guest's are known */
    uint64_t alarm;              /* `time` that the timer is set to; 0: none */
    uint32_t spaces[CPU_SPACES]; /* the root that has this identifier; 0: none */
    uint8_t hints[CPU_SPACES];   /* where a root was last found, by its number */
    uint32_t space_count; /* identifiers that the CPU has, the monitor's too; 1: only that */
    uint32_t next_space;  /* which is taken away next */
    uint32_t asid;        /* of the guest that runs */
    struct insn decoded[CPU_DECODED];    /* that have trapped; found by their bits */
    struct trap last;                    /* that ended the stay before this one... */
    uint32_t last_pc;                    /* ...and where */
    struct cpu_fence fences[CPU_FENCES]; /* to be executed before a guest is entered */
    uint32_t fence_count;                /* more than there is room for: everything */
    uint32_t own, in_force; /* satp: of the monitor's own table; of the one that it runs by */
    uint32_t vector;        /* stvec */
    uint32_t first, slots;  /* RAM, in entries of a root */
    bool
        crowded[CPU_SPACES]; /* the guest has something there, in the root of this identifier */
    bool near;               /* the monitor is beside the guest that was entered last */
    bool stale;              /* instruction memory may have changed */
    bool away;      /* a guest's registers are in `save`, or on the CPU, not in its hart */
    uint32_t slot;  /* the trampoline's page among those of the last 4 MiB */
    uint64_t moves; /* how often it has made way */

    uint32_t beside[CPU_BESIDE / 4]; /* the save area, if the monitor is beside the guest */
    uint32_t *save; /* the one in use: this, the trampoline's, or what the firmware is given */

    uint32_t *leaf;     /* where the trampoline is planted now, of the guest's tables... */
    uint32_t displaced; /* ...and what was there */

    /* Pages: addresses are physical, as the monitor maps its memory one to one. */
    uint32_t root[CPU_WORDS] __attribute__((aligned(PAGE_SIZE))); /* the monitor's own table */
    uint32_t window[CPU_WORDS] __attribute__((aligned(PAGE_SIZE))); /* its last 4 MiB */
    uint32_t spare[CPU_WORDS]
        __attribute__((aligned(PAGE_SIZE))); /* for guests without a leaf */
    uint8_t page[PAGE_SIZE]
        __attribute__((aligned(PAGE_SIZE))); /* the trampoline, or shared with the firmware */
};

#endif
