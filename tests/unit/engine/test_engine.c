/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_engine.c - every engine against the contract in engine.h, its items 1, 3 and 10: budgets,
 * the state at each stop, what a run may touch, PAUSE. Item 2 is in test_engine_traps.c, items
 * 4 to 6 in test_engine_space.c; random programs are in tests/agree/.
 */
#include "tests/support/encode.h"
#include "tests/support/engine_suite.h"

/* c.addi x8, 1; c.lwsp and the like are rare enough to be written as they are. */
#define C_ADDI_X8_1 0x0405u
#define C_J_PLUS_4 0xa011u
#define C_LW_X9_0_X10 0x4104u

/* A bit of everything that does not trap: 3 turns of a loop with a branch across pages' ends. */
static void everything(struct machine *machine)
{
    MACHINE_CODE(machine, CODE_PA, encode_u(INSN_lui, 10, DATA_VA),
                 encode_i(INSN_addi, 5, 0, 3),                           /* 04 */
                 encode_store(INSN_sw, 5, 10, 8), C_ADDI_X8_1,           /* 08, 0c: the loop */
                 encode_r(INSN_mul, 6, 5, 8), C_LW_X9_0_X10,             /* 0e, 12 */
                 encode_r(INSN_lr_w, 7, 10, 0), C_ADDI_X8_1,             /* 14, 18 */
                 encode_r(INSN_sc_w, 11, 10, 8), C_J_PLUS_4, CODE_C_NOP, /* 1a, 1e, 20 */
                 encode_r(INSN_amoadd_w, 12, 10, 5), CODE_FENCE_I,       /* 22, 26 */
                 encode_i(INSN_addi, 5, 5, -1),                          /* 2a */
                 encode_branch(INSN_bne, 5, 0, -0x26),                   /* 2e */
                 encode_u(INSN_lui, 13, CODE2_VA), encode_i(INSN_jalr, 1, 13, 0));
    MACHINE_CODE(machine, CODE2_PA, encode_r(INSN_divu, 14, 8, 6), CODE_C_NOP,
                 encode_jal(0, -6));
}
#define EVERYTHING 80u /* instructions: well into the last, endless loop */

static void reset(struct machine *machine)
{
    struct hart *hart = &machine->hart;

    hart_reset(hart, CODE_VA);
    hart->mode = HART_USER;
    for (uint32_t i = 1; i < 32; i++)
        hart->x[i] = i;
    memset(machine->ram + DATA_PA, 0, PAGE_SIZE);
}

static void same_state(const struct machine *a, const struct machine *b, unsigned at)
{
    for (unsigned i = 0; i < 32; i++)
        ck_assert_msg(a->hart.x[i] == b->hart.x[i], "after %u: x%u is %#x, not %#x", at, i,
                      a->hart.x[i], b->hart.x[i]);
    ck_assert_msg(a->hart.pc == b->hart.pc, "after %u: pc %#x, not %#x", at, a->hart.pc,
                  b->hart.pc);
    ck_assert_msg(hart_equal(&a->hart, &b->hart), "after %u", at);
    ck_assert(memcmp(a->ram + DATA_PA, b->ram + DATA_PA, PAGE_SIZE) == 0);
}

/* Item 1: exactly `budget` instructions, wherever that ends. */
START_TEST(test_budget_ends_anywhere)
{
    struct machine truth;
    BEGIN_MACHINE(machine);

    machine_init(&truth, &engine_makers[0]);
    everything(&machine);
    everything(&truth);
    reset(&truth);
    for (unsigned budget = 0; budget < EVERYTHING; budget++) {
        reset(&machine);
        machine_run(&machine, budget);
        ck_assert_uint_eq(machine.exit.stop, ENGINE_BUDGET);
        same_state(&machine, &truth, budget);
        machine_run(&truth, 1);
    }
    machine_fini(&truth);
    END_MACHINE(machine);
}
END_TEST

/* Two runs are one: from any point to any other, also through a third. */
START_TEST(test_budgets_add_up)
{
    struct machine truth;
    BEGIN_MACHINE(machine);

    machine_init(&truth, &engine_makers[0]);
    everything(&machine);
    everything(&truth);
    for (unsigned first = 0; first <= EVERYTHING; first++) {
        reset(&truth);
        machine_run(&truth, EVERYTHING);
        reset(&machine);
        machine_run(&machine, first);
        machine_run(&machine, 0);
        machine_run(&machine, EVERYTHING - first);
        same_state(&machine, &truth, first);
    }
    machine_fini(&truth);
    END_MACHINE(machine);
}
END_TEST

