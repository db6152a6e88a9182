/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scheds.c - a trace, and what each scheduler makes of it: the functions of vmm/sched.h are called
 * as the monitor calls them, for VMs that are nothing but accounts. Three of them always have
 * something to do, one wakes up for a short while now and then, one for longer.
 *
 *     error    what those that are always busy got in a window, against what their shares say: of
 *              the VMs that were ready, at each turn; in turns
 *     latency  from when the one that wakes up is ready to its first turn, in turns
 */
#include "tools/bench/scheds.h"

#include <stdlib.h>

#include "vmm/parts.h"
#include "vmm/sched.h"

#define TURN 1000000u
#define LENGTH (4000ull * TURN)

/* It runs, then waits until the next multiple of `period`. 0: it never waits. */
static const struct demand {
    const char *name;
    uint32_t shares;
    uint64_t runs, period;
} trace[] = {
    {"busy", 100, 0, 0},
    {"busy", 200, 0, 0},
    {"busy", 300, 0, 0},
    {"interactive", 100, TURN / 20, 7 * TURN + TURN / 3},
    {"bursty", 100, 6 * TURN, 40 * TURN + TURN / 7},
};
#define VMS (sizeof trace / sizeof trace[0])
#define INTERACTIVE 3u

static const unsigned windows[] = {20, 200};
#define WINDOWS 2u

struct summary {
    double sum, most;
    unsigned count;
};

struct outcome {
    struct summary error[WINDOWS], latency;
};

struct trial {
    struct vmm vmm;
    struct vm vms[VMS];
    uint64_t left[VMS], wake[VMS]; /* to run before it waits; when it goes on, if paused */
    bool fresh;                    /* the interactive one has not run since it woke up */
    double lag[WINDOWS][VMS];      /* entitled to, but not got, in this window */
    uint64_t ends[WINDOWS];
    struct outcome *outcome;
};

static void note(struct summary *summary, double value)
{
    summary->sum += value;
    summary->most = value > summary->most ? value : summary->most;
    summary->count++;
}

static void open_vm(struct trial *trial, unsigned k)
{
    struct vm *vm = &trial->vms[k];

    vm->vmm = &trial->vmm;
    vm->id = (uint16_t)(k + 1);
    vm->config.shares = trace[k].shares;
    vm->config.limit = UINT64_MAX;
    vm->cpu = &vm->vcpus[0];
    harts_set(&vm->board.harts, 1, HARTS_QUANTUM_DEFAULT);
    trial->vmm.vms[k] = vm;
    trial->left[k] = trace[k].runs;
}

static void begin(struct trial *trial, enum sched_kind kind, struct outcome *outcome)
{
    trial->outcome = outcome;
    trial->vmm.parts = &vmm_parts_own;
    trial->vmm.horizon = VMM_NO_HORIZON;
    trial->vmm.slice = TURN;
    trial->vmm.vm_count = VMS;
    sched_init(&trial->vmm, kind, SCHED_CHARGE_INSNS, 1);
    for (unsigned k = 0; k < VMS; k++)
        open_vm(trial, k);
    for (unsigned w = 0; w < WINDOWS; w++)
        trial->ends[w] = (uint64_t)windows[w] * TURN;
}

static void wake_some(struct trial *trial)
{
    for (unsigned k = 0; k < VMS; k++)
        if (trial->vms[k].paused && trial->wake[k] <= trial->vmm.sched.clock) {
            trial->vms[k].paused = false;
            trial->left[k] = trace[k].runs;
            trial->fresh |= k == INTERACTIVE;
        }
}

/* What each that is ready is entitled to of a turn. */
static void entitle(struct trial *trial, const struct vm *ran, uint64_t cost)
{
    double all = 0;

    for (unsigned k = 0; k < VMS; k++)
        all += trial->vms[k].paused ? 0 : trace[k].shares;
    for (unsigned w = 0; w < WINDOWS; w++)
        for (unsigned k = 0; k < VMS; k++) {
            if (!trial->vms[k].paused)
                trial->lag[w][k] += (double)cost * trace[k].shares / all;
            if (ran == &trial->vms[k])
                trial->lag[w][k] -= (double)cost;
        }
}

