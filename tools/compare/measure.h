/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * measure.h - runs a guest under a technique, and records the results.
 */
#ifndef PZ_TOOLS_COMPARE_MEASURE_H
#define PZ_TOOLS_COMPARE_MEASURE_H

#include "tools/compare/technique.h"

/* Could the guest tell where it ran? By comparison with the bare machine at the end of its run. */
enum measure_verdict {
    MEASURE_SAME,   /* console, RAM, registers, instructions and end are the same */
    MEASURE_OUTPUT, /* console and end are; the guest knew, and ran other code (vmm/para.h) */
    MEASURE_DIFFERENT, /* it could */
};

/* The state at the end of a run. */
struct measure_end {
    const char *end; /* "off", "failed": outcome.h */
    uint64_t retired;
    uint64_t ram; /* a hash of all of it */
    struct console_text console;
    unsigned cpus;
    struct hart harts[HARTS_MOST];
};

/* One technique's row. */
struct measure {
    struct technique technique;
    bool served; /* the engine supports it; otherwise nothing below is valid */
    bool untold; /* under `para`: the guest makes no hypercalls, so it is not told of them */
    struct measure_end end;
    enum measure_verdict verdict;
    struct samples ns;    /* CPU time of the host, a sample for each round */
    struct samples ratio; /* relative to the first row's in the same round */

    /* Of a virtual machine */
    struct trace_counters counters;
    uint32_t direct_ppm;
    uint64_t tables; /* bytes: shadow tables, reverse maps, guest-physical to machine */

    /* Lines of the guest's source only for this technique; MEASURE_UNKNOWN: it does not say. */
    uint32_t lines;
};

#define MEASURE_NAME 256u
#define MEASURE_UNKNOWN UINT32_MAX

/* What is compared: one guest. */
struct measure_guest {
    char name[MEASURE_NAME]; /* of its file, and its command line */
    unsigned count;
    struct measure rows[TECHNIQUES_MOST];
};

/* Free what the guest printed. */
void measure_free(struct measure_guest *guest);

/*
 * Run kernel `k` of the options once under each of the guest's techniques, in turn: a round. The
 * first round fills the rows; every round adds a sample to each. PZ_FAILED without a text: a signal
 * has come.
 */
enum pz_err measure_round(struct measure_guest *guest, const struct options *options,
                          unsigned k, struct problem *problem) PZ_MUST_CHECK;

/*
 * Compare the end of a run with the bare machine's. `knows`: the guest was told where it ran, so
 * only its output has to be the same.
 */
enum measure_verdict measure_compare(const struct measure_end *bare,
                                     const struct measure_end *end, bool knows);

/* All rounds are done: compare the ends, and put the samples in order. */
void measure_finish(struct measure_guest *guest);

/* A short word for a verdict: "yes", "output", "NO". */
const char *measure_verdict_word(enum measure_verdict verdict);

#endif
