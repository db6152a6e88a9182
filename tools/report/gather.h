/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gather.h - a run brought to its end, in a debugger without points, and what there was on the
 * way: its exits by time, its stacks, the address spaces of its programs. What is left in the
 * machine is there to be looked at until it is closed.
 */
#ifndef PZ_TOOLS_REPORT_GATHER_H
#define PZ_TOOLS_REPORT_GATHER_H

#include "tools/run/run.h"

#define GATHER_INSNS 100000000u /* that a VM runs for, when nothing else is said */

struct gather {
    const char *recording; /* its file; NULL: kernels ran */
    struct options options;
    struct playback playback;
    struct machine *machine;
    struct profile profile;
    struct exits exits;
    uint32_t *user_satps;  /* of each VM: of the program that called the kernel last */
    bool cut;              /* a signal ended it */
    bool diverged;         /* it is not the run that was recorded */
    uint64_t start, shown; /* host time, for the progress */
};

/* Run all of it. To be closed whatever comes back; must not move. */
enum pz_err gather_open(struct gather *gather, const struct options *options,
                        const char *recording, struct problem *problem) PZ_MUST_CHECK;
void gather_close(struct gather *gather);

/* Instructions that all VMs have retired. */
uint64_t gather_retired(const struct gather *gather);

#endif
