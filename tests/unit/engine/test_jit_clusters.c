/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_jit_clusters.c - exits close together are served without entering translated code in between
 * (run_system() in isa/engine/jit/run.c): that they are, and that budgets, stops, and loads and
 * stores in between are as exact as without.
 */
#include "tests/support/loops.h"

#if PZ_HAVE_JIT
#include "isa/engine/jit/jit.h"
#include "tests/support/encode.h"
#include "tests/support/engines.h"
#include "tests/support/space.h"

#define RAM (4u << 20)
#define CODE 0x100000u
#define DATA 0x200000u
#define CSRRW 0x14029073u /* csrw sscratch, t0 */
#define LOOP 8u           /* instructions, of which these trap: */
#define TRAPS 4u
#define CLUSTERED 3u /* of these, each but the first follows another */
#define TURNS 50u

static uint8_t *ram;
static struct jit *jit;
static struct engine *engine;
static struct hart hart;
static unsigned calls;
static uint64_t end, most;

/* Deprivileged, where the four trap; or natively, where they run, by the same code. */
static void set_up(bool native)
{
    const uint32_t code[LOOP] = {
        CSRRW,
        CSRRW,
        encode_i(INSN_lw, 6, 10, 0),
        CSRRW,
        encode_store(INSN_sw, 7, 10, 0),
        CSRRW,
        encode_i(INSN_addi, 7, 7, 1),
        encode_jal(0, -4 * (int)(LOOP - 1)),
    };
    struct engine_space where = {.deprivileged = !native};
    struct space space;

    ram = ram_new_shared(RAM);
    ck_assert_int_eq(jit_create(ram, 0, RAM, NULL, &jit), JIT_OK);
    engine = jit_engine(jit);
    space = space_new(ram, 0x1000);
    space_map(&space, CODE, CODE, PTE_USER | PTE_RWX);
    space_map(&space, DATA, DATA, PTE_USER | PTE_RWX);
    where.root = native ? 0 : space_satp(&space);
    engine_set_space(engine, &where);
    for (unsigned i = 0; i < LOOP; i++)
        store_le32(ram + CODE + 4 * i, code[i]);
    hart_reset(&hart, CODE);
    hart.x[10] = DATA;
    calls = 0;
}

static void tear_down(void)
{
    jit_destroy(jit);
    ram_free(ram, RAM);
}

static uint64_t budget_now(void)
{
    return end - hart.retired < most ? end - hart.retired : most;
}

/* Goes on behind the instruction. */
static bool skip(void *owner, const struct trap *trap, const struct insn *insn,
                 uint64_t *budget)
{
    (void)owner, (void)insn;
    ck_assert_uint_eq(trap->cause, CAUSE_ILLEGAL_INSN);
    ck_assert_uint_eq(trap->tval, CSRRW);
    ck_assert_uint_eq(load_le32(ram + hart.pc), CSRRW);
    calls++;
    hart.pc += 4;
    hart.retired++;
    *budget = budget_now();
    return hart.retired < end;
}

static struct engine_exit run(uint64_t count, uint64_t portion)
{
    static const struct engine_handler handler = {.trap = skip};
    struct engine_exit exit;

    end = hart.retired + count;
    most = portion;
    do
        engine_run_handled(engine, &hart, budget_now(), &handler, &exit);
    while (exit.stop == ENGINE_BUDGET && hart.retired < end);
    return exit;
}

/* Each turn's store is of one more; its load is of what the turn before has stored. */
static void check_at(uint64_t retired)
{
    uint64_t loads = (retired + LOOP - 3) / LOOP, stores = (retired + LOOP - 5) / LOOP;

    ck_assert_uint_eq(hart.retired, retired);
    ck_assert_uint_eq(hart.pc, CODE + 4 * (retired % LOOP));
    ck_assert_uint_eq(load_le32(ram + DATA), stores ? stores - 1 : 0);
    ck_assert_uint_eq(hart.x[6], loads > 1 ? loads - 2 : 0);
}

START_TEST(clusters_are_served_at_once)
{
    set_up(false);
    (void)run(TURNS * LOOP, UINT64_MAX);
    check_at(TURNS * LOOP);
    ck_assert_uint_eq(calls, TURNS * TRAPS);
    ck_assert_uint_ge(jit_stats(jit)->clustered, (TURNS - 2) * CLUSTERED);
    tear_down();
}
END_TEST

/* When the code is known: any count, in portions of any length. */
START_TEST(budgets_are_exact)
{
    uint64_t retired = 0;

    set_up(_i);
    for (uint64_t portion = 1; portion < 12; portion++)
        for (uint64_t count = 1; count <= 2 * LOOP; count++) {
            (void)run(count, portion);
            retired += count;
            check_at(retired);
        }
    ck_assert_uint_gt(jit_stats(jit)->clustered, 0);
    tear_down();
}
END_TEST

/* At every instruction of the loop in turn, once it has been passed there. */
START_TEST(stops_are_met)
{
    set_up(false);
    (void)run(TURNS * LOOP, UINT64_MAX);
    for (uint32_t i = 0; i < LOOP; i++) {
        const uint32_t at[] = {CODE + 4 * i};
        struct engine_stops stops = {.at = at, .count = 1};

        stops_index(&stops);
        engine_set_stops(engine, &stops);
        for (unsigned turn = 0; turn < 4; turn++) {
            uint64_t before = hart.retired;
            struct engine_exit exit = run(100 * LOOP, UINT64_MAX);

            ck_assert_int_eq(exit.stop, ENGINE_AT_STOP);
            ck_assert_uint_eq(hart.pc, at[0]);
            ck_assert_uint_le(hart.retired - before, LOOP);
            engine_pass(engine, &hart, false);
        }
        engine_set_stops(engine, NULL);
    }
    tear_down();
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {clusters_are_served_at_once, 1}, {budgets_are_exact, 2}, {stops_are_met, 1}};

    return LOOPS_RUN("jit_clusters", loops);
}

#else
int main(void)
{
    return 77;
}
#endif
