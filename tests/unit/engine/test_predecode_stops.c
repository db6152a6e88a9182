/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_predecode_stops.c - stops do not cost `predecode` its decoded code: with an empty table of
 * them, while they are ignored, and up to the one that stops, it runs as without any. Only slots
 * at the offset of a stop, and accesses to watched pages, are looked at.
 */
#include <stdlib.h>

#include "isa/engine/engine.h"
#include "isa/engine/predecode.h"
#include "tests/support/encode.h"
#include "tests/support/engines.h"
#include "tests/support/suite.h"

#define RAM (1u << 20)
#define TURNS 100u

enum { A0 = 10 };

static uint8_t *ram;
static void *memory;
static struct predecode *predecode;
static struct hart hart;
static struct engine_stops stops;
static const uint32_t second = 4, other_page = PAGE_SIZE + 4;

static void set_up(void)
{
    ram = ram_new(RAM);
    store_le32(ram, encode_i(INSN_addi, A0, A0, 1));
    store_le32(ram + second, encode_branch(INSN_beq, 0, 0, -4));
    memory = calloc(1, predecode_size(RAM, NULL));
    ck_assert_ptr_nonnull(memory);
    predecode = predecode_init(memory, ram, 0, RAM, NULL);
    stops = (struct engine_stops){0};
    hart = (struct hart){.mode = HART_SUPERVISOR};
}

static void tear_down(void)
{
    free(memory);
    ram_free(ram, RAM);
}

static enum engine_stop run(void)
{
    struct engine_exit exit;

    stops_index(&stops);
    engine_set_stops(&predecode->engine, &stops);
    engine_run(&predecode->engine, &hart, 2 * TURNS, &exit);
    return exit.stop;
}

static bool has_decoded(void)
{
    return predecode->heads[0] != 0;
}

START_TEST(test_empty_table)
{
    set_up();
    ck_assert_int_eq(run(), ENGINE_BUDGET);
    ck_assert_uint_eq(hart.x[A0], TURNS);
    ck_assert(has_decoded());
    tear_down();
}
END_TEST

START_TEST(test_ignored)
{
    set_up();
    stops.at = &second;
    stops.count = 1;
    engine_pass_all(&predecode->engine, true);
    ck_assert_int_eq(run(), ENGINE_BUDGET);
    ck_assert_uint_eq(hart.x[A0], TURNS);
    ck_assert(has_decoded());
    engine_pass_all(&predecode->engine, false);
    ck_assert_int_eq(run(), ENGINE_AT_STOP);
    ck_assert_uint_eq(hart.pc, second);
    tear_down();
}
END_TEST

static unsigned op_at(uint32_t va)
{
    return predecode->codes[predecode->heads[0] - 1].slots[va / 2].op;
}

/* An offset is looked at on every page, and stops on one. */
START_TEST(test_elsewhere)
{
    set_up();
    stops.at = &other_page;
    stops.count = 1;
    ck_assert_int_eq(run(), ENGINE_BUDGET);
    ck_assert_uint_eq(hart.x[A0], TURNS);
    ck_assert_uint_eq(op_at(0), PREDECODE_ROW + INSN_addi);
    ck_assert_uint_eq(op_at(second), PREDECODE_STOP);
    tear_down();
}
END_TEST

/* What was decoded without the stop is decoded again. */
START_TEST(test_change)
{
    set_up();
    ck_assert_int_eq(run(), ENGINE_BUDGET);
    ck_assert_uint_eq(op_at(second), PREDECODE_ROW + INSN_beq);
    stops.at = &second;
    stops.count = 1;
    ck_assert_int_eq(run(), ENGINE_AT_STOP);
    ck_assert_uint_eq(hart.pc, second);
    ck_assert_uint_eq(op_at(second), PREDECODE_STOP);
    ck_assert_uint_eq(op_at(0), PREDECODE_ROW + INSN_addi);
    stops.count = 0;
    ck_assert_int_eq(run(), ENGINE_BUDGET);
    ck_assert_uint_eq(op_at(second), PREDECODE_ROW + INSN_beq);
    tear_down();
}
END_TEST

/* Accesses to other pages are answered by the table; it never holds a watched page. */
START_TEST(test_watch)
{
    static const struct engine_watch watch = {
        .at = 2 * PAGE_SIZE + 8, .len = 4, .loads = true, .stores = true};

    set_up();
    store_le32(ram, encode_i(INSN_lw, A0, A0, 4));
    hart.x[A0] = 3 * PAGE_SIZE;
    store_le32(ram + 3 * PAGE_SIZE + 4, 2 * PAGE_SIZE);
    store_le32(ram + 2 * PAGE_SIZE + 4, 2 * PAGE_SIZE + 4);
    stops.watches = &watch;
    stops.watch_count = 1;
    ck_assert_int_eq(run(), ENGINE_AT_STOP);
    ck_assert_uint_eq(hart.x[A0], 2 * PAGE_SIZE + 4);
    ck_assert_uint_eq(hart.retired, 4);
    ck_assert_uint_eq(predecode_entry(predecode, 3 * PAGE_SIZE)->load, 3 * PAGE_SIZE);
    ck_assert_uint_ne(predecode_entry(predecode, 2 * PAGE_SIZE)->load, 2 * PAGE_SIZE);
    tear_down();
}
END_TEST

SUITE_MAIN("predecode stops", test_empty_table, test_ignored, test_elsewhere, test_change,
           test_watch)
