/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_engine_space.c - every engine against items 3 and 5 of the contract in engine.h: page
 * tables, their changes, switches between them, and changes of code.
 */
#include "tests/support/encode.h"
#include "tests/support/engine_suite.h"

#define LOAD_X5 encode_i(INSN_lw, 5, 10, 0)
#define STORE_X6 encode_store(INSN_sw, 6, 10, 0)
#define JUMP_BACK(bytes) encode_jal(0, -(bytes))

/* x5 <- what is at va, under the current root. */
static void load(struct machine *machine, uint32_t va)
{
    machine->hart.pc = CODE_VA;
    machine->hart.x[5] = 0xbad;
    machine->hart.x[10] = va;
    machine->hart.retired = 0;
    machine_run(machine, 10);
}

static void expect_load(struct machine *machine, uint32_t va, uint32_t value)
{
    load(machine, va);
    ck_trapped(machine, CAUSE_ECALL_USER, 0u, CODE_VA + 4, 1u);
    ck_assert_uint_eq(machine->hart.x[5], value);
}

static void expect_load_fault(struct machine *machine, uint32_t va)
{
    load(machine, va);
    ck_trapped(machine, CAUSE_LOAD_PAGE_FAULT, va, CODE_VA, 0u);
}

static void prepare_loads(struct machine *machine)
{
    MACHINE_CODE(machine, CODE_PA, LOAD_X5, CODE_ECALL);
    machine_poke(machine, DATA_PA, 0x11111111);
    machine_poke(machine, DATA2_PA, 0x22222222);
    machine_poke(machine, OTHER_PA, 0x33333333);
}

START_TEST(test_roots_switch)
{
    BEGIN_MACHINE(machine);

    prepare_loads(&machine);
    for (unsigned i = 0; i < 5; i++) {
        machine_enter(&machine, &machine.space);
        expect_load(&machine, DATA_VA, 0x11111111);
        expect_load(&machine, DATA2_VA, 0x22222222);
        machine_enter(&machine, &machine.second);
        expect_load(&machine, DATA_VA, 0x33333333);
        expect_load(&machine, DATA2_VA, 0x22222222);
    }
    /* There and back without running there. */
    machine_enter(&machine, &machine.space);
    machine_enter(&machine, &machine.second);
    expect_load(&machine, DATA_VA, 0x33333333);
    END_MACHINE(machine);
}
END_TEST

/* The same address, different code behind it. */
START_TEST(test_roots_switch_code)
{
    BEGIN_MACHINE(machine);

    MACHINE_CODE(&machine, CODE_PA, encode_i(INSN_addi, 5, 0, 1), CODE_ECALL);
    MACHINE_CODE(&machine, CODE2_PA, CODE_C_NOP, CODE_C_NOP, encode_i(INSN_addi, 5, 0, 2),
                 CODE_ECALL);
    space_map(&machine.second, CODE_VA, CODE2_PA, PTE_USER | PTE_X);
    for (unsigned i = 0; i < 4; i++) {
        machine.hart.pc = CODE_VA;
        machine.hart.retired = 0;
        machine_enter(&machine, i & 1 ? &machine.second : &machine.space);
        machine_run(&machine, 10);
        if (i & 1)
            ck_trapped(&machine, CAUSE_ECALL_USER, 0u, CODE_VA + 8, 3u);
        else
            ck_trapped(&machine, CAUSE_ECALL_USER, 0u, CODE_VA + 4, 1u);
        ck_assert_uint_eq(machine.hart.x[5], 1 + (i & 1));
    }
    END_MACHINE(machine);
}
END_TEST

/* Narrowing and moving need a call; which of the three makes no difference. */
static void drop(struct machine *machine, unsigned how, uint32_t va)
{
    if (how == 0)
        engine_drop_page(machine->engine, space_satp(&machine->space), va);
    if (how == 1)
        engine_drop_root(machine->engine, space_satp(&machine->space));
    if (how == 2)
        engine_drop_all(machine->engine);
}