START_TEST(test_budget_zero_does_nothing)
{
    BEGIN_MACHINE(machine);

    MACHINE_CODE(&machine, CODE_PA, CODE_ECALL);
    machine_run(&machine, 0);
    ck_budget_used(&machine, CODE_VA, 0);
    machine.hart.pc = HOLE_VA;
    machine_run(&machine, 0);
    ck_budget_used(&machine, HOLE_VA, 0);
    END_MACHINE(machine);
}
END_TEST

/* A trap is taken only if the budget reaches the instruction. */
START_TEST(test_budget_ends_before_the_trap)
{
    BEGIN_MACHINE(machine);

    MACHINE_CODE(&machine, CODE_PA, CODE_NOP, CODE_C_NOP, CODE_ECALL);
    machine_run(&machine, 2);
    ck_budget_used(&machine, CODE_VA + 6, 2);
    machine_run(&machine, 1);
    ck_trapped(&machine, CAUSE_ECALL_USER, 0u, CODE_VA + 6, 2u);
    END_MACHINE(machine);
}
END_TEST

/* The same where it is the fetch that fails: a jump out of the mapped pages. */
START_TEST(test_budget_ends_before_the_fetch)
{
    BEGIN_MACHINE(machine);

    MACHINE_CODE(&machine, CODE_PA, encode_u(INSN_lui, 5, HOLE_VA),
                 encode_i(INSN_jalr, 0, 5, 0));
    for (unsigned turn = 0; turn < 3; turn++) {
        machine.hart.pc = CODE_VA;
        machine.hart.retired = 0;
        machine_run(&machine, 2);
        ck_budget_used(&machine, HOLE_VA, 2);
        machine_run(&machine, 1);
        ck_trapped(&machine, CAUSE_INSN_PAGE_FAULT, HOLE_VA, HOLE_VA, 2u);
    }
    END_MACHINE(machine);
}
END_TEST

/* A branch to itself: a block that follows itself, millions of times. */
START_TEST(test_hot_loops)
{
    BEGIN_MACHINE(machine);

    MACHINE_CODE(&machine, CODE_PA, encode_jal(0, 0));
    machine_run(&machine, 1000000);
    ck_budget_used(&machine, CODE_VA, 1000000);
    MACHINE_CODE(&machine, CODE_PA, C_ADDI_X8_1, encode_branch(INSN_beq, 0, 0, -2));
    machine.hart.x[8] = 0;
    machine_run(&machine, 1000001);
    ck_budget_used(&machine, CODE_VA + 2, 2000001);
    ck_assert_uint_eq(machine.hart.x[8], 500001);
    END_MACHINE(machine);
}
END_TEST

/* A long block that traps at each of its instructions in turn. */
START_TEST(test_retired_is_exact_at_a_trap)
{
    BEGIN_MACHINE(machine);

    for (uint32_t at = 0; at < 40; at++) {
        uint32_t pc = CODE_VA;

        for (uint32_t i = 0; i < 41; i++) {
            uint32_t nop = i % 3 == 1 ? CODE_C_NOP : CODE_NOP;

            MACHINE_CODE(&machine, CODE_PA + pc - CODE_VA, i == at ? CODE_ECALL : nop);
            if (i < at)
                machine.hart.pc = CODE_VA;
            pc += i != at && i % 3 == 1 ? 2 : 4;
        }
        machine.hart.pc = CODE_VA;
        machine.hart.retired = 0;
        machine_run(&machine, 100);
        ck_trapped(&machine, CAUSE_ECALL_USER, 0u, CODE_VA + 4 * at - 2 * ((at + 1) / 3), at);
    }
    END_MACHINE(machine);
}
END_TEST

/* Item 1: the reservation is part of the state. */
START_TEST(test_reservation_lasts_over_stops)
{
    BEGIN_MACHINE(machine);

    MACHINE_CODE(&machine, CODE_PA, encode_r(INSN_lr_w, 6, 10, 0), CODE_NOP,
                 encode_r(INSN_sc_w, 7, 10, 11), encode_r(INSN_sc_w, 8, 10, 11));
    for (unsigned pause = 0; pause < 3; pause++) {
        reset(&machine);
        machine.hart.x[10] = DATA_VA + 16;
        machine.hart.x[11] = 77;
        machine_run(&machine, 1);
        ck_assert(machine.hart.reservation.valid);
        ck_assert_uint_eq(machine.hart.reservation.va, DATA_VA + 16);
        machine_run(&machine, pause);
        if (pause == 1) { /* another hart has its turn */
            struct hart other = machine.hart;

            other.pc = CODE_VA;
            other.reservation.valid = false;
            engine_run(machine.engine, &other, 2, &machine.exit);
        }
        machine_run(&machine, 3 - pause);
        ck_assert_uint_eq(machine.hart.x[7], 0);
        ck_assert_uint_eq(machine_peek(&machine, DATA_PA + 16), 77);
        ck_assert_uint_eq(machine.hart.x[8], 1); /* an SC takes the reservation */
    }
    END_MACHINE(machine);
}
END_TEST

