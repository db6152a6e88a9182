/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * traps.c - what one trap costs: an engine that stops at an ECALL and goes on behind it,
 * with the same root or with two in turn; and an exit through the whole monitor, which is a
 * quarter of the guest `syscall`'s round (ecall, csrr, csrw, sret).
 */
#include "tools/bench/traps.h"

#include <string.h>

#include "isa/sv32.h"
#include "tools/bench/flat.h"
#include "tools/bench/system.h"

#define CODE_VA 0x10000u
#define ECALL 0x00000073u
#define JUMP_BACK 0xffdff06fu /* j .-4 */
#define EXITS_PER_ROUND 4u
#define LEAST 1000u

struct rig {
    struct bench_flat flat;
    uint32_t roots[2];
    struct hart hart;
};

static enum pz_err rig_open(struct rig *rig, const struct engines_kind *engine,
                            struct problem *problem)
{
    enum pz_err err = bench_flat_open(&rig->flat, engine, problem);

    for (unsigned i = 0; !err && i < 2; i++) {
        uint8_t *code;

        rig->roots[i] = bench_flat_root(&rig->flat);
        code = bench_flat_map(&rig->flat, rig->roots[i], CODE_VA, PAGE_SIZE, PTE_R | PTE_X);
        if (!code)
            return problem_memory(problem, "an engine by itself");
        store_le32(code, ECALL);
        store_le32(code + 4, JUMP_BACK);
    }
    hart_reset(&rig->hart, CODE_VA);
    rig->hart.mode = HART_USER;
    return err;
}

/* Nanoseconds for each of `count` stops; each takes up to two instructions to come to. */
static double stops(struct rig *rig, uint32_t count, bool two_roots)
{
    uint64_t start = machine_clock(NULL);
    struct engine_exit exit;

    bench_flat_enter(&rig->flat, rig->roots[0]);
    for (uint32_t i = 0; i < count; i++) {
        if (two_roots)
            bench_flat_enter(&rig->flat, rig->roots[i & 1]);
        engine_run(rig->flat.engine.engine, &rig->hart, LEAST, &exit);
        rig->hart.pc += 4;
    }
    return (double)(machine_clock(NULL) - start) / count;
}

static uint32_t count_for(double ns_each, uint64_t target_ns)
{
    double count = (double)target_ns / (ns_each > 1 ? ns_each : 1);

    return count < LEAST ? LEAST : count > 1e9 ? 1000000000u : (uint32_t)count;
}

static enum pz_err measure_stops(struct bench_trap_figures *figures, unsigned runs,
                                 uint64_t target_ns, struct problem *problem)
{
    struct rig rig = {0};
    enum pz_err err = rig_open(&rig, figures->engine, problem);

    if (!err) {
        uint32_t count = count_for(stops(&rig, LEAST, true), target_ns);

        for (unsigned i = 0; i < runs; i++) {
            samples_add(&figures->stop, stops(&rig, count, false));
            samples_add(&figures->stop_switch, stops(&rig, count, true));
        }
    }
    bench_flat_close(&rig.flat);
    return err;
}

static enum pz_err round_trip(const struct bench_system *system, struct bench_guest *guest,
                              uint32_t count, double *ns, struct problem *problem)
{
    const struct bench_order order = {.guest = guest};
    struct bench_run run;
    enum pz_err err = bench_guest_set(guest, count, problem);

    if (!err)
        err = bench_system_run(system, &order, &run, problem);
    if (!err)
        *ns = ((double)run.marks.ns[BENCH_WORK] - (double)run.marks.ns[BENCH_BASE]) / count;
    return err;
}

static enum pz_err measure_monitor(struct bench_trap_figures *figures,
                                   const struct bench_figures_order *order,
                                   struct bench_guest *guest, struct problem *problem)
{
    const struct bench_system system = {
        .kind = BENCH_VIRTUAL, .engine = figures->engine, .policy = order->policy};
    double ns = 0;
    enum pz_err err = round_trip(&system, guest, LEAST, &ns, problem);
    uint32_t count = count_for(ns, order->target_ns);

    for (unsigned i = 0; !err && i < order->runs; i++) {
        err = round_trip(&system, guest, count, &ns, problem);
        samples_add(&figures->monitor, ns / EXITS_PER_ROUND);
    }
    return err;
}

enum pz_err bench_traps_measure(struct bench_figures *figures,
                                const struct bench_figures_order *order,
                                struct problem *problem)
{
    struct bench_guest guest;
    enum pz_err err = bench_guest_open(&guest, "syscall", "", problem);

    for (unsigned i = 0; !err && i < order->engine_count && i < BENCH_ENGINES; i++) {
        struct bench_trap_figures *at = &figures->traps[i];

        at->engine = order->engines[i];
        err = measure_stops(at, order->runs, order->target_ns, problem);
        if (!err)
            err = measure_monitor(at, order, &guest, problem);
        samples_sort(&at->stop);
        samples_sort(&at->stop_switch);
        samples_sort(&at->monitor);
        figures->traps_count = i + 1;
    }
    bench_guest_close(&guest);
    return err;
}