START_TEST(test_dropped_translations)
{
    BEGIN_MACHINE(machine);

    prepare_loads(&machine);
    for (unsigned how = 0; how < 3; how++) {
        space_map(&machine.space, DATA_VA, DATA_PA, PTE_USER | PTE_R | PTE_W);
        drop(&machine, how, DATA_VA);
        expect_load(&machine, DATA_VA, 0x11111111);
        space_map(&machine.space, DATA_VA, OTHER_PA, PTE_USER | PTE_R);
        drop(&machine, how, DATA_VA);
        expect_load(&machine, DATA_VA, 0x33333333);
        space_map(&machine.space, DATA_VA, OTHER_PA, 0);
        drop(&machine, how, DATA_VA);
        expect_load_fault(&machine, DATA_VA);
    }
    END_MACHINE(machine);
}
END_TEST

/* A drop for a root that the CPU is about to come back to, or has just left. */
START_TEST(test_drops_for_another_root)
{
    BEGIN_MACHINE(machine);

    prepare_loads(&machine);
    expect_load(&machine, DATA_VA, 0x11111111);
    machine_enter(&machine, &machine.second);
    space_map(&machine.space, DATA_VA, DATA2_PA, PTE_USER | PTE_R);
    engine_drop_page(machine.engine, space_satp(&machine.space), DATA_VA);
    machine_enter(&machine, &machine.space);
    expect_load(&machine, DATA_VA, 0x22222222);
    machine_enter(&machine, &machine.second);
    expect_load(&machine, DATA_VA, 0x33333333);
    space_map(&machine.space, DATA_VA, OTHER_PA, PTE_USER | PTE_R);
    engine_drop_root(machine.engine, space_satp(&machine.space));
    machine_enter(&machine, &machine.space);
    expect_load(&machine, DATA_VA, 0x33333333);
    END_MACHINE(machine);
}
END_TEST

/* Write and execute rights go the same way. */
START_TEST(test_dropped_rights)
{
    BEGIN_MACHINE(machine);

    MACHINE_CODE(&machine, CODE_PA, STORE_X6, CODE_NOP, CODE_ECALL);
    machine.hart.x[10] = DATA_VA;
    machine_run(&machine, 10);
    ck_trapped(&machine, CAUSE_ECALL_USER, 0u, CODE_VA + 8, 2u);
    space_map(&machine.space, DATA_VA, DATA_PA, PTE_USER | PTE_R);
    engine_drop_page(machine.engine, space_satp(&machine.space), DATA_VA);
    machine.hart.pc = CODE_VA;
    machine_run(&machine, 10);
    ck_trapped(&machine, CAUSE_STORE_PAGE_FAULT, DATA_VA, CODE_VA, 2u);
    machine.hart.pc = CODE_VA + 4;
    machine_run(&machine, 1);
    space_map(&machine.space, CODE_VA, CODE_PA, PTE_USER | PTE_R);
    engine_drop_page(machine.engine, space_satp(&machine.space), CODE_VA);
    machine_run(&machine, 10);
    ck_trapped(&machine, CAUSE_INSN_PAGE_FAULT, CODE_VA + 8, CODE_VA + 8, 3u);
    END_MACHINE(machine);
}
END_TEST

/* The right to execute the second page of a jump between pages, and of a word across them. */
START_TEST(test_dropped_code_pages)
{
    BEGIN_MACHINE(machine);

    MACHINE_CODE(&machine, CODE_PA + PAGE_SIZE - 8, CODE_NOP, encode_jal(0, 8));
    MACHINE_CODE(&machine, CODE2_PA + 4, encode_jal(0, -12));
    machine.hart.pc = CODE2_VA - 8;
    machine_run(&machine, 3000);
    ck_budget_used(&machine, CODE2_VA - 8, 3000);
    space_map(&machine.space, CODE2_VA, CODE2_PA, PTE_USER | PTE_R);
    engine_drop_page(machine.engine, space_satp(&machine.space), CODE2_VA);
    machine_run(&machine, 10);
    ck_trapped(&machine, CAUSE_INSN_PAGE_FAULT, CODE2_VA + 4, CODE2_VA + 4, 3002u);
    space_map(&machine.space, CODE2_VA, CODE2_PA, PTE_USER | PTE_X);
    machine_poke(&machine, CODE_PA + PAGE_SIZE - 4, CODE_C_NOP | (CODE_NOP & 0xffff) << 16);
    machine_poke(&machine, CODE2_PA, encode_jal(0, -6) << 16 | CODE_NOP >> 16);
    machine_poke(&machine, CODE2_PA + 4, encode_jal(0, -6) >> 16);
    engine_code_changed(machine.engine, CODE_PA, PAGE_SIZE);
    engine_code_changed(machine.engine, CODE2_PA, PAGE_SIZE);
    machine.hart.pc = CODE2_VA - 4;
    machine_run(&machine, 300);
    ck_assert_uint_eq(machine.hart.retired, 3302);
    space_map(&machine.space, CODE2_VA, CODE2_PA, PTE_USER | PTE_R);
    engine_drop_page(machine.engine, space_satp(&machine.space), CODE2_VA);
    machine.hart.pc = CODE2_VA - 4;
    machine_run(&machine, 10);
    ck_trapped(&machine, CAUSE_INSN_PAGE_FAULT, CODE2_VA, CODE2_VA - 2, 3303u);
    END_MACHINE(machine);
}
END_TEST