/* ... and lost when its owner takes it, or the word changes, or the address is another. */
START_TEST(test_reservation_is_lost)
{
    BEGIN_MACHINE(machine);

    MACHINE_CODE(&machine, CODE_PA, encode_r(INSN_lr_w, 6, 10, 0),
                 encode_r(INSN_sc_w, 7, 12, 11));
    for (unsigned way = 0; way < 3; way++) {
        reset(&machine);
        machine.hart.x[10] = machine.hart.x[12] = DATA_VA;
        machine_run(&machine, 1);
        if (way == 0)
            machine.hart.reservation.valid = false;
        if (way == 1)
            machine_poke(&machine, DATA_PA, 5);
        if (way == 2)
            machine.hart.x[12] = DATA_VA + 4;
        machine_run(&machine, 1);
        ck_assert_uint_eq(machine.hart.x[7], 1);
        ck_assert(!machine.hart.reservation.valid);
    }
    END_MACHINE(machine);
}
END_TEST

/* Items 2 and 3: whatever the hart's own mode and CSRs say, user mode; and they stay. */
START_TEST(test_deprivileged_is_user_mode)
{
    struct hart before;
    BEGIN_MACHINE(machine);

    MACHINE_CODE(&machine, CODE_PA, encode_csr(INSN_csrrw, 5, 0x100, 6), CODE_NOP);
    machine.hart.mode = HART_SUPERVISOR;
    machine.hart.satp = 0xffffffff;
    machine.hart.sstatus = 0xc0122;
    machine.hart.sie = machine.hart.sip = 0x222;
    machine.hart.stvec = 0x1234;
    machine.hart.sepc = 0x4321;
    machine.hart.scause = 5;
    machine.hart.stval = 6;
    machine.hart.sscratch = 7;
    machine.hart.skipped = 99;
    before = machine.hart;
    machine_run(&machine, 5);
    ck_trapped(&machine, CAUSE_ILLEGAL_INSN, encode_csr(INSN_csrrw, 5, 0x100, 6), CODE_VA, 0u);
    ck_assert(hart_equal(&before, &machine.hart));
    MACHINE_CODE(&machine, CODE_PA, CODE_ECALL);
    machine_run(&machine, 5);
    ck_trapped(&machine, CAUSE_ECALL_USER, 0u, CODE_VA, 0u);
    ck_assert(hart_equal(&before, &machine.hart));
    END_MACHINE(machine);
}
END_TEST

/* x0 is zero, whoever tries to change it. */
START_TEST(test_x0_stays_zero)
{
    BEGIN_MACHINE(machine);

    machine_poke(&machine, DATA_PA, 0xdeadbeef);
    machine.hart.x[10] = DATA_VA;
    MACHINE_CODE(&machine, CODE_PA, encode_i(INSN_addi, 0, 10, 5), encode_i(INSN_lw, 0, 10, 0),
                 encode_r(INSN_amoadd_w, 0, 10, 10), encode_jal(0, 4),
                 encode_r(INSN_add, 5, 0, 0), CODE_ECALL);
    machine_run(&machine, 100);
    ck_trapped(&machine, CAUSE_ECALL_USER, 0u, CODE_VA + 20, 5u);
    ck_assert_uint_eq(machine.hart.x[0], 0);
    ck_assert_uint_eq(machine.hart.x[5], 0);
    ck_assert_uint_eq(machine_peek(&machine, DATA_PA), 0xdeadbeef + DATA_VA);
    END_MACHINE(machine);
}
END_TEST

/* Harts take turns on one engine, each with registers of its own. */
START_TEST(test_harts_take_turns)
{
    struct hart harts[3];
    BEGIN_MACHINE(machine);

    MACHINE_CODE(&machine, CODE_PA, encode_r(INSN_add, 5, 5, 6), CODE_ECALL, encode_jal(0, -8));
    for (unsigned i = 0; i < 3; i++) {
        harts[i] = machine.hart;
        harts[i].x[5] = 0;
        harts[i].x[6] = i + 1;
    }
    for (unsigned turn = 0; turn < 30; turn++) {
        struct hart *hart = &harts[turn * 7 % 3];

        hart->pc = CODE_VA;
        engine_run(machine.engine, hart, 100, &machine.exit);
        ck_assert_uint_eq(machine.exit.trap.cause, CAUSE_ECALL_USER);
    }
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_uint_eq(harts[i].x[5], 10 * (i + 1));
        ck_assert_uint_eq(harts[i].retired, 10);
        ck_assert_uint_eq(harts[i].x[31], machine.hart.x[31]);
    }
    END_MACHINE(machine);
}
END_TEST

