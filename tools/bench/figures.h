/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figures.h - the figures of `pz bench` that are of no single workload: what a trap costs
 * with and without the monitor, world switches, start-up, memory, many VMs on one CPU.
 */
#ifndef PZ_TOOLS_BENCH_FIGURES_H
#define PZ_TOOLS_BENCH_FIGURES_H

#include "tools/bench/system.h"

#define BENCH_SAMPLES 99u
#define BENCH_ENGINES 8u
#define BENCH_CROWDS 9u /* 1, 2, 4 ... 256 VMs */

/* Several measurements of one thing. */
struct bench_samples {
    unsigned count;
    double at[BENCH_SAMPLES]; /* in order of size, once bench_samples_sort() was called */
};

void bench_samples_add(struct bench_samples *samples, double sample);
void bench_samples_sort(struct bench_samples *samples);
double bench_samples_median(const struct bench_samples *samples); /* 0 for none; sorted */

/* In ns. */
struct bench_trap_figures {
    const struct engines_kind *engine;
    struct bench_samples stop;        /* an ecall stops the engine, it goes on behind it */
    struct bench_samples stop_switch; /* the same, with another root each time */
    struct bench_samples monitor;     /* one exit of the guest `syscall`, through the monitor */
};

struct bench_crowd {
    unsigned vms;
    struct bench_samples mips; /* of all together */
    uint64_t resident;         /* host memory that came with the VMs */
    uint64_t accounted; /* of it: their RAM, shadows and records; the rest is the engine's */
};

struct bench_memory {
    uint64_t vm_struct, tables, shadow, pmap, ram; /* bytes of one VM, after its run */
};

struct bench_idle {
    unsigned vms;
    uint64_t wall_ns, cpu_ns;
};

struct bench_figures {
    unsigned traps_count;
    struct bench_trap_figures traps[BENCH_ENGINES];
    struct bench_samples world_switch; /* ns */
    struct bench_samples start_pz;     /* ns, a whole process: one instruction of a guest */
    struct bench_samples start_qemu;   /* ns, to the guest's first output */
    struct bench_memory memory;
    unsigned crowds_count;
    struct bench_crowd crowds[BENCH_CROWDS];
    struct bench_idle idle;
};

struct bench_figures_order {
    const struct engines_kind *const *engines; /* chosen, the preferred first */
    unsigned engine_count;
    enum shadow_policy policy;
    unsigned runs;
    unsigned most_vms;
    uint64_t target_ns; /* how long one measurement takes, roughly */
    bool qemu;
    void (*progress)(void *owner, const char *what);
    void *owner;
};

enum pz_err bench_figures_measure(struct bench_figures *figures,
                                  const struct bench_figures_order *order,
                                  struct problem *problem) PZ_MUST_CHECK;

/* The parts: traps.c, crowd.c, start.c */
enum pz_err bench_traps_measure(struct bench_figures *figures,
                                const struct bench_figures_order *order,
                                struct problem *problem) PZ_MUST_CHECK;
enum pz_err bench_crowd_measure(struct bench_figures *figures,
                                const struct bench_figures_order *order,
                                struct problem *problem) PZ_MUST_CHECK;
enum pz_err bench_start_measure(struct bench_figures *figures,
                                const struct bench_figures_order *order,
                                struct problem *problem) PZ_MUST_CHECK;

#endif
