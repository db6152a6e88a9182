/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crowd.c - several VMs on one CPU: their total throughput, the cost of a world switch, the
 * memory cost of a VM, and the cost of many VMs that only sleep.
 */
#include "tools/bench/crowd.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tools/bench/board.h"
#include "tools/bench/system.h"
#include "tools/show/show.h"
#include "vmm/assert.h"

#define SWITCH_SLICE 1000u
#define SWITCH_PAIRS 3u /* for each run asked for: a difference of two needs more */
#define IDLE_NS 500000000ull
#define TICKS_PER_NS (BOARD_TIMEBASE_HZ / 1e9)

/* One machine full of VMs that run the same guest. */
struct crowd {
    struct machine *machine;
    struct board_host *hosts;
    struct options options;
    const char *path;
    uint64_t resident; /* before there was anything */
};

static uint64_t resident_now(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    uint64_t size, pages = 0;

    if (!file)
        return 0;
    if (fscanf(file, "%" SCNu64 " %" SCNu64, &size, &pages) != 2)
        pages = 0;
    fclose(file);
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static enum pz_err crowd_open(struct crowd *crowd, const struct bench_figures_order *order,
                              const struct bench_guest *guest, unsigned vms,
                              struct problem *problem)
{
    struct machine_hosts hosts = {.boards = NULL};

    *crowd = (struct crowd){.path = guest->path, .resident = resident_now()};
    crowd->machine = calloc(1, sizeof *crowd->machine);
    crowd->hosts = calloc(vms, sizeof *crowd->hosts);
    if (!crowd->machine || !crowd->hosts)
        return problem_memory(problem, "many VMs");
    crowd->options = bench_board_options(&crowd->path, vms, order->policy);
    hosts.boards = crowd->hosts;
    return machine_open(crowd->machine, &crowd->options, order->engines[0], &hosts, problem);
}

static void crowd_close(struct crowd *crowd)
{
    if (crowd->machine)
        machine_close(crowd->machine);
    free(crowd->machine);
    free(crowd->hosts);
}

/* Run to the end. Gives host time and instructions, of all together. */
static enum pz_err crowd_run(struct machine *machine, uint64_t *ns, uint64_t *retired,
                             struct problem *problem)
{
    uint64_t start = machine_clock(NULL);

    ASSERT(machine); /* crowd_open() has succeeded */
    while (vmm_run(&machine->vmm, NULL) == VMM_RAN)
        if (machine_clock(NULL) - start > BENCH_RUN_MOST_NS)
            return problem_set(problem, PZ_FAILED, "many VMs did not end in time");
    *ns = machine_clock(NULL) - start;
    *retired = 0;
    for (unsigned i = 0; i < machine->count; i++)
        *retired += vm_retired(&machine->vms[i]);
    if (!report_all_well(machine))
        return problem_set(problem, PZ_FAILED, "one of many VMs failed");
    return PZ_OK;
}

/* Memory that the monitor accounts for: the VMs' machine pages, and its own records of them. */
static uint64_t accounted(const struct machine *machine)
{
    uint64_t bytes = 0;

    for (unsigned i = 0; i < machine->count; i++)
        bytes +=
            sizeof(struct vm) + (uint64_t)PAGE_SIZE * machine_pages(machine, i, PAGE_KINDS);
    return bytes;
}

static enum pz_err throughput_once(struct bench_crowd *figure, const struct bench_guest *guest,
                                   const struct bench_figures_order *order,
                                   struct problem *problem)
{
    uint64_t ns = 1, retired = 0, resident;
    struct crowd crowd;
    enum pz_err err = crowd_open(&crowd, order, guest, figure->vms, problem);

    if (!err)
        err = crowd_run(crowd.machine, &ns, &retired, problem);
    resident = resident_now();
    figure->resident = resident > crowd.resident ? resident - crowd.resident : 0;
    figure->accounted = accounted(crowd.machine);
    samples_add(&figure->mips, (double)retired * 1e3 / (double)ns);
    crowd_close(&crowd);
    return err;
}

/* How often in all, so that one measurement takes about `target_ns`. */
static enum pz_err choose_total(struct bench_guest *guest,
                                const struct bench_figures_order *order, uint32_t *total,
                                struct problem *problem)
{
    const struct bench_system system = {
        .kind = BENCH_VIRTUAL, .engine = order->engines[0], .policy = order->policy};
    const struct bench_order once = {.guest = guest};
    struct bench_run run;
    double count;
    enum pz_err err = bench_guest_set(guest, 20, problem);

    if (!err)
        err = bench_system_run(&system, &once, &run, problem);
    if (err)
        return err;
    count = 20.0 * (double)order->target_ns / (double)run.marks.ns[BENCH_WORK];
    *total = count < order->most_vms ? order->most_vms : (uint32_t)count;
    return PZ_OK;
}

/* The same work in all, shared among 1, 2, 4... VMs; one after the other, several times. */
static enum pz_err measure_throughput(struct bench_figures *figures, struct bench_guest *guest,
                                      uint32_t total, const struct bench_figures_order *order,
                                      struct problem *problem)
{
    enum pz_err err = PZ_OK;

    for (unsigned vms = 1; vms <= order->most_vms && figures->crowds_count < BENCH_CROWDS;
         vms *= 2)
        figures->crowds[figures->crowds_count++].vms = vms;
    for (unsigned run = 0; run < order->runs; run++)
        for (unsigned i = 0; !err && i < figures->crowds_count; i++) {
            err = bench_guest_set(guest, total / figures->crowds[i].vms, problem);
            if (!err)
                err = throughput_once(&figures->crowds[i], guest, order, problem);
        }
    for (unsigned i = 0; i < figures->crowds_count; i++)
        samples_sort(&figures->crowds[i].mips);
    return err;
}

/* Nanoseconds and switches for the same work by `vms` VMs in short slices. */
static enum pz_err in_slices(struct bench_guest *guest, const struct bench_figures_order *order,
                             unsigned vms, uint32_t total, double *ns_per_insn,
                             double *insns_per_switch, struct problem *problem)
{
    uint64_t ns = 0, retired = 1;
    struct crowd crowd;
    enum pz_err err = bench_guest_set(guest, total / vms, problem);

    if (err)
        return err;
    err = crowd_open(&crowd, order, guest, vms, problem);
    if (!err) {
        crowd.machine->vmm.slice = SWITCH_SLICE;
        err = crowd_run(crowd.machine, &ns, &retired, problem);
        *ns_per_insn = (double)ns / (double)retired;
        *insns_per_switch = (double)retired / (double)crowd.machine->vmm.switches;
    }
    crowd_close(&crowd);
    return err;
}

/* Slices end as often with one VM as with two; what two need more is the switching. */
static enum pz_err measure_switch(struct bench_figures *figures, struct bench_guest *guest,
                                  uint32_t total, const struct bench_figures_order *order,
                                  struct problem *problem)
{
    enum pz_err err = PZ_OK;

    for (unsigned i = 0; !err && i < order->runs * SWITCH_PAIRS; i++) {
        double one = 0, two = 0, apart = 0;

        err = in_slices(guest, order, 1, total, &one, &apart, problem);
        if (!err)
            err = in_slices(guest, order, 2, total, &two, &apart, problem);
        samples_add(&figures->world_switch, (two - one) * apart);
    }
    samples_sort(&figures->world_switch);
    return err;
}

static void note_memory(struct bench_memory *memory, const struct machine *machine)
{
    const uint64_t page = PAGE_SIZE;

    memory->vm_struct = sizeof(struct vm);
    memory->tables = sizeof(struct board_host) + sizeof machine->image_of[0] +
                     sizeof machine->sets[0] + machine->sets[0].tree_len;
    memory->shadow = page * (machine_pages(machine, 0, PAGE_SHADOW_ROOT) +
                             machine_pages(machine, 0, PAGE_SHADOW_LEAF) +
                             machine_pages(machine, 0, PAGE_SHADOW_LINK));
    memory->pmap = page * machine_pages(machine, 0, PAGE_PMAP);
    memory->ram = page * machine_pages(machine, 0, PAGE_GUEST);
}

/* After a guest with eight processes has run. */
static enum pz_err measure_memory(struct bench_figures *figures,
                                  const struct bench_figures_order *order,
                                  struct problem *problem)
{
    struct bench_guest guest;
    struct crowd crowd = {0};
    uint64_t ns, retired;
    enum pz_err err = bench_guest_open(&guest, "switch_8", "", problem);

    if (!err)
        err = crowd_open(&crowd, order, &guest, 1, problem);
    if (!err)
        err = crowd_run(crowd.machine, &ns, &retired, problem);
    if (!err)
        note_memory(&figures->memory, crowd.machine);
    crowd_close(&crowd);
    bench_guest_close(&guest);
    return err;
}

static uint64_t cpu_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* A guest's second lasts a second: between wakes the host sleeps, as `pz run` does. */
static void pace(struct vmm *vmm, struct bench_idle *idle)
{
    uint64_t start, cpu, now;

    vmm->horizon = BOARD_TIMEBASE_HZ / 10; /* time enough to boot and go to sleep */
    while (vmm_run(vmm, NULL) == VMM_RAN)
        ;
    start = machine_clock(NULL);
    cpu = cpu_now();
    for (uint64_t base = vmm->horizon; (now = machine_clock(NULL)) - start < IDLE_NS;) {
        uint64_t wake = vmm_wake_time(vmm), left = start + IDLE_NS - now;
        uint64_t until =
            wake > vmm->horizon ? (uint64_t)((double)(wake - vmm->horizon) / TICKS_PER_NS) : 0;
        struct timespec rest = {.tv_nsec = (long)(until < left ? until : left)};

        nanosleep(&rest, NULL);
        vmm->horizon = base + (uint64_t)((double)(machine_clock(NULL) - start) * TICKS_PER_NS);
        while (vmm_run(vmm, NULL) == VMM_RAN)
            ;
    }
    idle->cpu_ns = cpu_now() - cpu;
    idle->wall_ns = machine_clock(NULL) - start;
}

static enum pz_err measure_idle(struct bench_figures *figures,
                                const struct bench_figures_order *order,
                                struct problem *problem)
{
    struct bench_guest guest;
    struct crowd crowd = {0};
    enum pz_err err = bench_guest_open(&guest, "idle", "", problem);

    if (!err)
        err = crowd_open(&crowd, order, &guest, order->most_vms, problem);
    if (!err) {
        figures->idle.vms = order->most_vms;
        pace(&crowd.machine->vmm, &figures->idle);
    }
    crowd_close(&crowd);
    bench_guest_close(&guest);
    return err;
}

enum pz_err bench_crowd_measure(struct bench_figures *figures,
                                const struct bench_figures_order *order,
                                struct problem *problem)
{
    struct bench_guest guest;
    uint32_t total = 0;
    enum pz_err err = bench_guest_open(&guest, "crc", "", problem);

    if (!err)
        err = choose_total(&guest, order, &total, problem);
    if (!err)
        err = measure_throughput(figures, &guest, total, order, problem);
    if (!err)
        err = measure_switch(figures, &guest, total, order, problem);
    bench_guest_close(&guest);
    if (!err)
        err = measure_memory(figures, order, problem);
    return err ? err : measure_idle(figures, order, problem);
}
