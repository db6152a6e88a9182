/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_hybrid.c - the hybrid monitor on unmodified PZ32: every micro-guest and the mini guest see
 * what they see bare, on every engine, under every shadow policy; a run gives the same result
 * however it is cut; and no instruction of a guest's supervisor mode reaches the CPU.
 */
#include <glob.h>
#include <string.h>

#include "tests/support/loops.h"
#include "tests/support/pair.h"

static const char *const policies[] = {"lazy", "trace", "flush"};

/* "x.elf" in `path`, without the ending. */
static void name_of(const char *path, char *name, size_t size)
{
    snprintf(name, size, "%s", strrchr(path, '/') + 1);
    name[strlen(name) - 4] = '\0';
}

static void check_guest(const struct engines_kind *kind, const char *name, const char *words)
{
    struct pair *pair = pair_open(kind, name, words);
    bool same = pair_run(pair);

    ck_assert_msg(same, "%s, %s %s: %s", name, kind->name, words,
                  pair->lockstep.difference.what);
    pair_close(pair);
}

START_TEST(every_micro_guest_is_as_on_the_bare_machine)
{
    const struct engines_kind *kind = &engines_all[_i];
    char name[64], words[96];
    glob_t found;

    if (kind->missing)
        return;
    ck_assert(!glob(PZ_GUESTS "/t_*.elf", 0, NULL, &found));
    for (size_t i = 0; i < found.gl_pathc; i++) {
        name_of(found.gl_pathv[i], name, sizeof name);
        snprintf(words, sizeof words,
                 "--monitor hybrid --max-insns 2M --slice 1000 --shadow %s --ram-base 0",
                 policies[(i + (unsigned)_i) % 3]);
        check_guest(kind, name, words);
    }
    globfree(&found);
}
END_TEST

START_TEST(the_mini_guest_is_as_on_the_bare_machine)
{
    const struct engines_kind *kind = &engines_all[_i];

    if (!kind->missing)
        check_guest(kind, "mini", "--monitor hybrid --vms 2 --slice 5000 --append cowtest");
}
END_TEST

/* What is counted of a run, and how it ended. */
struct bill {
    uint64_t retired, events, exits, emulated, switches;
};

static struct bill bill_of(const struct pair *pair)
{
    const struct vmm *vmm = &pair->lockstep.machine.vmm;
    const struct vm *vm = &pair->lockstep.machine.vms[0];

    return (struct bill){vm->cpu->hart.retired, vmm->events, vm->counters.exits,
                         vm->counters.emulated, vmm->switches};
}

static struct bill run_cut(const struct engines_kind *kind, uint64_t seed)
{
    struct pair *pair =
        pair_open(kind, "mini", "--monitor hybrid --vms 2 --slice 20000 --append ls");
    bool same = seed ? pair_run_cut(pair, seed) : pair_run(pair);
    struct bill bill = bill_of(pair);

    ck_assert_msg(same, "%s", pair->lockstep.difference.what);
    pair_close(pair);
    return bill;
}

START_TEST(cuts_change_nothing)
{
    const struct engines_kind *kind = &engines_all[_i];
    struct bill whole, cut;

    if (kind->missing)
        return;
    whole = run_cut(kind, 0);
    cut = run_cut(kind, 1 + (uint64_t)_i);
    ck_assert_mem_eq(&whole, &cut, sizeof whole);
}
END_TEST

/* Interpreted: all of the supervisor's, which is what the spec engine would count there. */
START_TEST(only_user_mode_runs_directly)
{
    const struct engines_kind *kind;
    struct problem problem;
    struct pair *pair;
    const struct vm *vm;
    uint64_t user = 0, before;

    ck_assert(!engines_choose("spec", true, &kind, &problem));
    pair = pair_open(kind, "t_probe", "--monitor hybrid");
    vm = &pair->lockstep.machine.vms[0];
    while (vm_alive(vm)) {
        bool in_user = vm->cpu->hart.mode == HART_USER;

        before = vm->cpu->hart.retired;
        (void)vmm_step(&pair->lockstep.machine.vmm, 1, NULL);
        user += in_user ? vm->cpu->hart.retired - before : 0;
    }
    ck_assert_uint_gt(user, 0);
    ck_assert_uint_eq(vm->counters.interpreted, vm->cpu->hart.retired - user);
    pair_close(pair);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {every_micro_guest_is_as_on_the_bare_machine, engines_count},
        {the_mini_guest_is_as_on_the_bare_machine, engines_count},
        {cuts_change_nothing, engines_count},
        {only_user_mode_runs_directly, 1},
    };

    return LOOPS_RUN("hybrid", loops);
}
