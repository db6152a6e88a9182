/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_classify_assist.c - the classifier with hardware assistance: what leaves non-root mode,
 * theorem 1 for every instruction set, and that faults planted in non-root mode are found.
 */
#include "isa/variant.h"
#include "tests/support/classified.h"
#include "tests/support/engines.h"
#include "tests/support/loops.h"
#include "tests/support/planted.h"
#include "tools/host/engines.h"

static bool has_assistance(const struct engines_kind *kind)
{
    return !kind->missing && (kind->abilities & ENGINE_SECOND_STAGE);
}

static void check_row(struct classify_engine *engine, const struct classify_row *row)
{
    struct classify_result result;

    classify_row_run(&engine->bench, row, &classified_chosen, &result);
    ck_assert_msg(!classify_counters(&result, 1), "%s on %s", row->name, engine->name);
    ck_assert_msg(!(result.kinds & CLASSIFY_SENSITIVE) || !strcmp(row->name, "wfi"),
                  "%s on %s is sensitive", row->name, engine->name);
    classified_check_witnesses(engine, &result);
    classified_check_kinds(&result);
}

/* All rows; or those that a variant changes. */
static void check_engine(const char *name, uint32_t variants)
{
    struct classify_engine engine;
    struct classify_rows rows;
    unsigned checked = 0;

    ck_assert(classify_rows_init(&rows, variants));
    classified_open(&engine, name, true);
    classify_bench_break(&engine.bench, variants);
    for (unsigned i = 0; i < rows.count; i++)
        if (!variants || !rows.list[i].claims) {
            check_row(&engine, &rows.list[i]);
            checked++;
        }
    ck_assert_uint_gt(checked, 0);
    classify_engine_close(&engine);
    classify_rows_fini(&rows);
}

/* Of PZ32, and of every broken instruction set. */
START_TEST(assistance_satisfies_theorem_1)
{
    for (unsigned i = 0; i < engines_count; i++)
        if (has_assistance(&engines_all[i]))
            check_engine(engines_all[i].name, _i ? 1u << (_i - 1) : 0);
}
END_TEST

/* The causes by which a row leaves, of the kernel and of programs. */
START_TEST(what_leaves)
{
    static const struct {
        const char *name;
        uint32_t super, user;
    } leave[] = {
        {"wfi", 1u << CAUSE_VIRTUAL_INSN, 1u << CAUSE_VIRTUAL_INSN},
        {"sret", 0, 1u << CAUSE_VIRTUAL_INSN},
        {"csrrw.satp", 0, 1u << CAUSE_VIRTUAL_INSN},
        {"ecall", 1u << CAUSE_ECALL_VIRTUAL, 0},
        {"ebreak", 0, 0},
        {"csrrs.hgatp", 0, 0},
        {"lw", 1u << CAUSE_LOAD_GUEST_PAGE_FAULT, 1u << CAUSE_LOAD_GUEST_PAGE_FAULT},
        {"sw", 1u << CAUSE_STORE_GUEST_PAGE_FAULT, 1u << CAUSE_STORE_GUEST_PAGE_FAULT},
        {"add", 0, 0},
    };
    struct classify_engine engine;
    struct classify_rows rows;

    ck_assert(classify_rows_init(&rows, 0));
    classified_open(&engine, "spec", true);
    for (unsigned i = 0; i < sizeof leave / sizeof leave[0]; i++) {
        const struct classify_row *row;
        struct classify_result result;
        struct problem problem;

        ck_assert(!classify_rows_find(&rows, leave[i].name, &row, &problem));
        classify_row_run(&engine.bench, row, &classified_chosen, &result);
        ck_assert_msg(result.leaves[HART_SUPERVISOR] == leave[i].super &&
                          result.leaves[HART_USER] == leave[i].user,
                      "%s: 0x%x, 0x%x", leave[i].name, result.leaves[HART_SUPERVISOR],
                      result.leaves[HART_USER]);
    }
    classify_engine_close(&engine);
    classify_rows_fini(&rows);
}
END_TEST

/* Each fault is planted in one row of so many. */
#define ROWS_IN_TURN 7u

static const struct {
    enum planted_fault fault;
    enum classify_kind kind; /* that it has to be found as */
} assisted_faults[] = {
    {PLANTED_VIRTUAL, CLASSIFY_MODE},      {PLANTED_HGATP, CLASSIFY_LOCATION},
    {PLANTED_PHYSICAL, CLASSIFY_LOCATION}, {PLANTED_RAW, CLASSIFY_LOCATION},
    {PLANTED_CLOCK, CLASSIFY_TIME},        {PLANTED_WAIT, CLASSIFY_CONTROL},
    {PLANTED_POKE, CLASSIFY_CONTROL},      {PLANTED_NOTHING, CLASSIFY_MODE},
};
#define ASSISTED_FAULTS (sizeof assisted_faults / sizeof assisted_faults[0])

START_TEST(no_planted_fault_escapes_assistance)
{
    struct classify_engine engine;
    struct classify_rows rows;
    struct planted planted;
    struct classify_bench bench;
    unsigned planted_count = 0;

    ck_assert(classify_rows_init(&rows, 0));
    classified_open(&engine, "spec", true);
    planted_init(&planted, engine.bench.engine);
    planted.assist = true;
    planted.fault = assisted_faults[_i].fault;
    ck_assert(classify_bench_init(&bench, &planted.engine, engine.ram, true));
    for (unsigned i = 0; i < rows.count; i++) {
        struct classify_result result;

        planted.match = rows.list[i].match;
        planted.mask = rows.list[i].mask;
        planted.worked = false;
        if ((i + (unsigned)_i) % ROWS_IN_TURN)
            continue;
        classify_row_run(&bench, &rows.list[i], &classified_chosen, &result);
        if (!planted.worked)
            continue; /* with nothing in place of a trap: it traps in no state */
        ck_assert_msg(result.violations & CLASSIFY_BIT(assisted_faults[_i].kind),
                      "%s: '%s' escapes", rows.list[i].name, planted_name(planted.fault));
        planted_count++;
    }
    ck_assert_uint_gt(planted_count, 5);
    classify_bench_fini(&bench);
    classify_engine_close(&engine);
    classify_rows_fini(&rows);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {assistance_satisfies_theorem_1, VARIANT_COUNT + 1},
        {what_leaves, 1},
        {no_planted_fault_escapes_assistance, ASSISTED_FAULTS},
    };

    return LOOPS_RUN("classify with assistance", loops);
}