static void end_windows(struct trial *trial)
{
    for (unsigned w = 0; w < WINDOWS; w++) {
        if (trial->vmm.sched.clock < trial->ends[w])
            continue;
        trial->ends[w] += (uint64_t)windows[w] * TURN;
        for (unsigned k = 0; k < VMS; k++) {
            double lag = trial->lag[w][k] / TURN;

            if (!trace[k].period)
                note(&trial->outcome->error[w], lag < 0 ? -lag : lag);
            trial->lag[w][k] = 0;
        }
    }
}

static void run_turn(struct trial *trial, struct vm *vm)
{
    unsigned k = (unsigned)(vm - trial->vms);
    bool waits = trace[k].period && trial->left[k] <= TURN;
    uint64_t cost = waits ? trial->left[k] : TURN, now = trial->vmm.sched.clock;

    if (k == INTERACTIVE && trial->fresh) {
        note(&trial->outcome->latency, (double)(now - trial->wake[k]) / TURN);
        trial->fresh = false;
    }
    vm->cpu->hart.retired += cost;
    trial->left[k] -= trace[k].period ? cost : 0;
    entitle(trial, vm, cost);
    sched_charge(vm, cost);
    now += cost;
    vm->paused = waits;
    if (waits)
        trial->wake[k] = now - now % trace[k].period + trace[k].period;
    end_windows(trial);
}

static enum pz_err try_one(enum sched_kind kind, struct outcome *outcome,
                           struct problem *problem)
{
    struct trial *trial = calloc(1, sizeof *trial);

    if (!trial)
        return problem_memory(problem, "the trace");
    for (begin(trial, kind, outcome); trial->vmm.sched.clock < LENGTH;) {
        wake_some(trial);
        run_turn(trial, sched_next(&trial->vmm)); /* some are always busy */
    }
    free(trial);
    return PZ_OK;
}

/* ---- Telling ---- */

static double mean(const struct summary *summary)
{
    return summary->count ? summary->sum / summary->count : 0;
}

static void tell(const struct outcome outcomes[SCHEDS])
{
    struct table table;

    printf("schedulers on one trace of %llu turns: three busy VMs (shares 100, 200, 300), one\n"
           "interactive, one bursty (100 each); in turns\n",
           LENGTH / TURN);
    table_init(&table, "lrrrrrr");
    table_add(&table, "scheduler\terror in %u turns\tworst\tin %u turns\tworst\tlatency\tworst",
              windows[0], windows[1]);
    for (unsigned kind = 0; kind < SCHEDS; kind++) {
        const struct outcome *of = &outcomes[kind];

        table_add(&table, "%s\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f",
                  sched_desc((enum sched_kind)kind)->name, mean(&of->error[0]),
                  of->error[0].most, mean(&of->error[1]), of->error[1].most, mean(&of->latency),
                  of->latency.most);
    }
    table_print(&table, stdout, 0, 0);
}

static json_t *summary_json(const struct summary *summary)
{
    return json_pack("{s:f,s:f,s:i}", "mean", mean(summary), "worst", summary->most, "count",
                     (int)summary->count);
}

static enum pz_err tell_json(const struct outcome outcomes[SCHEDS], struct problem *problem)
{
    json_t *object = json_document("pz-bench-sched/1"), *list = json_array();

    json_put_number(object, "turns", LENGTH / TURN);
    for (unsigned kind = 0; kind < SCHEDS; kind++) {
        json_t *row = json_object(), *errors = json_array();

        json_put_text(row, "scheduler", sched_desc((enum sched_kind)kind)->name);
        for (unsigned w = 0; w < WINDOWS; w++) {
            json_t *error = summary_json(&outcomes[kind].error[w]);

            json_put_number(error, "window", windows[w]);
            json_array_append_new(errors, error);
        }
        json_put(row, "errors", errors);
        json_put(row, "latency", summary_json(&outcomes[kind].latency));
        json_array_append_new(list, row);
    }
    json_put(object, "schedulers", list);
    return json_print(object, problem);
}

enum pz_err bench_scheds(const struct options *options, struct problem *problem)
{
    struct outcome outcomes[SCHEDS] = {0};
    enum pz_err err = PZ_OK;

    for (unsigned kind = 0; !err && kind < SCHEDS; kind++)
        err = try_one((enum sched_kind)kind, &outcomes[kind], problem);
    if (err || options->json)
        return err ? err : tell_json(outcomes, problem);
    tell(outcomes);
    return PZ_OK;
}
