/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * diff.h - where two runs part: what diff.c finds, and diff_show.c shows.
 */
#ifndef PZ_TOOLS_RUN_DIFF_H
#define PZ_TOOLS_RUN_DIFF_H

#include "tools/run/playback.h"

#define DIFF_SIDES 2u

/* How two runs of one VM compare. */
enum diff_how {
    DIFF_SAME,
    DIFF_BEGINNING, /* different before the first instruction: kernels, memory, devices */
    DIFF_INSN,      /* the same up to `at`; the next instruction leaves different states */
    DIFF_LATER,     /* the same up to `at`, where no more instructions come that both have */
};

struct diff_vm {
    enum diff_how how;
    uint64_t at;                /* instructions that the VM has retired */
    uint64_t all[DIFF_SIDES];   /* and all VMs of that side together, there */
    uint64_t end[DIFF_SIDES];   /* what it retires up to the end of the run */
    uint64_t state[DIFF_SIDES]; /* a hash of its state there */
};

struct diff {
    const struct options *options;
    struct playback sides[DIFF_SIDES];
    struct diff_vm *vms;
    unsigned count;
    int first;         /* the VM that parts first; -1: the runs are the same */
    uint64_t compared; /* pairs of states */
};

/* Bring both sides to where a VM has retired so much. */
enum pz_err diff_goto(struct diff *diff, unsigned vm, uint64_t retired,
                      struct problem *problem) PZ_MUST_CHECK;

/* Tell it, on standard output. It moves both sides. */
enum pz_err diff_show(struct diff *diff, struct problem *problem) PZ_MUST_CHECK;

#endif
