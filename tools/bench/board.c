/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * board.c - runs on our own board: bare on an engine, or under the monitor. Each run has a new
 * machine, with no state or caches from the previous one.
 */
#include "tools/bench/board.h"

#include <stdlib.h>
#include <string.h>

#include "tools/show/show.h"

#define STEP 20000000u /* instructions between looks at the clock */

struct options bench_board_options(const char **path, unsigned vms, enum shadow_policy policy)
{
    return (struct options){
        .vms = vms,
        .mem = BENCH_RAM,
        .max_insns = UINT64_MAX,
        .shadow = policy,
        .kernels = {path, 1},
    };
}

static void console_out(void *owner, const uint8_t *bytes, uint32_t len)
{
    bench_marks_put(owner, (const char *)bytes, len, machine_clock(NULL));
}

static enum pz_err took_too_long(struct problem *problem)
{
    return problem_set(problem, PZ_FAILED, "the guest did not end in time");
}

static enum pz_err run_bare(struct machine_bare *machine, struct problem *problem)
{
    struct bare *bare = &machine->bare;
    uint64_t start = machine_clock(NULL);

    while (bare_run(bare, bare_retired(bare) + STEP) == BOARD_ON)
        if (machine_clock(NULL) - start > BENCH_RUN_MOST_NS)
            return took_too_long(problem);
    if (bare->board.power != BOARD_OFF)
        return problem_set(problem, PZ_FAILED, "the guest ended: %s",
                           board_power_text((enum board_power)bare->board.power));
    return PZ_OK;
}

static enum pz_err bare_once(const struct bench_system *system, const struct options *options,
                             struct bench_run *run, struct problem *problem)
{
    const struct board_host host = {.console_out = console_out, .owner = &run->marks};
    struct machine_bare *machine = calloc(1, sizeof *machine);
    enum pz_err err;

    if (!machine)
        return problem_memory(problem, "the machine");
    err = machine_bare_open(machine, options, system->engine, 0, &host, problem);
    run->marks.hart = &machine->bare.hart;
    if (!err)
        err = run_bare(machine, problem);
    machine_bare_close(machine);
    free(machine);
    run->marks.hart = NULL;
    return err;
}

static enum pz_err run_virtual(struct machine *machine, struct problem *problem)
{
    struct vm *vm = &machine->vms[0];
    uint64_t start = machine_clock(NULL);

    while (vmm_run(&machine->vmm, NULL) == VMM_RAN)
        if (machine_clock(NULL) - start > BENCH_RUN_MOST_NS)
            return took_too_long(problem);
    if (vm->end != VM_OFF)
        return problem_set(problem, PZ_FAILED, "the guest ended: %s",
                           vm_end_text((enum vm_end)vm->end));
    return PZ_OK;
}

static void count_pages(const struct machine *machine, struct bench_run *run)
{
    for (unsigned kind = 0; kind < PAGE_KINDS; kind++)
        run->pages[kind] = machine_pages(machine, 0, (enum page_kind)kind);
}

static enum pz_err virtual_once(const struct bench_system *system,
                                const struct options *options, bool bill, struct bench_run *run,
                                struct problem *problem)
{
    const struct board_host host = {.console_out = console_out, .owner = &run->marks};
    const struct machine_hosts hosts = {.vmm = {.clock = bill ? machine_clock : NULL},
                                        .boards = &host};
    struct machine *machine = calloc(1, sizeof *machine);
    enum pz_err err;

    if (!machine)
        return problem_memory(problem, "the machine");
    err = machine_open(machine, options, system->engine, &hosts, problem);
    if (!err) {
        run->marks.hart = &machine->vms[0].cpu->hart;
        run->marks.counters = &machine->vms[0].counters;
        err = run_virtual(machine, problem);
        count_pages(machine, run);
    }
    machine_close(machine);
    free(machine);
    run->marks.hart = NULL;
    run->marks.counters = NULL;
    return err;
}

enum pz_err bench_board_run(const struct bench_system *system, const struct bench_order *order,
                            struct bench_run *run, struct problem *problem)
{
    const char *path = order->guest->path;
    struct options options = bench_board_options(&path, 1, system->policy);
    const char *disk = order->disk;

    options.monitor = system->monitor;
    options.sets = OPTIONS_BARE | OPTIONS_BENCH; /* the disk is written, bare too */
    if (disk)
        options.disks = (struct words){&disk, 1};

    if (system->kind == BENCH_BARE)
        return bare_once(system, &options, run, problem);
    return virtual_once(system, &options, order->bill, run, problem);
}
