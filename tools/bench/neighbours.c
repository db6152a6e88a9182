/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * neighbours.c - a VM that computes, beside one that does its worst, with equal shares. What it
 * gets in a window is compared with half of what the window has. Windows are measured in two ways:
 *
 *     priced  retired instructions, and SCHED_EXIT_PRICE for each exit: the same in every run
 *     host    host time: what it retires there, against half of what it does alone; not with
 *             --quick. And of that, its time: with --charge host, what its turns miss of half of
 *             the time. The rest is what its own instructions take longer, as by cold caches
 */
#include "tools/bench/neighbours.h"

#include <stdlib.h>

#include "tools/bench/board.h"
#include "tools/bench/image.h"
#include "vmm/sched.h"

#define VICTIM "sha256"
#define SLICE 10000u
#define WINDOW 6000000u /* priced */
#define WINDOWS 5u
#define LONGER 20u
#define HOST_NS 400000000u

static const struct neighbour {
    const char *guest, *does;
    /*
     * How often it does it, and how many windows go by until it does: kernels of nano workloads run
     * an empty loop before. So much is enough for --quick, else it is LONGER; 0: without end.
     */
    uint32_t count;
    unsigned windows;
    uint32_t ops; /* of its device in a second of its time; 0: as many as it makes */
    bool net; /* its device is a network card, else a disk; the victim's is on its network */
} neighbours[] = {
    {"sieve", "computes", 0, 1, 0, false},
    {"csr", "exits: a CSR loop", 5000000, 5, 0, false},
    {"churn", "changes its page tables", 0, 1, 0, false},
    {"fork", "forks and execs", 0, 1, 0, false},
    {"console", "prints", 0, 1, 0, false},
    {"disk_4k", "uses its disk", 500000, 1, 0, false},
    {"disk_4k", "the same, --disk-ops 1000", 500000, 1, 1000, false},
    {"net", "floods its network", 500000, 1, 0, true},
    {"net", "floods it, --net-ops 1000", 500000, 1, 1000, true},
};
#define NEIGHBOURS (sizeof neighbours / sizeof neighbours[0])

/* Lost, as a part of what it is entitled to. */
struct loss {
    double priced; /* in the worst of the windows */
    double host;
    double
        time; /* of that: what it does not get of the host's time, whatever it does with it */
};

struct pair {
    const struct engines_kind *engine;
    struct bench_guest victim, other;
    struct bench_image image;
    unsigned windows;
    uint32_t ops; /* of the other's */
    bool net;
    double alone; /* instructions of the victim per ns */
};

/* By the host's clock. */
struct host_part {
    double rate; /* instructions of the victim per ns */
    double time; /* the part of the time that its turns took, and the monitor's work for them */
};

static void ignore(void *owner, const uint8_t *bytes, uint32_t len)
{
    (void)owner, (void)bytes, (void)len;
}

/* Not what other programs of the host take. */
static uint64_t work_clock(void *unused)
{
    (void)unused;
    return machine_work();
}

static uint64_t priced(const struct machine *machine)
{
    uint64_t sum = 0;

    for (unsigned k = 0; k < machine->count; k++)
        sum += vm_retired(&machine->vms[k]) + SCHED_EXIT_PRICE * machine->vms[k].counters.exits;
    return sum;
}

/* One turn. */
static bool run_some(struct machine *machine, struct vm **ran)
{
    return vmm_run(&machine->vmm, ran) == VMM_RAN && vm_alive(&machine->vms[0]) &&
           vm_alive(&machine->vms[machine->count - 1]);
}

static enum pz_err ended(struct problem *problem)
{
    return problem_set(problem, PZ_FAILED, "a guest ended in a measurement");
}

/* The first windows are for booting. */
static enum pz_err measure_priced(struct machine *machine, unsigned first, double *worst,
                                  struct problem *problem)
{
    *worst = -1;
    for (unsigned i = 0; i < first + WINDOWS; i++) {
        uint64_t before = vm_retired(&machine->vms[0]), start = priced(machine);
        double got, due;

        while (priced(machine) - start < WINDOW)
            if (!run_some(machine, NULL))
                return ended(problem);
        got = (double)(vm_retired(&machine->vms[0]) - before);
        due = (double)(priced(machine) - start) / machine->count;
        if (i >= first && 1 - got / due > *worst)
            *worst = 1 - got / due;
    }
    return PZ_OK;
}