/* Widening needs no call: an entry that was not there, or allowed less. */
START_TEST(test_widening)
{
    BEGIN_MACHINE(machine);

    prepare_loads(&machine);
    expect_load_fault(&machine, HOLE_VA);
    space_map(&machine.space, HOLE_VA, DATA2_PA, PTE_USER | PTE_R);
    expect_load(&machine, HOLE_VA, 0x22222222);
    expect_load_fault(&machine, EXEC_VA);
    space_map(&machine.space, EXEC_VA, CODE_PA, PTE_USER | PTE_R | PTE_X);
    expect_load(&machine, EXEC_VA, LOAD_X5);
    MACHINE_CODE(&machine, CODE_PA + 0x100, STORE_X6, CODE_ECALL);
    for (unsigned i = 0; i < 2; i++) {
        machine.hart.pc = CODE_VA + 0x100;
        machine.hart.x[10] = READ_VA;
        machine.hart.retired = 0;
        machine_run(&machine, 10);
        if (i == 0)
            ck_trapped(&machine, CAUSE_STORE_PAGE_FAULT, READ_VA, CODE_VA + 0x100, 0u);
        else
            ck_trapped(&machine, CAUSE_ECALL_USER, 0u, CODE_VA + 0x104, 1u);
        space_map(&machine.space, READ_VA, DATA_PA, PTE_USER | PTE_R | PTE_W);
    }
    machine.hart.pc = DATA2_VA + 8;
    machine_run(&machine, 1);
    ck_trapped(&machine, CAUSE_INSN_PAGE_FAULT, DATA2_VA + 8, DATA2_VA + 8, 1u);
    space_map(&machine.space, DATA2_VA, DATA2_PA, PTE_USER | PTE_RWX);
    MACHINE_CODE(&machine, DATA2_PA + 8, CODE_ECALL);
    machine_run(&machine, 1);
    ck_trapped(&machine, CAUSE_ECALL_USER, 0u, DATA2_VA + 8, 1u);
    END_MACHINE(machine);
}
END_TEST

START_TEST(test_superpages)
{
    BEGIN_MACHINE(machine);

    MACHINE_CODE(&machine, CODE_PA, LOAD_X5, CODE_ECALL);
    machine_poke(&machine, SUPER_PA, 0x44444444);
    machine_poke(&machine, SUPER_PA + (4u << 20) - 4, 0x55555555);
    expect_load(&machine, SUPER_VA, 0x44444444);
    expect_load(&machine, SUPER_VA + (4u << 20) - 4, 0x55555555);
    expect_load_fault(&machine, SUPER_VA + (4u << 20));
    expect_load_fault(&machine, CROOKED_VA + 8);
    MACHINE_CODE(&machine, SUPER_PA + 0x12ffe, encode_store(INSN_sw, 6, 10, 0), CODE_ECALL);
    machine.hart.pc = SUPER_VA + 0x12ffe;
    machine.hart.x[10] = SUPER_VA + 0x3fffe;
    machine.hart.retired = 0;
    machine_run(&machine, 10);
    ck_trapped(&machine, CAUSE_ECALL_USER, 0u, SUPER_VA + 0x13002, 1u);
    ck_assert_uint_eq(machine_peek(&machine, SUPER_PA + 0x3fffe), machine.hart.x[6]);
    END_MACHINE(machine);
}
END_TEST