/* A loop of 4 instructions, PAUSE the second, in the middle of a block. */
static void pausing_loop(struct machine *machine)
{
    MACHINE_CODE(machine, CODE_PA, encode_i(INSN_addi, 5, 5, 1), CODE_PAUSE,
                 encode_i(INSN_addi, 6, 6, 1), encode_jal(0, -12));
    machine->hart.x[5] = machine->hart.x[6] = 0;
}

/* Item 10: a run ends behind PAUSE when that is asked for, also in code that was run before. */
START_TEST(test_pause)
{
    uint64_t retired = 0;
    BEGIN_MACHINE(machine);

    pausing_loop(&machine);
    for (unsigned round = 0; round < 4; round++) {
        machine.hart.pc = CODE_VA;
        machine.engine->pauses = false;
        machine_run(&machine, 400);
        ck_budget_used(&machine, CODE_VA, retired += 400);
        machine.engine->pauses = true;
        for (unsigned turn = 0; turn < 3; turn++) {
            machine_run(&machine, 100);
            ck_assert_uint_eq(machine.exit.stop, ENGINE_EVENT);
            ck_assert_uint_eq(machine.exit.event, EXEC_PAUSE);
            ck_assert_uint_eq(machine.hart.pc, CODE_VA + 8);
            ck_assert_uint_eq(machine.hart.retired, retired += turn ? 4 : 2);
        }
        ck_assert_uint_eq(machine.hart.x[5], 103 * (round + 1));
        ck_assert_uint_eq(machine.hart.x[6], 102 * (round + 1));
    }
    END_MACHINE(machine);
}
END_TEST

/* The budget may end just before it or just behind it: then it has, or has not, been run. */
START_TEST(test_pause_at_the_end_of_the_budget)
{
    BEGIN_MACHINE(machine);

    pausing_loop(&machine);
    machine.engine->pauses = true;
    for (unsigned turn = 0; turn < 3; turn++) {
        machine.hart.pc = CODE_VA;
        machine.hart.retired = 0;
        machine_run(&machine, 1);
        ck_budget_used(&machine, CODE_VA + 4, 1);
        machine_run(&machine, 1);
        ck_assert_uint_eq(machine.exit.stop, ENGINE_EVENT);
        ck_assert_uint_eq(machine.hart.retired, 2);
        machine_run(&machine, 3);
        ck_budget_used(&machine, CODE_VA + 4, 5);
    }
    END_MACHINE(machine);
}
END_TEST

/* Natively, where an engine can: the hart's own mode counts, and WFI gives an event. */
START_TEST(test_native)
{
    BEGIN_MACHINE(machine);

    if (machine.engine->ops->abilities & ENGINE_NATIVE) {
        engine_set_space(machine.engine, &(struct engine_space){.deprivileged = false});
        MACHINE_CODE(&machine, CODE_PA, encode_csr(INSN_csrrw, 0, 0x140, 6),
                     encode_csr(INSN_csrrs, 5, 0x140, 0), insn_desc(INSN_wfi)->match,
                     CODE_ECALL);
        machine.hart.mode = HART_SUPERVISOR;
        machine.hart.pc = CODE_PA;
        machine_run(&machine, 100);
        ck_assert_uint_eq(machine.exit.stop, ENGINE_EVENT);
        ck_assert_uint_eq(machine.exit.event, EXEC_WFI);
        ck_assert_uint_eq(machine.hart.retired, 3);
        ck_assert_uint_eq(machine.hart.x[5], machine.hart.x[6]);
        machine_run(&machine, 100);
        ck_trapped(&machine, CAUSE_ECALL_SUPERVISOR, 0u, CODE_PA + 12, 3u);
    }
    END_MACHINE(machine);
}
END_TEST

ENGINE_SUITE_MAIN("engine", test_budget_ends_anywhere, test_budgets_add_up,
                  test_budget_zero_does_nothing, test_budget_ends_before_the_trap,
                  test_budget_ends_before_the_fetch, test_hot_loops,
                  test_retired_is_exact_at_a_trap, test_reservation_lasts_over_stops,
                  test_reservation_is_lost, test_deprivileged_is_user_mode, test_x0_stays_zero,
                  test_harts_take_turns, test_pause, test_pause_at_the_end_of_the_budget,
                  test_native)
