/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figures.h - the figures of `pz bench` that are of no single workload: what a trap costs
 * with and without the monitor, world switches, start-up, memory, many VMs on one CPU. They are
 * taken by start.h, traps.h and crowd.h.
 */
#ifndef PZ_TOOLS_BENCH_FIGURES_H
#define PZ_TOOLS_BENCH_FIGURES_H

#include "tools/base/base.h"
#include "tools/host/host.h"
#include "vmm/vmm.h"

#define BENCH_ENGINES 8u
#define BENCH_CROWDS 9u /* 1, 2, 4 ... 256 VMs */

/* In ns. */
struct bench_trap_figures {
    const struct engines_kind *engine;
    struct samples stop;        /* an ecall stops the engine, it goes on behind it */
    struct samples stop_switch; /* the same, with another root each time */
    struct samples monitor;     /* one exit of the guest `syscall`, through the monitor */
};

struct bench_crowd {
    unsigned vms;
    struct samples mips; /* of all together */
    uint64_t resident;   /* host memory that came with the VMs */
    uint64_t accounted;  /* of it: their RAM, shadows and records; the rest is the engine's */
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
    struct samples world_switch; /* ns */
    struct samples start_pz;     /* ns, a whole process: one instruction of a guest */
    struct samples start_qemu;   /* ns, to the guest's first output */
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

#endif
