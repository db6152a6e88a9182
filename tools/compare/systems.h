/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * systems.h - systems of different designs side by side: what a unit of the common workload
 * (guestos/common) costs in each, and what goes on when a part of it dies. Each figure comes from
 * runs of pz itself.
 */
#ifndef PZ_TOOLS_COMPARE_SYSTEMS_H
#define PZ_TOOLS_COMPARE_SYSTEMS_H

#include "tools/host/host.h"

#define SYSTEMS_MOST 5u
#define SYSTEMS_WORKS 5u
#define SYSTEMS_CRASHES 17u
#define SYSTEMS_TRIALS 6u

/* A system: an image, and how the programs of the workload are run in it. */
struct systems_kind {
    const char *name, *about;
    const char *image;
    const char *before;     /* of a command: what runs it */
    bool vm;                /* under the monitor; else bare */
    const char *crossing;   /* what is counted where its protection is crossed */
    unsigned trusted_lines; /* of the source, that all in it have to trust */
};

/* A program of the workload. */
struct systems_work {
    const char *program, *per; /* a unit of work */
    unsigned low, high;        /* units in the two runs of a measurement */
};

/* One part of one system that is killed. */
struct systems_crash {
    const char *system, *part;
    const char *command; /* what kills it, or runs meanwhile */
    const char *fault;   /* pz's --fault, which kills it; NULL: the command does */
    bool aside;          /* what is tried is not behind the command, but in another VM */
};

/* What is tried afterwards, and what a success prints. */
struct systems_trial {
    const char *name, *prints;
};

extern const struct systems_kind systems_kinds[SYSTEMS_MOST];
extern const struct systems_work systems_works[SYSTEMS_WORKS];
extern const struct systems_crash systems_crashes[SYSTEMS_CRASHES];
extern const struct systems_trial systems_trials[SYSTEMS_TRIALS];

struct systems_count {
    uint64_t instructions_tenths, crossings_tenths; /* for one unit */
};

/* All that was measured. */
struct systems {
    const char *engine; /* NULL: the best */
    struct systems_count counts[SYSTEMS_MOST][SYSTEMS_WORKS];
    uint64_t pages[SYSTEMS_MOST];
    struct samples ns[SYSTEMS_MOST], ratio[SYSTEMS_MOST];
    bool works[SYSTEMS_CRASHES][SYSTEMS_TRIALS]; /* after the crash */
};

/* The verb, with --systems. */
enum pz_err systems_compare(const struct options *options,
                            struct problem *problem) PZ_MUST_CHECK;

/* Fill it; times are measured so often. */
enum pz_err systems_measure(struct systems *systems, uint64_t rounds,
                            struct problem *problem) PZ_MUST_CHECK;

/* Show it. */
void systems_print(const struct systems *systems, bool markdown);
enum pz_err systems_print_json(const struct systems *systems,
                               struct problem *problem) PZ_MUST_CHECK;

#endif
