/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_parts.c - monitors with a replaced world switch or SRET that forgets a register. What a
 * guest then sees is wrong, but the same however the run is cut, watched, or continued from a
 * checkpoint: otherwise nobody could find the fault with a debugger.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/loops.h"
#include "tests/support/random.h"
#include "tools/host/host.h"
#include "tools/host/machine.h"
#include "tools/travel/statehash.h"
#include "tools/travel/store.h"
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

/* Forgets s0 at some returns: it counts them. */
static uint64_t returns;

static bool forgetful_sret(struct hart *hart, const struct insn *insn, struct trap *trap)
{
    if (++returns % 25 == 0)
        hart->x[8] = 0;
    return vmm_parts_own.sret(hart, insn, trap);
}

/* Grants each access to what may be read. */
static enum sv32_result blind_two_stage(const struct sv32_space *space, uint32_t va,
                                        enum access access, struct sv32_walk *walk)
{
    (void)access;
    return vmm_parts_own.two_stage(space, va, ACCESS_LOAD, walk);
}

/* In a translation: whoever has to act on the write is not told; and sepc is wrong at times. */
static bool blind_csrrw(struct hart *hart, const struct insn *insn)
{
    uint32_t old = csr_read(hart, (enum csr_id)insn->csr);

    csr_write(hart, (enum csr_id)insn->csr, hart->x[insn->rs1]);
    if (insn->csr == CSR_sepc && hart->retired % 8 == 0)
        hart->sepc += 4;
    if (insn->rd)
        hart->x[insn->rd] = old;
    return true;
}

/*
 * 0: nothing is forgotten; 1: on the way in; 2: on the way out; 3: now and then, by a part that
 * keeps count. Each under either monitor; and last, under assistance, a walk of both stages, and
 * under translation code for CSRRW.
 */
#define WAYS 4
#define FORGETFUL (WAYS * 2)
#define CASES (FORGETFUL + 2)
static struct vmm_parts parts;
static const char *monitor, *engine;

static void choose(int number)
{
    static const char *const monitors[] = {"plain", "hybrid"};
    int way = number < FORGETFUL ? number % WAYS : 0;

    monitor = number < FORGETFUL ? monitors[number / WAYS] : "assist";
    engine = "spec";
    parts = vmm_parts_own;
    if (number == FORGETFUL)
        parts.two_stage = blind_two_stage;
    if (number == FORGETFUL + 1) {
        monitor = "translate";
        parts.csrrw = blind_csrrw;
    }
    if (way == 1)
        parts.load_world = copy_but_one;
    if (way == 2)
        parts.save_world = copy_but_one;
    if (way == 3) {
        parts.sret = forgetful_sret;
        parts.data = &returns;
        parts.data_size = sizeof returns;
    }
}

static struct options options;
static struct machine machine;

static void open_machine(const struct vmm_parts *with, const struct vmm_host *host)
{
    static const struct board_host boards[VMS];
    const struct machine_hosts hosts = {.vmm = *host, .boards = boards};
    char *argv[] = {"run",
                    "--vms",
                    "2",
                    "--slice",
                    "5000",
                    "--append",
                    "ls",
                    "--max-insns",
                    "240k",
                    "--monitor",
                    (char *)(uintptr_t)monitor,
                    PZ_GUESTS "/mini.elf"};
    const int argc = sizeof argv / sizeof argv[0];
    const struct engines_kind *kind;
    struct problem problem;

    returns = 0;
    ck_assert(!options_read(&options, OPTIONS_RUN, argc, argv, &problem));
    options.parts = with;
    ck_assert(!engines_choose(engine, false, &kind, &problem));
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

static uint64_t whole(const struct vmm_parts *with)
{
    const struct vmm_host host = {0};
    uint64_t hash;

    open_machine(with, &host);
    hash = run_whole();
    close_machine();
    return hash;
}

START_TEST(a_register_is_forgotten)
{
    uint64_t right;

    choose(_i);
    right = whole(NULL);
    ck_assert((whole(&parts) == right) == (_i % WAYS == 0 && _i < FORGETFUL));
}
END_TEST

/* The monitor's own parts, called by the table. */
START_TEST(a_table_changes_nothing)
{
    static const char *const monitors[] = {"plain", "hybrid", "translate"};

    for (unsigned i = 0; i < engines_count; i++) {
        choose(0);
        monitor = monitors[_i];
        engine = engines_all[i].name;
        if (!engines_all[i].missing)
            ck_assert_uint_eq(whole(&parts), whole(NULL));
    }
}
END_TEST

static uint64_t run_in_pieces(void)
{
    struct rng rng = rng_new(1);

    while (vmm_step(&machine.vmm, rng_below(&rng, 100), NULL) == VMM_RAN)
        ;
    return statehash_all(&machine.vmm);
}

/* With the sanitizers on, one half of the cases is cut, and the other is looked on at. */
START_TEST(cuts_change_nothing)
{
    const struct vmm_host host = {0};
    uint64_t hash;

    if (PZ_DEBUG && _i % 2)
        return;
    choose(_i);
    hash = whole(&parts);
    open_machine(&parts, &host);
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

    if (PZ_DEBUG && _i % 2 == 0)
        return;
    choose(_i);
    hash = whole(&parts);
    open_machine(&parts, &watched);
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

    choose(_i);
    hash = whole(&parts);
    ck_assert(!store_open(&store, 64u << 20, &problem));
    open_machine(&parts, &host);
    for (unsigned place = 0; place < (PZ_DEBUG ? 1u : 3u); place++) {
        for (unsigned steps = 0; steps < 300; steps++)
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
        {a_register_is_forgotten, CASES},    {a_table_changes_nothing, 3},
        {cuts_change_nothing, CASES},        {looking_on_changes_nothing, CASES},
        {checkpoints_have_all_of_it, CASES},
    };

    return LOOPS_RUN("parts", loops);
}