/* SUM and MXR of the hart are not the CPU's, nor are its mode and satp. */
START_TEST(test_status_does_not_matter)
{
    BEGIN_MACHINE(machine);

    prepare_loads(&machine);
    machine.hart.sstatus = 1u << 18 | 1u << 19;
    for (unsigned mode = HART_USER; mode <= HART_SUPERVISOR; mode++) {
        machine.hart.mode = (uint8_t)mode;
        machine.hart.satp = mode ? space_satp(&machine.second) : 0;
        expect_load(&machine, DATA_VA, 0x11111111);
        expect_load_fault(&machine, EXEC_VA);
        expect_load_fault(&machine, SUPERVISOR_VA);
    }
    END_MACHINE(machine);
}
END_TEST

/* pc goes on at 0 after the last address; also through a word across that edge. */
START_TEST(test_pc_wraps)
{
    BEGIN_MACHINE(machine);

    MACHINE_CODE(&machine, CODE_PA + PAGE_SIZE - 4, CODE_C_NOP, CODE_C_NOP);
    MACHINE_CODE(&machine, CODE2_PA, CODE_NOP, CODE_ECALL);
    machine.hart.pc = 0xfffffffc;
    machine_run(&machine, 10);
    ck_trapped(&machine, CAUSE_ECALL_USER, 0u, 4u, 3u);
    MACHINE_CODE(&machine, CODE_PA + PAGE_SIZE - 4, encode_jal(1, 8));
    machine.hart.pc = 0xfffffffc;
    machine_run(&machine, 10);
    ck_trapped(&machine, CAUSE_ECALL_USER, 0u, 4u, 4u);
    ck_assert_uint_eq(machine.hart.x[1], 0);
    machine_poke(&machine, CODE_PA + PAGE_SIZE - 4, CODE_C_NOP | (CODE_NOP & 0xffff) << 16);
    machine_poke(&machine, CODE2_PA, CODE_C_NOP << 16 | CODE_NOP >> 16);
    engine_code_changed(machine.engine, CODE_PA, PAGE_SIZE);
    engine_code_changed(machine.engine, CODE2_PA, PAGE_SIZE);
    machine.hart.pc = 0xfffffffc;
    machine_run(&machine, 10);
    ck_trapped(&machine, CAUSE_ECALL_USER, 0u, 4u, 7u);
    machine.hart.pc = 0xfffffffc;
    machine_run(&machine, 2);
    ck_budget_used(&machine, 2u, 9u);
    END_MACHINE(machine);
}
END_TEST

/* Item 5: whoever else writes code says so; then the next run sees it. */
START_TEST(test_code_changed)
{
    BEGIN_MACHINE(machine);

    for (uint32_t value = 1; value < 20; value++) {
        uint32_t word = encode_i(INSN_addi, 5, 0, (int32_t)value);

        machine_code(&machine, CODE_PA + 4, (const uint32_t[]){word, CODE_ECALL, 0});
        MACHINE_CODE(&machine, CODE_PA, CODE_NOP);
        machine.hart.pc = CODE_VA;
        machine_run(&machine, 10);
        ck_assert_uint_eq(machine.hart.x[5], value);
    }
    END_MACHINE(machine);
}
END_TEST

/* The length of instructions changes, their block's length does not: counts must follow. */
START_TEST(test_code_changed_in_length)
{
    BEGIN_MACHINE(machine);

    for (unsigned turn = 0; turn < 4; turn++) {
        if (turn & 1)
            MACHINE_CODE(&machine, CODE_PA, CODE_C_NOP, CODE_C_NOP, CODE_ECALL);
        else
            MACHINE_CODE(&machine, CODE_PA, CODE_NOP, CODE_ECALL);
        machine.hart.pc = CODE_VA;
        machine.hart.retired = 0;
        machine_run(&machine, 10);
        ck_trapped(&machine, CAUSE_ECALL_USER, 0u, CODE_VA + 4, 1 + (turn & 1));
    }
    END_MACHINE(machine);
}
END_TEST

