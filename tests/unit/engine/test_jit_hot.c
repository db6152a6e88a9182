/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_jit_hot.c - frequently accessed pages with watched memory: loads and stores of other bytes
 * stay in translated code, those of watched bytes stop, and what is cached for the page is dropped
 * with its mapping and with the stops.
 */
#include "tests/support/suite.h"

#if PZ_HAVE_JIT
#include <string.h>

#include "isa/engine/jit/jit.h"
#include "isa/engine/stops.h"
#include "tests/support/encode.h"
#include "tests/support/engines.h"
#include "tests/support/space.h"

#define RAM (8u << 20)
#define CODE 0x100000u
#define DATA 0x600000u  /* physical */
#define OTHER 0x602000u /* the same */
#define AT 0x400000u    /* virtual */
#define ECALL 0x00000073u
#define TURNS 10000u
#define FEW 200u /* slow accesses until a page is known to be hot, with room */

enum { A0 = 10, A1 = 11, A2 = 12, A3 = 13 };

static uint8_t *ram;
static struct jit *jit;
static struct engine *engine;
static struct space space;
static struct hart hart;
static struct engine_stops stops;
static struct engine_watch watch;

/* a1 turns of an access to a2, whose value, if it is a load, is summed in a0. */
static void loop(uint32_t access)
{
    const uint32_t code[] = {
        access,
        encode_r(INSN_add, A0, A0, A3),
        encode_i(INSN_addi, A1, A1, -1),
        encode_branch(INSN_bne, A1, 0, -12),
        ECALL,
    };

    for (unsigned i = 0; i < sizeof code / sizeof code[0]; i++)
        store_le32(ram + CODE + 4 * i, code[i]);
    engine_code_changed(engine, CODE, sizeof code);
}

static void set_up(void)
{
    struct engine_space where;

    ram = ram_new(RAM);
    ck_assert_int_eq(jit_create(ram, 0, RAM, NULL, &jit), JIT_OK);
    engine = jit_engine(jit);
    space = space_new(ram, 0x1000);
    space_map(&space, CODE, CODE, PTE_USER | PTE_RWX);
    space_map(&space, AT, DATA, PTE_USER | PTE_RWX);
    where = (struct engine_space){.deprivileged = true, .root = space_satp(&space)};
    engine_set_space(engine, &where);
    hart_reset(&hart, CODE);
}

static void tear_down(void)
{
    jit_destroy(jit);
    ram_free(ram, RAM);
}

static void watch_at(uint32_t va)
{
    watch = (struct engine_watch){.at = va, .len = 1, .loads = true, .stores = true};
    stops.watches = &watch;
    stops.watch_count = 1;
    engine_set_stops(engine, &stops);
}

static enum engine_stop run(uint32_t va, uint32_t turns)
{
    struct engine_exit exit;

    hart.pc = CODE;
    hart.x[A0] = 0;
    hart.x[A1] = turns;
    hart.x[A2] = va;
    engine_run(engine, &hart, UINT32_MAX, &exit);
    return exit.stop;
}

/* All loads are of the same value. */
static void ends_with(uint32_t va, uint32_t value)
{
    ck_assert_int_eq(run(va, TURNS), ENGINE_TRAP);
    ck_assert_uint_eq(hart.x[A1], 0);
    ck_assert_uint_eq(hart.x[A0], TURNS * value);
}

static const struct {
    enum insn_id id;
    bool loads;
} accesses[] = {
    {INSN_lw, true},       {INSN_lr_w, true},  {INSN_sw, false},
    {INSN_amoadd_w, true}, {INSN_sc_w, false},
};
#define ACCESSES (sizeof accesses / sizeof accesses[0])

static uint32_t encode(enum insn_id id)
{
    switch (id) {
    case INSN_lw: return encode_i(id, A3, A2, 0);
    case INSN_sw: return encode_store(id, 0, A2, 0);
    default: return encode_r(id, id == INSN_sc_w ? 0 : A3, A2, 0);
    }
}

START_TEST(test_fast_beside_the_watched_bytes)
{
    uint64_t slow;

    set_up();
    loop(encode(accesses[_i].id));
    watch_at(AT + 0x103);
    store_le32(ram + DATA + 0x104, accesses[_i].loads ? 3 : 0);
    hart.x[A3] = 0;
    slow = jit_stats(jit)->slow;
    ends_with(AT + 0x104, accesses[_i].loads ? 3 : 0);
    ck_assert_uint_lt(jit_stats(jit)->slow - slow, FEW);
    ck_assert_int_eq(run(AT + 0x100, TURNS), ENGINE_AT_STOP);
    ck_assert_uint_eq(hart.x[A1], TURNS);
    tear_down();
}
END_TEST

START_TEST(test_other_stops)
{
    set_up();
    loop(encode(accesses[_i].id));
    watch_at(AT);
    (void)run(AT + 0x104, TURNS);
    watch_at(AT + 0x104);
    ck_assert_int_eq(run(AT + 0x104, TURNS), ENGINE_AT_STOP);
    ck_assert_uint_eq(hart.x[A1], TURNS);
    tear_down();
}
END_TEST

static void move_page(uint32_t to)
{
    space_map(&space, AT, to, PTE_USER | PTE_RWX);
    engine_drop_page(engine, space_satp(&space), AT);
}

START_TEST(test_moved_page)
{
    set_up();
    loop(encode(INSN_lw));
    watch_at(AT);
    store_le32(ram + DATA + 8, 3);
    store_le32(ram + OTHER + 8, 5);
    ends_with(AT + 8, 3);
    move_page(OTHER);
    ends_with(AT + 8, 5);
    loop(encode(INSN_sw));
    (void)run(AT + 8, TURNS);
    ck_assert_uint_eq(load_le32(ram + OTHER + 8), 0);
    move_page(DATA);
    (void)run(AT + 8, TURNS);
    ck_assert_uint_eq(load_le32(ram + DATA + 8), 0);
    tear_down();
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("jit_hot");
    TCase *tcase = tcase_create("hot pages");

    tcase_add_loop_test(tcase, test_fast_beside_the_watched_bytes, 0, ACCESSES);
    tcase_add_loop_test(tcase, test_other_stops, 0, ACCESSES);
    tcase_add_test(tcase, test_moved_page);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    SRunner *runner = srunner_create(make_suite());
    int failed;

    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#else

int main(void)
{
    return 77;
}

#endif
