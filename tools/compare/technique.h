/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * technique.h - the ways to run a guest that are compared: bare, bare on an interpreter, and under
 * each monitor of vmm/monitors.def, one that has shadow page tables with each policy for them.
 */
#ifndef PZ_TOOLS_COMPARE_TECHNIQUE_H
#define PZ_TOOLS_COMPARE_TECHNIQUE_H

#include "tools/host/host.h"

#define TECHNIQUES_MOST (2u + VM_MONITORS * SHADOW_POLICIES)
#define TECHNIQUE_NAME 24u

struct technique {
    char name[TECHNIQUE_NAME];       /* "bare", "plain, trace" */
    const char *about;               /* what it is, in standard terms */
    const char *asks;                /* what it requires of a CPU */
    const struct engines_kind *kind; /* the engine that it runs on */
    bool bare;                       /* no monitor; else: */
    enum vm_monitor monitor;
    enum shadow_policy policy;
};

/*
 * All of them; the first is what the others are compared with. `kind` is the engine of all but the
 * interpreter, and of the bare machine if it can run one. Returns how many.
 */
unsigned technique_list(struct technique list[TECHNIQUES_MOST],
                        const struct engines_kind *kind);

#endif
