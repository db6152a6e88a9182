/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_translate.c - binary translation of guests' kernels: every micro-guest and the mini guest
 * see what they see bare, on every engine that supports it, under every shadow policy; the counts
 * of a run are the same however it is cut or observed; and it saves exactly the exits of the
 * instructions run in place. Single engines: tests/unit/engine/test_engine_in_place.c.
 */
#include <glob.h>
#include <string.h>

#include "tests/support/loops.h"
#include "tests/support/pair.h"
#include "vmm/stops.h"

static const char *const policies[] = {"lazy", "trace", "flush"};

/* What is counted of a run, and how it ended. */
struct bill {
    uint64_t retired, events, exits, emulated, translated, callouts, switches;
};

static struct bill bill_of(const struct pair *pair)
{
    const struct vmm *vmm = &pair->lockstep.machine.vmm;
    const struct vm *vm = &pair->lockstep.machine.vms[0];

    return (struct bill){vm->cpu->hart.retired,
                         vmm->events,
                         vm->counters.exits,
                         vm->counters.emulated,
                         vm->counters.translated,
                         vm->counters.callouts,
                         vmm->switches};
}

/* The same as bare? To the end, and what it came to. */
static struct bill run_pair(const struct engines_kind *kind, const char *guest,
                            const char *words, uint64_t seed)
{
    struct pair *pair = pair_open(kind, guest, words);
    bool same = seed ? pair_run_cut(pair, seed) : pair_run(pair);
    struct bill bill = bill_of(pair);

    ck_assert_msg(same, "%s, %s %s: %s", guest, kind->name, words,
                  pair->lockstep.difference.what);
    pair_close(pair);
    return bill;
}

/* Does the engine translate? Machines fall back on the plain monitor where it cannot. */
static bool can(const struct engines_kind *kind)
{
    struct pair *pair;
    bool able;

    if (kind->missing)
        return false;
    pair = pair_open(kind, "t_probe", "--monitor translate");
    able = pair->lockstep.machine.vms[0].config.monitor == VM_TRANSLATE;
    pair_close(pair);
    return able;
}

/* "x.elf" in `path`, without the ending. */
static void name_of(const char *path, char *name, size_t size)
{
    snprintf(name, size, "%s", strrchr(path, '/') + 1);
    name[strlen(name) - 4] = '\0';
}

/*
 * Each exit that is missing is of an instruction that was translated. But the policy `flush` drops
 * nothing at a satp write that changes nothing, since it does not hear of it.
 */
static bool adds_up(const struct bill *plain, const struct bill *translate, const char *policy)
{
    uint64_t in_place = translate->translated + translate->callouts;
    uint64_t exits = translate->exits + in_place;

    return translate->retired == plain->retired &&
           translate->emulated + in_place == plain->emulated &&
           (strcmp(policy, "flush") ? exits == plain->exits : exits <= plain->exits);
}

static void check_guest(const struct engines_kind *kind, const char *name, const char *policy)
{
    struct bill plain, translate;
    char words[128];

    snprintf(words, sizeof words,
             "--monitor %s --max-insns 2M --slice 1000 --shadow %s --ram-base 0", "plain",
             policy);
    plain = run_pair(kind, name, words, 0);
    snprintf(words, sizeof words,
             "--monitor %s --max-insns 2M --slice 1000 --shadow %s --ram-base 0", "translate",
             policy);
    translate = run_pair(kind, name, words, 0);
    ck_assert_msg(adds_up(&plain, &translate, policy),
                  "%s, %s %s: %llu exits and %llu translated, not %llu exits", name, kind->name,
                  policy, (unsigned long long)translate.exits,
                  (unsigned long long)translate.translated, (unsigned long long)plain.exits);
    ck_assert_uint_eq(plain.callouts, 0);
}

START_TEST(every_micro_guest_is_as_on_the_bare_machine)
{
    const struct engines_kind *kind = &engines_all[_i];
    char name[64];
    glob_t found;

    if (!can(kind))
        return;
    ck_assert(!glob(PZ_GUESTS "/t_*.elf", 0, NULL, &found));
    for (size_t i = 0; i < found.gl_pathc; i++) {
        name_of(found.gl_pathv[i], name, sizeof name);
        /* One guest narrows entries without a fence: only `trace` must do as without a TLB. */
        check_guest(kind, name,
                    strcmp(name, "t_pte_narrow") ? policies[(i + (unsigned)_i) % 3] : "trace");
    }
    globfree(&found);
}
END_TEST