static enum pz_err measure_host(struct machine *machine, struct host_part *part,
                                struct problem *problem)
{
    uint64_t before = vm_retired(&machine->vms[0]), start = machine_work(), own = 0;
    uint64_t seen = start, now;

    machine->vmm.slice = VMM_SLICE_DEFAULT;
    for (; seen - start < HOST_NS; seen = now) {
        struct vm *ran = NULL;

        if (!run_some(machine, &ran))
            return ended(problem);
        now = machine_work();
        own += ran == &machine->vms[0] ? now - seen : 0;
    }
    part->rate = (double)(vm_retired(&machine->vms[0]) - before) / (double)(seen - start);
    part->time = (double)own / (double)(seen - start);
    return PZ_OK;
}

/* `vms` 1: the victim alone. `part` may be NULL. */
static enum pz_err run_pair(struct pair *pair, unsigned vms, enum sched_charge charge,
                            double *worst, struct host_part *part, struct problem *problem)
{
    const char *paths[] = {pair->victim.path, pair->other.path};
    struct board_host boards[] = {{.console_out = ignore}, {.console_out = ignore}};
    const struct machine_hosts hosts = {.boards = boards, .vmm.turns = work_clock};
    struct options options = bench_board_options(paths, vms, SHADOW_LAZY);
    struct machine *machine = calloc(1, sizeof *machine);
    struct nets *nets = NULL;
    char disk[64];
    const char *word = disk, *net = "switch=flood";
    enum pz_err err = PZ_OK;

    if (!machine)
        return problem_memory(problem, "two VMs");
    snprintf(disk, sizeof disk, "%s,vm=1", pair->image.path);
    options.kernels.count = vms;
    options.charge = charge;
    options.sets = OPTIONS_BENCH;
    if (bench_image_path(&pair->image) && vms > 1)
        options.disks = (struct words){&word, 1};
    if (pair->net)
        options.nets = (struct words){&net, 1};
    options.rates[pair->net ? RATE_NET_OPS : RATE_DISK_OPS] =
        (struct rates){.at = {0, pair->ops}, .count = 2};
    err = nets_open(&nets, &options, problem);
    for (unsigned k = 0; !err && k < vms; k++)
        boards[k].net = nets_board(nets, k);
    if (!err)
        err = machine_open(machine, &options, pair->engine, &hosts, problem);
    machine->vmm.slice = SLICE;
    if (!err)
        err = measure_priced(machine, pair->windows, worst, problem);
    if (!err && part)
        err = measure_host(machine, part, problem);
    machine_close(machine);
    free(machine);
    nets_close(nets);
    return err;
}

static enum pz_err open_guest(struct bench_guest *guest, const char *name, uint32_t count,
                              struct problem *problem)
{
    enum pz_err err = bench_guest_open(guest, name, "", problem);

    return err ? err : bench_guest_set(guest, count, problem);
}

static enum pz_err measure_one(struct pair *pair, const struct neighbour *neighbour, bool quick,
                               struct loss losses[SCHED_CHARGES], struct problem *problem)
{
    const struct bench_workload workload = {.name = neighbour->guest};
    unsigned longer = quick || !neighbour->count ? 1 : LONGER;
    uint32_t count = neighbour->count ? neighbour->count * longer : UINT32_MAX;
    enum pz_err err = open_guest(&pair->other, neighbour->guest, count, problem);

    pair->windows = neighbour->windows * longer;
    pair->ops = neighbour->ops;
    pair->net = neighbour->net;
    if (!err)
        err = bench_image_make(&pair->image, &workload, problem);
    for (unsigned charge = 0; !err && charge < SCHED_CHARGES; charge++) {
        struct host_part part = {0};

        if (quick && charge == SCHED_CHARGE_HOST)
            continue;
        err = run_pair(pair, 2, (enum sched_charge)charge, &losses[charge].priced,
                       quick ? NULL : &part, problem);
        losses[charge].host = quick ? 0 : 1 - 2 * part.rate / pair->alone;
        losses[charge].time = 1 - 2 * part.time;
    }
    bench_image_remove(&pair->image);
    bench_guest_close(&pair->other);
    return err;
}

