/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * measure.c - the measurements. For each workload: find the repetition count that gives a run
 * of the wanted length on each system; then run all systems in turn, repeatedly, so that
 * disturbances by the host affect all alike; then once more with timed exits, for the exit
 * table.
 */
#include "tools/bench/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/bench/crowd.h"
#include "tools/bench/image.h"
#include "tools/bench/start.h"
#include "tools/bench/system.h"
#include "tools/bench/traps.h"

#define GROW_MOST 40.0
#define COUNT_MOST 2000000000.0
#define TELL_AFTER_NS 2000000000ull

/* A workload while it is measured. */
struct task {
    struct bench *bench;
    struct bench_row *row;
    struct bench_guest own, virt; /* for PZ32, for QEMU */
    struct bench_image image;
};

static void tell(void *owner, const char *what)
{
    struct bench *bench = owner;

    if (machine_clock(NULL) - bench->started > TELL_AFTER_NS)
        fprintf(stderr, "bench: %s\n", what);
}

static struct bench_guest *guest_of(struct task *task, const struct bench_system *system)
{
    return system->kind == BENCH_QEMU ? &task->virt : &task->own;
}

/* Of one run: ns of the work, the empty loop taken off. */
static double work_ns(const struct bench_run *run)
{
    double ns = (double)run->marks.ns[BENCH_WORK] - (double)run->marks.ns[BENCH_BASE];

    return ns > 0 ? ns : 0;
}

static void note_failure(struct bench_cell *cell, const struct problem *problem)
{
    cell->failed = true;
    snprintf(cell->why, sizeof cell->why, "%.*s", (int)sizeof cell->why - 1, problem->text);
}

/*
 * One run. A failure of the guest or QEMU is recorded in the cell; a host failure stops
 * everything.
 */
static enum pz_err run_cell(struct task *task, unsigned at, bool bill, struct bench_run *run,
                            struct problem *problem)
{
    const struct bench_system *system = &task->bench->systems[at];
    struct bench_cell *cell = &task->row->cells[at];
    const struct bench_order order = {
        .guest = guest_of(task, system), .bill = bill, .disk = bench_image_path(&task->image)};
    enum pz_err err = bench_guest_set(order.guest, cell->count, problem);

    if (!err)
        err = bench_system_run(system, &order, run, problem);
    if (err == PZ_FAILED) {
        note_failure(cell, problem);
        problem->text[0] = '\0';
        return PZ_OK;
    }
    if (!err && !cell->failed)
        memcpy(cell->result, run->marks.result, sizeof cell->result);
    return err;
}

static uint32_t round_up(double count, uint32_t step)
{
    uint64_t whole = count < 1 ? 1 : (uint64_t)(count > COUNT_MOST ? COUNT_MOST : count);

    whole = (whole + step - 1) / step * step;
    return (uint32_t)whole;
}

/* Increasingly long runs, until one is long enough to calibrate from. */
static enum pz_err calibrate(struct task *task, unsigned at, struct problem *problem)
{
    struct bench_cell *cell = &task->row->cells[at];
    uint32_t step = task->row->workload->step;
    double target = (double)task->bench->target_ns, factor = 1;
    struct bench_run run;

    cell->count = round_up(2, step);
    for (;;) {
        enum pz_err err = run_cell(task, at, false, &run, problem);
        double ns = (double)run.marks.ns[BENCH_WORK];

        if (err || cell->failed)
            return err;
        factor = ns > 0 ? target / ns : GROW_MOST;
        if (factor < 8 || cell->count >= COUNT_MOST)
            break;
        cell->count = round_up(cell->count * (factor > GROW_MOST ? GROW_MOST : factor), step);
    }
    cell->count = round_up(cell->count * factor, step);
    return PZ_OK;
}

static enum pz_err sample(struct task *task, unsigned at, struct problem *problem)
{
    struct bench_cell *cell = &task->row->cells[at];
    struct bench_run run;
    enum pz_err err = run_cell(task, at, false, &run, problem);
    uint64_t retired = run.marks.retired[BENCH_WORK];

    if (err || cell->failed)
        return err;
    samples_add(&cell->rounds, work_ns(&run) / cell->count);
    cell->retired = ((double)retired - (double)run.marks.retired[BENCH_BASE]) / cell->count;
    cell->mips = (double)retired * 1e3 / (double)run.marks.ns[BENCH_WORK];
    return PZ_OK;
}

static enum pz_err take_bill(struct task *task, unsigned at, struct problem *problem)
{
    struct bench_cell *cell = &task->row->cells[at];
    struct bench_run run;
    enum pz_err err;