/* An access that keeps faulting costs a few exits, however often it is made. */
START_TEST(an_access_that_keeps_faulting_is_called)
{
    const struct engines_kind *kind = &engines_all[_i];
    const char *const all = "--max-insns 2M --ram-base 0 --shadow";
    struct bill plain, translate;
    char words[128];

    if (!can(kind))
        return;
    for (unsigned k = 0; k < 2; k++) {
        snprintf(words, sizeof words, "--monitor plain %s %s", all, policies[k]);
        plain = run_pair(kind, "t_callouts", words, 0);
        snprintf(words, sizeof words, "--monitor translate %s %s", all, policies[k]);
        translate = run_pair(kind, "t_callouts", words, 0);
        ck_assert(adds_up(&plain, &translate, policies[k]));
        /* Of some 160 accesses of devices; and 51 stores to a table that is watched. */
        ck_assert_uint_eq(translate.callouts, k ? 162 : 116);
    }
}
END_TEST

#define MINI "--monitor translate --slice 20000 "

/* One bill, on whichever engine. */
START_TEST(the_mini_guest_is_as_on_the_bare_machine)
{
    struct bill first = {0}, bill;

    for (unsigned i = 0; i < engines_count; i++) {
        if (!can(&engines_all[i]))
            continue;
        bill = run_pair(&engines_all[i], "mini", MINI "--vms 2 --append cowtest", 0);
        ck_assert_uint_gt(bill.translated, bill.emulated);
        if (!first.retired)
            first = bill;
        ck_assert_mem_eq(&first, &bill, sizeof bill);
    }
}
END_TEST

START_TEST(cuts_change_nothing)
{
    const struct engines_kind *kind = &engines_all[_i];
    struct bill whole, cut;

    if (!can(kind))
        return;
    whole = run_pair(kind, "mini", MINI "--vms 2 --append ls", 0);
    cut = run_pair(kind, "mini", MINI "--vms 2 --append ls", 1 + (uint64_t)_i);
    ck_assert_mem_eq(&whole, &cut, sizeof whole);
}
END_TEST

/* After each exit somebody is asked, who sees each change of a CSR. */
struct onlooker {
    uint64_t asked, changes;
    uint32_t sscratch, sepc;
};

static bool look(void *owner, struct vm *vm)
{
    struct onlooker *onlooker = owner;
    const struct hart *hart = &vm->cpu->hart;

    onlooker->asked++;
    onlooker->changes += hart->sscratch != onlooker->sscratch || hart->sepc != onlooker->sepc;
    onlooker->sscratch = hart->sscratch;
    onlooker->sepc = hart->sepc;
    return false;
}

static uint64_t changes(const struct engines_kind *kind, const char *words, struct bill *bill)
{
    struct pair *pair = pair_open(kind, "mini", words);
    struct onlooker onlooker = {0};
    struct vmm_stops stops = {.exit = look, .owner = &onlooker, .changed = true};

    vmm_heed_stops(&pair->lockstep.machine.vmm, &stops);
    ck_assert(pair_run(pair));
    *bill = bill_of(pair);
    pair_close(pair);
    return onlooker.changes;
}

START_TEST(who_looks_on_sees_each_change_and_changes_nothing)
{
    const struct engines_kind *kind = &engines_all[_i];
    struct bill alone, watched, plain;
    uint64_t seen;

    if (!can(kind))
        return;
    alone = run_pair(kind, "mini", MINI "--append ls", 0);
    seen = changes(kind, MINI "--append ls", &watched);
    ck_assert_mem_eq(&alone, &watched, sizeof alone);
    ck_assert_uint_eq(seen, changes(kind, "--slice 20000 --append ls", &plain));
    ck_assert_uint_eq(plain.exits, watched.exits + watched.translated + watched.callouts);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {every_micro_guest_is_as_on_the_bare_machine, engines_count},
        {an_access_that_keeps_faulting_is_called, engines_count},
        {the_mini_guest_is_as_on_the_bare_machine, 1},
        {cuts_change_nothing, engines_count},
        {who_looks_on_sees_each_change_and_changes_nothing, engines_count},
    };

    return LOOPS_RUN("translate", loops);
}
