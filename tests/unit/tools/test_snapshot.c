/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_snapshot.c - what a snapshot says of registers, devices and turns, made up by somebody:
 * refused, or a machine that runs.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/support/random.h"
#include "tests/support/suite.h"
#include "tools/host/host.h"
#include "tools/snapshot/state.h"

#define TRIES 1000u
#define ON 20000u /* instructions */

static struct options options;
static struct machine machine;

static void start(void)
{
    static char *words[] = {"run", "--engine",  "spec",   "--cpus",
                            "2",   "--vms",     "1",      "--rng-seed",
                            "5",   "--console", "virtio", PZ_GUESTS "/t_smp_ipi.elf"};
    const struct board_host boards[1] = {0};
    const struct machine_hosts hosts = {.boards = boards};
    const struct engines_kind *kind;
    struct problem problem;

    ck_assert(!options_read(&options, OPTIONS_RUN, 12, words, &problem));
    ck_assert(!engines_choose("spec", false, &kind, &problem));
    ck_assert_msg(!machine_open(&machine, &options, kind, &hosts, &problem), "%s",
                  problem.text);
}

static void stop(void)
{
    machine_close(&machine);
    options_free(&options);
}

static void run_on(uint64_t count)
{
    for (uint64_t end = vm_retired(machine.vms) + count; vm_retired(machine.vms) < end;)
        if (vmm_stay(&machine.vmm, end - vm_retired(machine.vms)) != VMM_RAN)
            break;
}

/* ---- Numbers anywhere in a document ---- */

static void collect(json_t *value, json_t **numbers, unsigned *count)
{
    const char *key;
    json_t *part;
    size_t i;

    if (json_is_integer(value))
        numbers[(*count)++] = value;
    json_array_foreach(value, i, part) collect(part, numbers, count);
    json_object_foreach(value, key, part) collect(part, numbers, count);
}

static json_int_t strange(struct rng *rng)
{
    switch (rng_below(rng, 5)) {
    case 0: return rng_below(rng, 4);
    case 1: return rng_below(rng, 256);
    case 2: return rng_next(rng);
    case 3: return -1;
    default: return (json_int_t)((uint64_t)rng_next(rng) << 32 | rng_next(rng));
    }
}

START_TEST(made_up_values_are_refused_or_run)
{
    static json_t *numbers[4096];
    struct rng rng = rng_new(1);
    unsigned taken = 0;

    start();
    run_on(200);
    for (unsigned i = 0; i < TRIES; i++) {
        json_t *fields = state_vm(machine.vms), *turn;
        unsigned count = 0;

        collect(fields, numbers, &count);
        ck_assert_uint_gt(count, 100);
        for (unsigned changes = 1 + rng_below(&rng, 3); changes; changes--)
            json_integer_set(numbers[rng_below(&rng, count)], strange(&rng));
        if (state_vm_restore(machine.vms, fields)) {
            turn = state_turn(&machine.vmm, machine.vms);
            count = 0;
            collect(turn, numbers, &count);
            json_integer_set(numbers[rng_below(&rng, count)], strange(&rng));
            if (state_turn_restore(&machine.vmm, machine.vms, turn)) {
                run_on(ON);
                taken++;
            }
            json_decref(turn);
        }
        json_decref(fields);
        stop();
        start();
        run_on(200);
    }
    stop();
    ck_assert_uint_gt(taken, TRIES / 20);
    ck_assert_uint_lt(taken, TRIES);
}
END_TEST

/* ---- One by one ---- */

static bool is_taken(const char *list, unsigned at, const char *part, const char *name,
                     json_int_t value)
{
    json_t *fields = state_vm(machine.vms), *object;
    bool taken;

    object = json_array_get(json_object_get(fields, list), at);
    if (part)
        object = json_object_get(object, part);
    ck_assert_ptr_nonnull(json_object_get(object, name));
    json_array_set_new(json_object_get(object, name), 0, json_integer(value));
    taken = state_vm_restore(machine.vms, fields);
    json_decref(fields);
    fields = NULL;
    return taken;
}

START_TEST(what_no_run_leads_to_is_refused)
{
    start();
    ck_assert(is_taken("harts", 0, NULL, "pc", 0x1000));
    ck_assert(!is_taken("harts", 0, NULL, "pc", 0x1001));
    ck_assert(!is_taken("harts", 0, NULL, "x", 1));
    ck_assert(!is_taken("harts", 0, NULL, "mode", 3));
    ck_assert(!is_taken("harts", 0, NULL, "mode", 256));
    ck_assert(!is_taken("harts", 0, NULL, "sstatus", -1));
    ck_assert(!is_taken("harts", 0, NULL, "stvec", 2));
    ck_assert(!is_taken("harts", 0, NULL, "retired", INT64_MAX));
    ck_assert(!is_taken("board", 0, "state", "power", BOARD_RESTART));
    ck_assert(!is_taken("board", 0, "state", "power", BOARD_OFF)); /* but it runs */
    ck_assert(!is_taken("board", 1, "state", "current", 2));
    ck_assert(!is_taken("board", 5, "state", "state", 3));
    ck_assert(!is_taken("board", 2, "state", "ahead", 300));
    stop();
}
END_TEST

SUITE_MAIN("snapshot", made_up_values_are_refused_or_run, what_no_run_leads_to_is_refused)