    if (task->bench->systems[at].kind != BENCH_VIRTUAL)
        return PZ_OK;
    err = run_cell(task, at, true, &run, problem);
    if (err || cell->failed)
        return err;
    cell->billed = true;
    cell->bill = run.marks.bill;
    cell->bill_ns = run.marks.ns[BENCH_WORK];
    cell->bill_retired = run.marks.retired[BENCH_WORK];
    return PZ_OK;
}

typedef enum pz_err step(struct task *task, unsigned at, struct problem *problem);

static enum pz_err on_each(struct task *task, step *step, struct problem *problem)
{
    enum pz_err err = PZ_OK;

    for (unsigned i = 0; !err && i < task->bench->system_count; i++) {
        const struct bench_cell *cell = &task->row->cells[i];

        if (cell->planned && !cell->failed)
            err = step(task, i, problem);
    }
    return err;
}

/* All results the same, and none missing? */
static bool compare(struct task *task)
{
    const struct bench_row *row = task->row;
    const char *first = NULL;

    for (unsigned i = 0; i < task->bench->system_count; i++) {
        const struct bench_cell *cell = &row->cells[i];

        if (!cell->planned)
            continue;
        if (cell->failed || (first && strcmp(first, cell->result)))
            return false;
        first = cell->result;
    }
    return true;
}

static enum pz_err open_guests(struct task *task, struct problem *problem)
{
    const char *name = task->row->workload->name;
    enum pz_err err = bench_guest_open(&task->own, name, "", problem);

    task->virt.fd = -1;
    if (!err && task->bench->qemu)
        err = bench_guest_open(&task->virt, name, "-virt", problem);
    return err;
}

static enum pz_err measure_row(struct bench *bench, struct bench_row *row,
                               struct problem *problem)
{
    struct task task = {.bench = bench, .row = row};
    enum pz_err err = open_guests(&task, problem);

    tell(bench, row->workload->name);
    if (!err)
        err = bench_image_make(&task.image, row->workload, problem);
    if (!err)
        err = on_each(&task, calibrate, problem);
    for (unsigned i = 0; !err && i < bench->runs; i++)
        err = on_each(&task, sample, problem);
    if (!err)
        err = on_each(&task, take_bill, problem);
    for (unsigned i = 0; i < bench->system_count; i++) {
        row->cells[i].ns = row->cells[i].rounds;
        samples_sort(&row->cells[i].ns);
    }
    row->equal = compare(&task);
    bench_image_remove(&task.image);
    bench_guest_close(&task.own);
    bench_guest_close(&task.virt);
    return err;
}

static double measure_clock(void)
{
    enum { TIMES = 100000 };
    uint64_t start = machine_clock(NULL);

    for (unsigned i = 0; i < TIMES; i++)
        (void)machine_clock(NULL);
    return (double)(machine_clock(NULL) - start) / TIMES;
}

static enum pz_err take_figures(struct bench_figures *figures,
                                const struct bench_figures_order *order,
                                struct problem *problem)
{
    enum pz_err err;

    memset(figures, 0, sizeof *figures);
    order->progress(order->owner, "start-up");
    err = bench_start_measure(figures, order, problem);
    order->progress(order->owner, "traps");
    if (!err)
        err = bench_traps_measure(figures, order, problem);
    order->progress(order->owner, "many VMs");
    if (!err)
        err = bench_crowd_measure(figures, order, problem);
    return err;
}

static enum pz_err measure_figures(struct bench *bench, struct problem *problem)
{
    unsigned policy = 0;
    struct bench_figures_order order = {
        .engines = bench->engines,
        .engine_count = bench->engine_count,
        .runs = bench->runs,
        .most_vms = bench->quick ? 16 : 256,
        .target_ns = bench->target_ns,
        .qemu = bench->qemu,
        .progress = tell,
        .owner = bench,
    };

    while (policy + 1 < SHADOW_POLICIES && !bench->policies[policy])
        policy++;
    order.policy = (enum shadow_policy)policy;
    return take_figures(&bench->figures, &order, problem);
}

enum pz_err bench_measure(struct bench *bench, struct problem *problem)
{
    enum pz_err err = PZ_OK;
    bool equal = true;

    bench->started = machine_clock(NULL);
    bench->clock_ns = measure_clock();
    for (unsigned i = 0; !err && i < bench->row_count; i++) {
        err = measure_row(bench, &bench->rows[i], problem);
        equal = equal && bench->rows[i].equal;
    }
    if (!err && bench->with_figures)
        err = measure_figures(bench, problem);
    if (!err && !equal)
        err = problem_set(problem, PZ_FAILED, "%s", "");
    return err;
}