/* Addresses that are no code, or no RAM, are nothing to tell; and no harm. */
START_TEST(test_code_changed_anywhere)
{
    BEGIN_MACHINE(machine);

    MACHINE_CODE(&machine, CODE_PA, CODE_NOP, CODE_ECALL);
    machine_run(&machine, 10);
    engine_code_changed(machine.engine, 0, MACHINE_RAM);
    engine_code_changed(machine.engine, MACHINE_RAM - 4, 8);
    engine_code_changed(machine.engine, MACHINE_RAM, 4);
    engine_code_changed(machine.engine, 1ull << 33, 4);
    engine_code_changed(machine.engine, CODE_PA, 0);
    machine.hart.pc = CODE_VA;
    machine_run(&machine, 10);
    ck_trapped(&machine, CAUSE_ECALL_USER, 0u, CODE_VA + 4, 2u);
    END_MACHINE(machine);
}
END_TEST

/*
 * The hart rewrites its own code through another mapping, then FENCE.I: a word that lies ahead
 * becomes first one ADDI, then two compressed instructions. At every way to slice the run.
 */
static void self_modifying(struct machine *machine, uint32_t store)
{
    MACHINE_CODE(machine, CODE_PA, encode_u(INSN_lui, 10, ALIAS_VA), store, CODE_FENCE_I,
                 encode_jal(0, 4), encode_i(INSN_addi, 5, 5, 1), /* 16: rewritten */
                 encode_r(INSN_add, 6, 6, 7), encode_r(INSN_add, 7, 0, 8), JUMP_BACK(28));
    machine->hart.x[5] = 0;
    machine->hart.x[6] = encode_i(INSN_addi, 5, 5, 100);
    machine->hart.x[7] = 0;
    machine->hart.x[8] = (CODE_C_NOP << 16 | 0x0285) - machine->hart.x[6]; /* c.addi x5, 1 */
    machine->hart.pc = CODE_VA;
    machine->hart.retired = 0;
}

START_TEST(test_self_modifying_code)
{
    const uint32_t stores[] = {encode_store(INSN_sw, 6, 10, 16),
                               encode_r(INSN_amoswap_w, 9, 11, 6)};
    struct machine truth;
    BEGIN_MACHINE(machine);

    machine_init(&truth, &engine_makers[0]);
    for (unsigned slice = 1; slice < 40; slice++) {
        uint32_t store = stores[slice & 1];

        self_modifying(&machine, store);
        self_modifying(&truth, store);
        machine.hart.x[11] = truth.hart.x[11] = ALIAS_VA + 16;
        for (unsigned done = 0; done < 80; done += slice) {
            machine_run(&machine, slice);
            machine_run(&truth, slice);
            ck_assert_msg(hart_equal(&machine.hart, &truth.hart), "slice %u, at %u", slice,
                          done);
        }
        ck_assert_uint_gt(machine.hart.x[5], 100);
    }
    machine_fini(&truth);
    END_MACHINE(machine);
}
END_TEST

/* The same, one page being written by the interpreter of the engine, if it has one. */
START_TEST(test_store_conditional_to_code)
{
    BEGIN_MACHINE(machine);

    MACHINE_CODE(&machine, CODE_PA, encode_jal(0, 16));
    MACHINE_CODE(&machine, CODE_PA + 16, encode_i(INSN_addi, 5, 5, 1), CODE_ECALL);
    MACHINE_CODE(&machine, CODE_PA + 32, encode_r(INSN_lr_w, 7, 10, 0),
                 encode_r(INSN_sc_w, 7, 10, 6), CODE_FENCE_I, JUMP_BACK(44));
    for (unsigned i = 0; i < 5; i++) {
        machine.hart.x[5] = 0;
        machine.hart.x[6] = encode_i(INSN_addi, 5, 5, 7 + (int32_t)i);
        machine.hart.x[10] = ALIAS_VA + 16;
        machine.hart.pc = CODE_VA + 32;
        machine.hart.retired = 0;
        machine_run(&machine, 20);
        ck_trapped(&machine, CAUSE_ECALL_USER, 0u, CODE_VA + 20, 6u);
        ck_assert_uint_eq(machine.hart.x[5], 7 + i);
    }
    END_MACHINE(machine);
}
END_TEST

