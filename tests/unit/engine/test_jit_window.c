/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_jit_window.c - code that runs for long accesses memory through windows: it is found, its
 * results and faults stay those of the specification, and pages are in a window no longer than the
 * guest has them, with no more rights.
 */
#include "tests/support/suite.h"

#if PZ_HAVE_JIT
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include <sys/mman.h>

#include "isa/engine/jit/jit.h"
#include "tests/support/encode.h"
#include "tests/support/engines.h"
#include "tests/support/space.h"

#define RAM (8u << 20)
#define CODE 0x100000u
#define DATA 0x600000u  /* physical */
#define OTHER 0x602000u /* the same */
#define AT 0x400000u    /* virtual */
#define ECALL 0x00000073u
#define TURNS 5000000u /* of four instructions: many samples */
#define FEW_TURNS 1000000u

enum { A0 = 10, A1 = 11, A2 = 12, A3 = 13 };

static uint8_t *ram;
static struct jit *jit;
static struct engine *engine;
static struct space space;
static struct hart hart;
static uint32_t start; /* of the code */

static void set_up(uint8_t *memory, const struct jit_options *options)
{
    struct engine_space where;

    ram = memory;
    ck_assert_int_eq(jit_create(ram, 0, RAM, options, &jit), JIT_OK);
    engine = jit_engine(jit);
    space = space_new(ram, 0x1000);
    space_map(&space, CODE, CODE, PTE_USER | PTE_RWX);
    space_map(&space, CODE + PAGE_SIZE, CODE + PAGE_SIZE, PTE_USER | PTE_RWX);
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

/* a1 turns of an access to a2, whose value, if it is a load, is summed in a0. */
static void loop_at(uint32_t at, uint32_t access)
{
    const uint32_t code[] = {
        access,
        encode_r(INSN_add, A0, A0, A3),
        encode_i(INSN_addi, A1, A1, -1),
        encode_branch(INSN_bne, A1, 0, -12),
        ECALL,
    };

    for (unsigned i = 0; i < sizeof code / sizeof code[0]; i++)
        store_le32(ram + at + 4 * i, code[i]);
    engine_code_changed(engine, CODE, 2 * PAGE_SIZE);
    start = at;
}

static void loop(uint32_t access)
{
    loop_at(CODE, access);
}

static struct engine_exit run(uint32_t va, uint32_t turns)
{
    struct engine_exit exit;

    hart.pc = start;
    hart.x[A0] = 0;
    hart.x[A1] = turns;
    hart.x[A2] = va;
    engine_run(engine, &hart, UINT32_MAX, &exit);
    return exit;
}

/* All loads are of the same value. */
static void ends_with(uint32_t va, uint32_t value)
{
    uint64_t before = hart.retired;
    struct engine_exit exit = run(va, TURNS);

    ck_assert_int_eq(exit.stop, ENGINE_TRAP);
    ck_assert_uint_eq(exit.trap.cause, CAUSE_ECALL_USER);
    ck_assert_uint_eq(hart.x[A1], 0);
    ck_assert_uint_eq(hart.x[A0], TURNS * value);
    ck_assert_uint_eq(hart.retired - before, 4ull * TURNS);
}

static void traps_at(uint32_t va, uint32_t cause, uint32_t tval)
{
    uint64_t before = hart.retired;
    struct engine_exit exit = run(va, TURNS);

    ck_assert_int_eq(exit.stop, ENGINE_TRAP);
    ck_assert_uint_eq(exit.trap.cause, cause);
    ck_assert_uint_eq(exit.trap.tval, tval);
    ck_assert_uint_eq(hart.pc, CODE);
    ck_assert_uint_eq(hart.x[A1], TURNS);
    ck_assert_uint_eq(hart.retired, before);
}

/* A load that by now goes through the window. */
static void set_up_load(void)
{
    set_up(ram_new_shared(RAM), NULL);
    loop(encode_i(INSN_lw, A3, A2, 4));
    store_le32(ram + DATA + 4, 3);
    store_le32(ram + OTHER + 4, 5);
    ends_with(AT, 3);
    ck_assert_uint_eq(jit_stats(jit)->windowed, 1);
}

START_TEST(test_what_runs_for_long)
{
    uint64_t slow;

    set_up_load();
    slow = jit_stats(jit)->slow;
    ends_with(AT, 3);
    ck_assert_uint_le(jit_stats(jit)->slow - slow, 1);
    tear_down();
}
END_TEST

/* An instruction that crosses the boundary between pages stays translated. */
START_TEST(test_across_code_pages)
{
    uint64_t slow;

    set_up(ram_new_shared(RAM), NULL);
    loop_at(CODE + PAGE_SIZE - 2, encode_i(INSN_lw, A3, A2, 4));
    store_le32(ram + DATA + 4, 3);
    ends_with(AT, 3);
    ck_assert_uint_ge(jit_stats(jit)->windowed, 1);
    slow = jit_stats(jit)->slow;
    ends_with(AT, 3);
    ck_assert_uint_le(jit_stats(jit)->slow - slow, 2);
    tear_down();
}
END_TEST

/* As a kernel's parts do while it boots: to change what they access memory by would cost more. */
START_TEST(test_what_does_not_run_for_long)
{
    set_up(ram_new_shared(RAM), NULL);
    loop(encode_i(INSN_lw, A3, A2, 4));
    ck_assert_int_eq(run(AT, FEW_TURNS).stop, ENGINE_TRAP);
    ck_assert_uint_eq(jit_stats(jit)->windowed, 0);
    tear_down();
}
END_TEST

/* VMs that compute beside each other: no space has many samples in a row. */
START_TEST(test_spaces_in_turn)
{
    struct engine_space where[2];
    struct engine_exit exit;
    struct space other;

    set_up(ram_new_shared(RAM), NULL);
    loop(encode_i(INSN_lw, A3, A2, 4));
    other = space_new(ram, 0x20000);
    space_map(&other, CODE, CODE, PTE_USER | PTE_RWX);
    space_map(&other, AT, DATA, PTE_USER | PTE_RWX);
    for (unsigned i = 0; i < 2; i++)
        where[i] = (struct engine_space){.deprivileged = true,
                                         .root = space_satp(i ? &other : &space)};
    hart.x[A1] = UINT32_MAX;
    hart.x[A2] = AT;
    for (unsigned turn = 0; turn < 60; turn++) {
        engine_set_space(engine, &where[turn % 2]);
        engine_run(engine, &hart, 1000000, &exit);
        ck_assert_int_eq(exit.stop, ENGINE_BUDGET);
    }
    ck_assert_uint_eq(jit_stats(jit)->windowed, 1);
    ck_assert_uint_eq(hart.retired, 60000000);
    tear_down();
}
END_TEST

/* Memory that is this process's alone cannot be mapped twice, but may be replaced. */
START_TEST(test_private_memory)
{
    const struct jit_options options = {.may_share = _i};
    struct engine_space where;
    void *memory = mmap(NULL, RAM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    ck_assert(memory != MAP_FAILED);
    set_up(memory, &options);
    loop(encode_i(INSN_lw, A3, A2, 4));
    store_le32(ram + DATA + 4, 3);
    ends_with(AT, 3);
    ck_assert_uint_eq(jit_stats(jit)->windowed, (unsigned)_i);
    ck_assert_uint_eq(load_le32(ram + DATA + 4), 3);
    space = space_new(ram, 0x10000);
    space_map(&space, CODE, CODE, PTE_USER | PTE_RWX);
    space_map(&space, AT, OTHER, PTE_USER | PTE_RWX);
    store_le32(ram + OTHER + 4, 5);
    where = (struct engine_space){.deprivileged = true, .root = space_satp(&space)};
    engine_set_space(engine, &where);
    ends_with(AT, 5);
    tear_down();
}
END_TEST

START_TEST(test_page_moves)
{
    set_up_load();
    space_map(&space, AT, OTHER, PTE_USER | PTE_RWX);
    if (_i)
        engine_drop_page(engine, space_satp(&space), AT);
    else
        engine_drop_all(engine);
    ends_with(AT, 5);
    tear_down();
}
END_TEST

START_TEST(test_page_goes)
{
    set_up_load();
    space_map(&space, AT, OTHER, 0);
    engine_drop_page(engine, space_satp(&space), AT);
    traps_at(AT, CAUSE_LOAD_PAGE_FAULT, AT + 4);
    tear_down();
}
END_TEST

/* Misaligned: the first page is in the window, the second is nowhere. */
START_TEST(test_across_the_end)
{
    set_up_load();
    traps_at(AT + PAGE_SIZE - 6, CAUSE_LOAD_PAGE_FAULT, AT + PAGE_SIZE);
    tear_down();
}
END_TEST

/* Below address 0 is the end of the address space. */
START_TEST(test_around_the_end)
{
    set_up_load();
    loop(encode_i(INSN_lw, A3, A2, -4));
    ends_with(AT + 8, 3);
    traps_at(0, CAUSE_LOAD_PAGE_FAULT, UINT32_MAX - 3);
    space_map(&space, UINT32_MAX & ~PAGE_MASK, OTHER, PTE_USER | PTE_RWX);
    store_le32(ram + OTHER + PAGE_SIZE - 4, 7);
    ends_with(0, 7);
    tear_down();
}
END_TEST

START_TEST(test_loads_give_no_right_to_store)
{
    set_up(ram_new_shared(RAM), NULL);
    space_map(&space, AT, DATA, PTE_V | PTE_U | PTE_R | PTE_A);
    space_map(&space, AT + PAGE_SIZE, OTHER, PTE_USER | PTE_RWX);
    loop(encode_i(INSN_lw, A3, A2, 0));
    ends_with(AT, 0);
    loop(encode_store(INSN_sw, A2, A2, 0));
    ends_with(AT + PAGE_SIZE, 0);
    traps_at(AT, CAUSE_STORE_PAGE_FAULT, AT);
    ck_assert_uint_eq(load_le32(ram + DATA), 0);
    tear_down();
}
END_TEST

/* A page that could be written becomes code: a store to it is noticed. */
START_TEST(test_stores_to_code)
{
    const uint32_t other = AT + 0x100;

    set_up(ram_new_shared(RAM), NULL);
    hart.x[A3] = 0;
    loop(encode_store(INSN_sw, 14, A2, 0));
    hart.x[14] = ECALL;
    ends_with(other, 0);
    ck_assert_uint_eq(jit_stats(jit)->windowed, 1);
    for (unsigned i = 0; i < 2; i++) {
        struct engine_exit exit;

        hart.x[14] = i ? encode_i(INSN_addi, A0, 0, 9) : ECALL;
        ends_with(other, 0);
        store_le32(ram + DATA + 0x104, ECALL);
        hart.pc = other;
        engine_run(engine, &hart, 10, &exit);
        ck_assert_int_eq(exit.stop, ENGINE_TRAP);
        ck_assert_uint_eq(hart.pc, other + 4 * i);
        ck_assert_uint_eq(hart.x[A0], i ? 9 : 0);
    }
    tear_down();
}
END_TEST

/* The budget is exact, wherever samples are taken. */
START_TEST(test_budgets)
{
    struct engine_exit exit;

    set_up_load();
    hart.pc = CODE;
    hart.x[A0] = 0;
    hart.x[A1] = UINT32_MAX;
    for (uint64_t budget = 1; budget < 3000000; budget = budget * 3 + 1) {
        uint64_t before = hart.retired;

        engine_run(engine, &hart, budget, &exit);
        ck_assert_int_eq(exit.stop, ENGINE_BUDGET);
        ck_assert_uint_eq(hart.retired - before, budget);
    }
    tear_down();
}
END_TEST

/* ---- Who was asked about faults before ---- */

#define THREADS 8u

static volatile sig_atomic_t asked;

static void ask(int number, siginfo_t *info, void *context)
{
    (void)number, (void)info, (void)context;
    asked++;
}

/* Makes an engine whose code has windows at once. */
static void *use_windows(void *barrier)
{
    const struct jit_options options = {.window_at_once = true};
    uint8_t *memory = ram_new_shared(RAM);
    struct jit *own = NULL;

    (void)pthread_barrier_wait(barrier);
    if (jit_create(memory, 0, RAM, &options, &own) != JIT_OK)
        return NULL;
    jit_destroy(own);
    ram_free(memory, RAM);
    return memory;
}

/* However many threads begin at once, what is no engine's fault goes to the handler of before. */
START_TEST(test_the_handler_of_before)
{
    struct sigaction own = {.sa_sigaction = ask, .sa_flags = SA_SIGINFO}, now;
    pthread_barrier_t barrier;
    pthread_t threads[THREADS];

    ck_assert_int_eq(sigaction(SIGSEGV, &own, NULL), 0);
    for (int turn = 0; turn < 4; turn++) {
        ck_assert_int_eq(pthread_barrier_init(&barrier, NULL, THREADS), 0);
        for (unsigned i = 0; i < THREADS; i++)
            ck_assert_int_eq(pthread_create(&threads[i], NULL, use_windows, &barrier), 0);
        for (unsigned i = 0; i < THREADS; i++) {
            void *memory;

            ck_assert_int_eq(pthread_join(threads[i], &memory), 0);
            ck_assert_ptr_nonnull(memory);
        }
        ck_assert_int_eq(sigaction(SIGSEGV, NULL, &now), 0);
        ck_assert(now.sa_sigaction != ask); /* it is an engine's */
        ck_assert_int_eq(raise(SIGSEGV), 0);
        ck_assert_int_eq(asked, turn + 1);
        if (turn % 2) /* somebody replaces the engines' */
            ck_assert_int_eq(sigaction(SIGSEGV, &own, NULL), 0);
        (void)pthread_barrier_destroy(&barrier);
    }
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("jit_window");
    TCase *tcase = tcase_create("windows");

    tcase_add_test(tcase, test_what_runs_for_long);
    tcase_add_test(tcase, test_across_code_pages);
    tcase_add_test(tcase, test_what_does_not_run_for_long);
    tcase_add_test(tcase, test_spaces_in_turn);
    tcase_add_loop_test(tcase, test_private_memory, 0, 2);
    tcase_add_loop_test(tcase, test_page_moves, 0, 2);
    tcase_add_test(tcase, test_page_goes);
    tcase_add_test(tcase, test_across_the_end);
    tcase_add_test(tcase, test_around_the_end);
    tcase_add_test(tcase, test_loads_give_no_right_to_store);
    tcase_add_test(tcase, test_stores_to_code);
    tcase_add_test(tcase, test_budgets);
    tcase_add_test(tcase, test_the_handler_of_before);
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
