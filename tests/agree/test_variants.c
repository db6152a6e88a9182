/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_variants.c - the theorems against experiment. For every variant the verdict claimed in
 * variants.def must be what guests see: where a theorem holds, its monitor cannot be told from
 * the bare machine, and where it fails, the probing guest detects the monitor, by an instruction
 * that the variant changes; under the hybrid monitor, by one in user mode. With hardware assistance
 * no guest detects anything.
 */
#include "isa/variant.h"
#include "tests/support/loops.h"
#include "tests/support/pair.h"

/* Translation needs what the hybrid monitor needs: only user mode is executed directly. */
static const enum vm_monitor monitors[] = {VM_PLAIN, VM_HYBRID, VM_TRANSLATE};
#define MONITORS (sizeof monitors / sizeof monitors[0])

static const char *monitor_name(enum vm_monitor monitor)
{
    return monitor_desc(monitor)->name;
}

/* Does the theorem that is this monitor's hold? */
static bool claimed(const struct variant_desc *desc, enum vm_monitor monitor)
{
    return monitor == VM_PLAIN ? desc->theorem1 : desc->theorem3;
}

static struct pair *open(const struct engines_kind *kind, const char *guest, const char *name,
                         enum vm_monitor monitor, const char *more)
{
    char words[128];

    snprintf(words, sizeof words, "--variant %s --monitor %s %s", name, monitor_name(monitor),
             more);
    return pair_open(kind, guest, words);
}

/* The guest noticed: by what the variant changes, and where the monitor lets the CPU run it. */
static void check_witness(const struct pair *pair, enum variant_id id, enum vm_monitor monitor)
{
    struct lockstep_first first;

    pair_first(pair, &first);
    ck_assert_msg(first.found, "%s", variant_desc(id)->name);
    ck_assert_msg(variant_find(1u << id, first.raw), "%s: 0x%08x", variant_desc(id)->name,
                  first.raw);
    if (monitor != VM_PLAIN)
        ck_assert_int_eq(first.before.mode, HART_USER);
}

static void check(const struct engines_kind *kind, enum variant_id id, enum vm_monitor monitor)
{
    const struct variant_desc *desc = variant_desc(id);
    struct pair *pair = open(kind, "t_probe", desc->name, monitor, "--max-insns 100k");
    bool same = pair_run(pair);

    if (pair->lockstep.machine.vms[0].config.monitor != monitor) {
        pair_close(pair); /* the engine cannot, and the plain monitor serves */
        return;
    }
    ck_assert_msg(same == claimed(desc, monitor), "%s, %s, %s: %s", kind->name, desc->name,
                  monitor_name(monitor),
                  same ? "no difference" : pair->lockstep.difference.what);
    if (!same)
        check_witness(pair, id, monitor);
    pair_close(pair);
}

START_TEST(the_probing_guest_sees_what_the_theorems_say)
{
    const struct engines_kind *kind = &engines_all[_i];

    for (unsigned id = 0; !kind->missing && id < VARIANT_COUNT; id++)
        for (unsigned i = 0; i < MONITORS; i++)
            check(kind, (enum variant_id)id, monitors[i]);
}
END_TEST

/* All of them at once are no worse than the worst; none at all are as PZ32. */
START_TEST(sets_and_none)
{
    const struct engines_kind *kind = &engines_all[_i];
    struct pair *pair;

    if (kind->missing)
        return;
    pair = open(kind, "t_probe", "jrst,popf,cps", VM_HYBRID, "");
    ck_assert_msg(pair_run(pair), "%s", pair->lockstep.difference.what);
    pair_close(pair);
    pair = open(kind, "t_probe", "jrst,popf,cps,lra", VM_HYBRID, "");
    ck_assert(!pair_run(pair));
    check_witness(pair, VARIANT_lra, VM_HYBRID);
    pair_close(pair);
    for (unsigned i = 0; i < MONITORS; i++) {
        char words[32];

        snprintf(words, sizeof words, "--monitor %s", monitor_name(monitors[i]));
        pair = pair_open(kind, "t_probe", words);
        ck_assert_msg(pair_run(pair), "%s", pair->lockstep.difference.what);
        pair_close(pair);
    }
}
END_TEST

/* In its own mode a guest meets its own state, and nobody's else: by one variant or all at once. */
START_TEST(assistance_hides_the_real_machine)
{
    const struct engines_kind *kind = &engines_all[_i];
    static const char all[] = "jrst,popf,smsw,cps,counters,lra,io-probe"; /* has move-sr, too */

    if (kind->missing || !monitor_works(VM_ASSIST, kind->abilities))
        return;
    for (unsigned id = 0; id <= VARIANT_COUNT; id++) {
        const char *name = id < VARIANT_COUNT ? variant_desc((enum variant_id)id)->name : all;
        struct pair *pair = open(kind, "t_probe", name, VM_ASSIST, "--max-insns 100k");

        ck_assert_msg(pair_run(pair), "%s, %s: %s", kind->name, name,
                      pair->lockstep.difference.what);
        pair_close(pair);
    }
}
END_TEST

/*
 * The mini guest is not made to look. Its kernel uses sret and sstatus, its programs nothing of
 * what is changed: so the hybrid monitor is enough for all variants, and the plain one for those
 * that it has no use for.
 */
START_TEST(the_mini_guest_notices_where_its_kernel_is_hit)
{
    const uint32_t hits = VARIANT_BIT(jrst) | VARIANT_BIT(move_sr) | VARIANT_BIT(popf) |
                          VARIANT_BIT(smsw) | VARIANT_BIT(cps);
    const struct engines_kind *kind;
    struct problem problem;

    ck_assert(!engines_choose(NULL, true, &kind, &problem));
    for (unsigned id = 0; id < VARIANT_COUNT; id++)
        for (unsigned i = 0; i < MONITORS; i++) {
            const char *name = variant_desc((enum variant_id)id)->name;
            enum vm_monitor monitor = monitors[i];
            struct pair *pair = open(kind, "mini", name, monitor, "--append ls");
            bool noticed = !pair_run(pair);

            ck_assert_msg(noticed == (monitor == VM_PLAIN && (hits >> id & 1)), "%s, %s", name,
                          monitor_name(monitor));
            if (noticed)
                check_witness(pair, (enum variant_id)id, monitor);
            pair_close(pair);
        }
}
END_TEST

/* However long the run that is searched, it is the same instruction. */
START_TEST(a_long_run_is_searched_in_strides)
{
    struct lockstep_first in_strides, one_by_one;
    struct problem problem;
    struct pair *pair;
    const uint64_t long_run = 5u << 20;

    pair = open(&engines_all[engines_count - 1], "mini", "popf", VM_PLAIN, "--append ls");
    ck_assert(!pair_run(pair));
    pair_first(pair, &one_by_one);
    ck_assert(!lockstep_first(&in_strides, &pair->options, pair->kind, long_run, pair_go_on,
                              NULL, &problem));
    ck_assert(in_strides.found);
    ck_assert(hart_equal(&in_strides.before, &one_by_one.before));
    ck_assert_uint_eq(in_strides.raw, one_by_one.raw);
    pair_close(pair);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {the_probing_guest_sees_what_the_theorems_say, engines_count},
        {sets_and_none, engines_count},
        {assistance_hides_the_real_machine, engines_count},
        {a_long_run_is_searched_in_strides, 1},
        {the_mini_guest_notices_where_its_kernel_is_hit, 1},
    };

    return LOOPS_RUN("variants", loops);
}