/* Several blocks on one page are rewritten before the FENCE.I, through either mapping. */
START_TEST(test_rewriting_many_blocks)
{
    const uint32_t bases[] = {ALIAS_VA, SUPER_VA + CODE_PA};
    uint32_t expected;
    BEGIN_MACHINE(machine);

    space_map_super(&machine.space, SUPER_VA, 0, PTE_USER | PTE_RWX);
    for (uint32_t i = 0; i < 8; i++) /* eight blocks, each ADDI and a jump to the next */
        MACHINE_CODE(&machine, CODE_PA + 0x100 + 16 * i, encode_i(INSN_addi, 5, 5, 1),
                     i < 7 ? encode_jal(0, 12) : CODE_ECALL);
    MACHINE_CODE(&machine, CODE_PA, encode_store(INSN_sw, 6, 10, 0),
                 encode_store(INSN_sw, 6, 10, 16), encode_store(INSN_sh, 6, 10, 32),
                 encode_store(INSN_sw, 6, 10, 112), CODE_FENCE_I, encode_jal(0, 0xec));
    for (uint32_t turn = 0; turn < 12; turn++) {
        machine.hart.pc = CODE_VA;
        machine.hart.x[5] = 0;
        machine.hart.x[6] = encode_i(INSN_addi, 5, 5, turn % 3 ? 1 : 101);
        machine.hart.x[10] = bases[turn / 2 % 2] + 0x100;
        if (bases[turn / 2 % 2] != ALIAS_VA && turn % 4 == 3)
            machine.hart.pc = SUPER_VA + CODE_PA; /* also run through the mapping written to */
        machine.hart.retired = 0;
        expected = turn % 3 ? 8 : 5 + 3 * 101; /* SH does not reach the immediate */
        machine_run(&machine, 100);
        ck_assert_uint_eq(machine.exit.trap.cause, CAUSE_ECALL_USER);
        ck_assert_uint_eq(machine.hart.retired, 6 + 15);
        ck_assert_uint_eq(machine.hart.x[5], expected);
    }
    END_MACHINE(machine);
}
END_TEST

#define C_RET 0x8082u /* c.jr x1 */

/* Call `count` places of the second code page, two bytes apart, each of which returns. */
static void call_all(struct machine *machine, uint32_t count)
{
    machine->hart.pc = CODE_VA;
    machine->hart.x[5] = CODE2_VA;
    machine->hart.x[6] = CODE2_VA + 2 * count;
    machine_run(machine, UINT64_MAX);
}

/* However many places of a page code has jumped to, none is reached once the page has gone. */
START_TEST(test_dropped_jumps)
{
    static const uint32_t counts[] = {1, 100, 511, 512, 513, 514, 2048, 7};
    BEGIN_MACHINE(machine);

    MACHINE_CODE(&machine, CODE_PA, encode_i(INSN_jalr, 1, 5, 0), encode_i(INSN_addi, 5, 5, 2),
                 encode_branch(INSN_bne, 5, 6, -8), CODE_ECALL);
    for (uint32_t at = 0; at < PAGE_SIZE; at += 2)
        MACHINE_CODE(&machine, CODE2_PA + at, C_RET);
    for (unsigned i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        space_map(&machine.space, CODE2_VA, CODE2_PA, PTE_USER | PTE_R | PTE_X);
        call_all(&machine, counts[i]);
        ck_assert_uint_eq(machine.exit.trap.cause, CAUSE_ECALL_USER);
        space_map(&machine.space, CODE2_VA, CODE2_PA, PTE_USER | PTE_R);
        engine_drop_root(machine.engine, space_satp(&machine.space));
        for (uint32_t k = 0; k < counts[i]; k++) {
            machine.hart.pc = CODE_VA;
            machine.hart.x[5] = CODE2_VA + 2 * k;
            machine_run(&machine, 10);
            ck_assert_uint_eq(machine.exit.trap.cause, CAUSE_INSN_PAGE_FAULT);
            ck_assert_uint_eq(machine.exit.trap.tval, CODE2_VA + 2 * k);
        }
    }
    END_MACHINE(machine);
}
END_TEST

ENGINE_SUITE_MAIN("engine spaces", test_dropped_jumps, test_roots_switch,
                  test_roots_switch_code, test_dropped_translations,
                  test_drops_for_another_root, test_dropped_rights, test_dropped_code_pages,
                  test_widening, test_superpages, test_status_does_not_matter, test_pc_wraps,
                  test_code_changed, test_code_changed_in_length, test_code_changed_anywhere,
                  test_self_modifying_code, test_store_conditional_to_code,
                  test_rewriting_many_blocks)
