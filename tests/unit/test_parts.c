/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_parts.c - monitors with a replaced world switch that forgets a register. What a guest then
 * sees is wrong, and still the same however the run is cut, watched, or taken up again from a
 * checkpoint: or nobody could find the fault with a debugger.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/loops.h"
#include "tests/support/random.h"
#include "tools/machine.h"
#include "tools/statehash.h"
#include "tools/store.h"
#include "vmm/parts.h"

#define VMS 2u
#define FORGOTTEN 15u /* a5: compilers use it all the time */

static void copy_but_one(struct hart *to, const struct hart *from)
{
    uint32_t kept = to->x[FORGOTTEN];

    memcpy(to->x, from->x, sizeof to->x);
    to->x[FORGOTTEN] = kept;
    to->pc = from->pc;
    to->reservation = from->reservation;
}

/* 0: nothing is forgotten; 1: on the way in; 2: on the way out. */
#define WAYS 3
static struct vmm_parts parts;

static void choose_parts(int way)
{
    parts = vmm_parts_own;
    if (way == 1)
        parts.load_world = copy_but_one;
    if (way == 2)
        parts.save_world = copy_but_one;
}

static struct options options;
static struct machine machine;

static void open_machine(const struct vmm_host *host)
{
    static const struct board_host boards[VMS];
    const struct machine_hosts hosts = {*host, boards};
    char *argv[] = {"run",      "--vms", "2",           "--slice", "5000",
                    "--append", "ls",    "--max-insns", "300k",    PZ_GUESTS "/mini.elf"};
    const int argc = sizeof argv / sizeof argv[0];
    const struct engines_kind *kind;
    struct problem problem;

    ck_assert(!options_read(&options, OPTIONS_RUN, argc, argv, &problem));
    options.parts = &parts;
    ck_assert(!engines_choose("spec", false, &kind, &problem));
    ck_assert_msg(!machine_open(&machine, &options, kind, &hosts, &problem), "%s",
                  problem.text);
}

static void close_machine(void)
{
    machine_close(&machine);
    options_free(&options);
}

static uint64_t run_whole(void)
{
    while (vmm_run(&machine.vmm, NULL) == VMM_RAN)
        ;
    return statehash_all(&machine.vmm);
}

static uint64_t whole(void)
{
    const struct vmm_host host = {0};
    uint64_t hash;

    open_machine(&host);
    hash = run_whole();
    close_machine();
    return hash;
}

START_TEST(a_register_is_forgotten)
{
    uint64_t right;

    choose_parts(0);
    right = whole();
    choose_parts(1 + _i);
    ck_assert_uint_ne(whole(), right);
}
END_TEST

static uint64_t run_in_pieces(void)
{
    struct rng rng = rng_new(1);

    while (vmm_step(&machine.vmm, rng_below(&rng, 100), NULL) == VMM_RAN)
        ;
    return statehash_all(&machine.vmm);
}

START_TEST(cuts_change_nothing)
{
    const struct vmm_host host = {0};
    uint64_t hash;

    choose_parts(_i);
    hash = whole();
    open_machine(&host);
    ck_assert_uint_eq(run_in_pieces(), hash);
    close_machine();
}
END_TEST

static bool go_on(void *owner, struct vm *vm)
{
    (void)owner, (void)vm;
    return false;
}

START_TEST(looking_on_changes_nothing)
{
    const struct vmm_host watched = {.insn = go_on};
    uint64_t hash;

    choose_parts(_i);
    hash = whole();
    open_machine(&watched);
    ck_assert_uint_eq(run_whole(), hash);
    close_machine();
}
END_TEST

/* From places all over the run, in the middle of turns and of blocks. */
START_TEST(checkpoints_have_all_of_it)
{
    const struct vmm_host host = {0};
    struct snapshot snapshot;
    struct problem problem;
    struct store store;
    uint64_t hash;

    choose_parts(_i);
    hash = whole();
    ck_assert(!store_open(&store, 64u << 20, &problem));
    open_machine(&host);
    for (unsigned place = 0; place < 8; place++) {
        for (unsigned steps = 0; steps < 200; steps++)
            (void)vmm_step(&machine.vmm, 77, NULL);
        ck_assert(store_take(&store, &machine.vmm, NULL, &snapshot));
        ck_assert_uint_eq(run_whole(), hash);
        store_restore(&store, &machine.vmm, &snapshot);
        ck_assert_uint_eq(run_whole(), hash);
        store_restore(&store, &machine.vmm, &snapshot);
        store_drop(&store, &snapshot);
    }
    close_machine();
    store_close(&store);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {a_register_is_forgotten, WAYS - 1},
        {cuts_change_nothing, WAYS},
        {looking_on_changes_nothing, WAYS},
        {checkpoints_have_all_of_it, WAYS},
    };

    return LOOPS_RUN("parts", loops);
}