static enum pz_err measure(struct pair *pair, const struct options *options,
                           struct loss losses[NEIGHBOURS][SCHED_CHARGES],
                           struct problem *problem)
{
    enum pz_err err = open_guest(&pair->victim, VICTIM, UINT32_MAX, problem);
    struct host_part part = {0};
    double worst;

    if (!err && !options->quick)
        err = run_pair(pair, 1, SCHED_CHARGE_INSNS, &worst, &part, problem);
    pair->alone = part.rate;
    for (unsigned i = 0; !err && i < NEIGHBOURS; i++)
        err = measure_one(pair, &neighbours[i], options->quick, losses[i], problem);
    bench_guest_close(&pair->victim);
    return err;
}

/* ---- Telling ---- */

static void tell(const struct pair *pair, bool quick,
                 struct loss losses[NEIGHBOURS][SCHED_CHARGES])
{
    struct table table;

    printf("what a VM loses by another with the same shares, in %% of what it is entitled to "
           "(engine %s)\n",
           pair->engine->name);
    table_init(&table, quick ? "lrr" : "lrrrrrr");
    table_add(&table, "the other one\tpriced: --charge insns\texits%s",
              quick ? "" : "\thost time: insns\texits\thost\tits time");
    for (unsigned i = 0; i < NEIGHBOURS; i++) {
        const struct loss *of = losses[i];
        char host[64] = "";

        if (!quick)
            snprintf(host, sizeof host, "\t%.1f\t%.1f\t%.1f\t%.2f",
                     100 * of[SCHED_CHARGE_INSNS].host, 100 * of[SCHED_CHARGE_EXITS].host,
                     100 * of[SCHED_CHARGE_HOST].host, 100 * of[SCHED_CHARGE_HOST].time);
        table_add(&table, "%s\t%.2f\t%.2f%s", neighbours[i].does,
                  100 * of[SCHED_CHARGE_INSNS].priced, 100 * of[SCHED_CHARGE_EXITS].priced,
                  host);
    }
    table_print(&table, stdout, 0, 0);
}

static enum pz_err tell_json(const struct pair *pair, bool quick,
                             struct loss losses[NEIGHBOURS][SCHED_CHARGES],
                             struct problem *problem)
{
    json_t *object = json_document("pz-bench-neighbours/1"), *list = json_array();

    json_put_text(object, "engine", pair->engine->name);
    for (unsigned i = 0; i < NEIGHBOURS; i++) {
        const struct loss *of = losses[i];
        json_t *row = json_pack("{s:s,s:s,s:I,s:f,s:f}", "guest", neighbours[i].guest, "does",
                                neighbours[i].does, "disk_ops", (json_int_t)neighbours[i].ops,
                                "priced_insns", of[SCHED_CHARGE_INSNS].priced, "priced_exits",
                                of[SCHED_CHARGE_EXITS].priced);

        if (!quick) {
            json_put(row, "host_insns", json_real(of[SCHED_CHARGE_INSNS].host));
            json_put(row, "host_exits", json_real(of[SCHED_CHARGE_EXITS].host));
            json_put(row, "host_host", json_real(of[SCHED_CHARGE_HOST].host));
            json_put(row, "host_time", json_real(of[SCHED_CHARGE_HOST].time));
        }
        json_array_append_new(list, row);
    }
    json_put(object, "neighbours", list);
    return json_print(object, problem);
}

enum pz_err bench_neighbours(const struct options *options, struct problem *problem)
{
    struct loss losses[NEIGHBOURS][SCHED_CHARGES] = {0};
    struct pair pair = {.victim.fd = -1, .other.fd = -1, .windows = 1};
    enum pz_err err = engines_choose(options->engines, false, &pair.engine, problem);

    if (!err)
        err = measure(&pair, options, losses, problem);
    if (err || options->json)
        return err ? err : tell_json(&pair, options->quick, losses, problem);
    tell(&pair, options->quick, losses);
    return PZ_OK;
}
