/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_exec.c - arithmetic, jumps and the environment instructions, against values worked out
 * from the Unprivileged ISA. Each run compares the whole hart. Memory is tested in
 * test_memory.c, CSRs in test_csr.c.
 */
#include "isa/csr.h"
#include "tests/support/encode.h"
#include "tests/support/rig.h"
#include "tests/support/suite.h"

#define MIN 0x80000000u
#define MAX 0x7fffffffu
#define ONES 0xffffffffu

struct vector {
    enum insn_id id;
    uint32_t a, b, result;
};

static const struct vector register_vectors[] = {
    {INSN_add, 1, 2, 3},
    {INSN_add, ONES, 1, 0},
    {INSN_add, MAX, 1, MIN},
    {INSN_sub, 1, 2, ONES},
    {INSN_sub, MIN, 1, MAX},
    {INSN_sub, 0, MIN, MIN},
    {INSN_sll, 1, 31, MIN},
    {INSN_sll, 0x12345678, 32, 0x12345678},
    {INSN_sll, 0x12345678, 0xffffffe4, 0x23456780},
    {INSN_srl, MIN, 31, 1},
    {INSN_srl, ONES, 33, MAX},
    {INSN_srl, ONES, 32, ONES},
    {INSN_sra, MIN, 31, ONES},
    {INSN_sra, MAX, 31, 0},
    {INSN_sra, 0x87654321, 0x24, 0xf8765432},
    {INSN_slt, MIN, MAX, 1},
    {INSN_slt, MAX, MIN, 0},
    {INSN_slt, 5, 5, 0},
    {INSN_slt, ONES, 0, 1},
    {INSN_sltu, MIN, MAX, 0},
    {INSN_sltu, 0, ONES, 1},
    {INSN_sltu, ONES, ONES, 0},
    {INSN_xor, 0xff00ff00, 0x0f0f0f0f, 0xf00ff00f},
    {INSN_or, 0xff00ff00, 0x0f0f0f0f, 0xff0fff0f},
    {INSN_and, 0xff00ff00, 0x0f0f0f0f, 0x0f000f00},
    {INSN_mul, 0x00007e00, 0xb6db6db7, 0x00001200},
    {INSN_mul, MIN, ONES, MIN},
    {INSN_mul, ONES, ONES, 1},
    {INSN_mul, MIN, MIN, 0},
    {INSN_mulh, ONES, ONES, 0},
    {INSN_mulh, MIN, MIN, 0x40000000},
    {INSN_mulh, MIN, ONES, 0},
    {INSN_mulh, MIN, MAX, 0xc0000000},
    {INSN_mulh, 0xaaaaaaab, 0x0002fe7d, 0xffff0081},
    {INSN_mulhsu, ONES, ONES, ONES},
    {INSN_mulhsu, MIN, MIN, 0xc0000000},
    {INSN_mulhsu, MIN, ONES, MIN},
    {INSN_mulhsu, 1, ONES, 0},
    {INSN_mulhsu, 2, MIN, 1},
    {INSN_mulhu, ONES, ONES, 0xfffffffe},
    {INSN_mulhu, MIN, MIN, 0x40000000},
    {INSN_mulhu, MIN, ONES, 0x7fffffff},
    {INSN_mulhu, 0xaaaaaaab, 0x0002fe7d, 0x0001fefe},
    {INSN_div, 20, 6, 3},
    {INSN_div, -20u, 6, -3u},
    {INSN_div, 20, -6u, -3u},
    {INSN_div, -20u, -6u, 3},
    {INSN_div, MIN, ONES, MIN},
    {INSN_div, MIN, 1, MIN},
    {INSN_div, 7, 0, ONES},
    {INSN_div, 0, 0, ONES},
    {INSN_div, MIN, 0, ONES},
    {INSN_divu, -20u, 6, 0x2aaaaaa7},
    {INSN_divu, MIN, ONES, 0},
    {INSN_divu, ONES, 1, ONES},
    {INSN_divu, 7, 0, ONES},
    {INSN_rem, 20, 6, 2},
    {INSN_rem, -20u, 6, -2u},
    {INSN_rem, 20, -6u, 2},
    {INSN_rem, -20u, -6u, -2u},
    {INSN_rem, MIN, ONES, 0},
    {INSN_rem, 7, 0, 7},
    {INSN_rem, MIN, 0, MIN},
    {INSN_remu, -20u, 6, 2},
    {INSN_remu, MIN, ONES, MIN},
    {INSN_remu, 7, 0, 7},
    {INSN_remu, ONES, 0, ONES},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void run_register(struct rig *rig, const struct vector *v, unsigned rd, unsigned rs1,
                         unsigned rs2)
{
    struct hart expected;

    rig->hart.x[rs1] = v->a;
    rig->hart.x[rs2] = v->b;
    expected = rig_next(rig);
    if (rd)
        expected.x[rd] = v->result;
    rig_expect_retired(rig, encode_r(v->id, rd, rs1, rs2), &expected);
    ck_assert_int_eq(rig->env.event, EXEC_NOTHING);
}

START_TEST(register_register)
{
    struct rig rig;

    rig_init(&rig);
    for (size_t i = 0; i < COUNT(register_vectors); i++) {
        const struct vector *v = &register_vectors[i];

        run_register(&rig, v, 10, 11, 12);
        run_register(&rig, v, 11, 11, 12); /* rd is a source */
        run_register(&rig, v, 12, 11, 12);
        run_register(&rig, v, 0, 11, 12); /* x0 stays zero */
        if (v->a == v->b)
            run_register(&rig, v, 31, 30, 30);
        if (v->a == 0)
            run_register(&rig, v, 5, 0, 6);
    }
}
END_TEST

/* b is the immediate. */
static const struct vector immediate_vectors[] = {
    {INSN_addi, 1, -2u, ONES},
    {INSN_addi, MAX, 2047, 0x800007fe},
    {INSN_addi, MIN, -2048u, 0x7ffff800},
    {INSN_slti, MIN, -2048u, 1},
    {INSN_slti, 0, -1u, 0},
    {INSN_slti, -1u, 0, 1},
    {INSN_slti, 3, 3, 0},
    {INSN_sltiu, 0, 1, 1},
    {INSN_sltiu, 1, 1, 0},
    {INSN_sltiu, 5, -1u, 1}, /* the immediate is sign-extended, then unsigned */
    {INSN_sltiu, ONES, -1u, 0},
    {INSN_sltiu, 0xfffff7ff, -2048u, 1},
    {INSN_xori, 0x00ff0f00, -1u, 0xff00f0ff},
    {INSN_xori, 0x0000ff00, 0x0f0, 0x0000fff0},
    {INSN_ori, 0xff00ff00, 0x0f0, 0xff00fff0},
    {INSN_ori, 0, -2048u, 0xfffff800},
    {INSN_andi, 0xff00ff00, 0x70f, 0x00000700},
    {INSN_andi, 0xff00ff00, -256u, 0xff00ff00},
    {INSN_slli, 1, 31, MIN},
    {INSN_slli, 0x21212121, 0, 0x21212121},
    {INSN_srli, 0x80000001, 31, 1},
    {INSN_srli, 0x80000001, 1, 0x40000000},
    {INSN_srai, 0x80000001, 31, ONES},
    {INSN_srai, 0x7fffffff, 30, 1},
    {INSN_srai, 0x81818181, 7, 0xff030303},
};

/* SRAI has bit 30 of its match in the immediate field: encode_i() ors, as it should. */
static void run_immediate(struct rig *rig, const struct vector *v, unsigned rd, unsigned rs1)
{
    struct hart expected;

    rig->hart.x[rs1] = v->a;
    expected = rig_next(rig);
    if (rd)
        expected.x[rd] = v->result;
    rig_expect_retired(rig, encode_i(v->id, rd, rs1, (int32_t)v->b), &expected);
}

START_TEST(register_immediate)
{
    struct rig rig;

    rig_init(&rig);
    for (size_t i = 0; i < COUNT(immediate_vectors); i++) {
        run_immediate(&rig, &immediate_vectors[i], 10, 11);
        run_immediate(&rig, &immediate_vectors[i], 11, 11);
        run_immediate(&rig, &immediate_vectors[i], 0, 11);
    }
}
END_TEST

/* RV32 has no shifts by 32 or more: with bit 25 set the encoding is reserved. */
START_TEST(long_shifts_are_illegal)
{
    static const enum insn_id shifts[] = {INSN_slli, INSN_srli, INSN_srai};
    struct rig rig;

    rig_init(&rig);
    for (size_t i = 0; i < COUNT(shifts); i++) {
        uint32_t raw = encode_i(shifts[i], 10, 11, 32);

        rig_expect_trap(&rig, raw, CAUSE_ILLEGAL_INSN, raw);
    }
}
END_TEST

static void run_upper(enum insn_id id, unsigned rd, uint32_t pc, uint32_t imm, uint32_t result)
{
    struct rig rig;
    struct hart expected;

    rig_init(&rig);
    rig.hart.pc = pc;
    expected = rig_next(&rig);
    if (rd)
        expected.x[rd] = result;
    rig_expect_retired(&rig, encode_u(id, rd, imm), &expected);
}

START_TEST(upper_immediates)
{
    run_upper(INSN_lui, 10, RIG_CODE, 0xfffff000, 0xfffff000);
    run_upper(INSN_lui, 10, RIG_CODE, 0x7ffff000, 0x7ffff000);
    run_upper(INSN_lui, 0, RIG_CODE, 0x7ffff000, 0);
    run_upper(INSN_auipc, 10, 0x1004, 0xfffff000, 4);
    run_upper(INSN_auipc, 10, 0xfffff002, 0x00002000, 0x1002);
    run_upper(INSN_auipc, 0, 0x1004, 0x1000, 0);
}
END_TEST

static const struct {
    enum insn_id id;
    uint32_t a, b;
    bool taken;
} branch_vectors[] = {
    {INSN_beq, 5, 5, true},       {INSN_beq, 5, 6, false},      {INSN_bne, 5, 6, true},
    {INSN_bne, 5, 5, false},      {INSN_blt, ONES, 0, true},    {INSN_blt, 0, ONES, false},
    {INSN_blt, MIN, MAX, true},   {INSN_blt, 5, 5, false},      {INSN_bge, 0, ONES, true},
    {INSN_bge, 5, 5, true},       {INSN_bge, MIN, MAX, false},  {INSN_bltu, 0, ONES, true},
    {INSN_bltu, MIN, MAX, false}, {INSN_bltu, 5, 5, false},     {INSN_bgeu, ONES, 0, true},
    {INSN_bgeu, 5, 5, true},      {INSN_bgeu, MAX, MIN, false},
};

START_TEST(branches)
{
    static const int32_t distances[] = {8, -4096, 4094, 2, -2048};
    struct rig rig;

    for (size_t i = 0; i < COUNT(branch_vectors); i++)
        for (size_t d = 0; d < COUNT(distances); d++) {
            struct hart expected;

            rig_init(&rig);
            rig.hart.x[8] = branch_vectors[i].a;
            rig.hart.x[9] = branch_vectors[i].b;
            expected = rig_next(&rig);
            if (branch_vectors[i].taken)
                expected.pc = RIG_CODE + (uint32_t)distances[d];
            rig_expect_retired(&rig, encode_branch(branch_vectors[i].id, 8, 9, distances[d]),
                               &expected);
        }
}
END_TEST

START_TEST(jal_links_and_goes)
{
    static const int32_t distances[] = {8, -1048576, 1048574, 0, 2, 2048};
    struct rig rig;

    for (size_t i = 0; i < COUNT(distances); i++)
        for (unsigned rd = 0; rd < 2; rd++) {
            struct hart expected;

            rig_init(&rig);
            expected = rig_next(&rig);
            if (rd)
                expected.x[1] = RIG_CODE + 4;
            expected.pc = RIG_CODE + (uint32_t)distances[i];
            rig_expect_retired(&rig, encode_jal(rd, distances[i]), &expected);
        }
}
END_TEST

static void run_jalr(unsigned rd, unsigned rs1, uint32_t base, int32_t imm, uint32_t target)
{
    struct rig rig;
    struct hart expected;

    rig_init(&rig);
    if (rs1)
        rig.hart.x[rs1] = base;
    expected = rig_next(&rig);
    if (rd)
        expected.x[rd] = RIG_CODE + 4;
    expected.pc = target;
    rig_expect_retired(&rig, encode_i(INSN_jalr, rd, rs1, imm), &expected);
}

START_TEST(jalr_clears_bit_0_and_may_overwrite_its_base)
{
    run_jalr(1, 5, 0x2000, 4, 0x2004);
    run_jalr(0, 1, 0x2000, -2, 0x1ffe);
    run_jalr(5, 5, 0x2001, 0, 0x2000); /* the old rs1 counts */
    run_jalr(1, 5, 0x2000, 3, 0x2002);
    run_jalr(1, 5, 0xffffffff, 2, 0);
    run_jalr(1, 0, 0, -2048, 0xfffff800);
}
END_TEST

/* Compressed jumps link to 2 bytes on. */
START_TEST(compressed_jumps_link_past_themselves)
{
    struct rig rig;
    struct hart expected;

    rig_init(&rig);
    rig.hart.x[11] = 0x3000;
    expected = rig_next(&rig);
    expected.x[1] = RIG_CODE + 2;
    expected.pc = 0x3000;
    rig_expect_retired(&rig, 0x9582, &expected); /* c.jalr a1 */

    rig_init(&rig);
    expected = rig_next(&rig);
    expected.x[1] = RIG_CODE + 2;
    expected.pc = RIG_CODE + 2046;
    rig_expect_retired(&rig, 0x2ffd, &expected); /* c.jal 2046 */
}
END_TEST

START_TEST(ecall_tells_the_mode_and_ebreak_the_pc)
{
    struct rig rig;

    rig_init(&rig);
    rig_expect_trap(&rig, insn_desc(INSN_ecall)->match, CAUSE_ECALL_SUPERVISOR, 0);
    rig_expect_trap(&rig, insn_desc(INSN_ebreak)->match, CAUSE_BREAKPOINT, RIG_CODE);
    rig_expect_trap(&rig, 0x9002, CAUSE_BREAKPOINT, RIG_CODE); /* c.ebreak */
    rig.hart.mode = HART_USER;
    rig_expect_trap(&rig, insn_desc(INSN_ecall)->match, CAUSE_ECALL_USER, 0);
    rig.hart.mode = HART_SUPERVISOR;
    rig.env.deprivileged = true; /* the CPU is in user mode, whatever the hart says */
    rig_expect_trap(&rig, insn_desc(INSN_ecall)->match, CAUSE_ECALL_USER, 0);
}
END_TEST

static void run_event(uint32_t raw, enum exec_event event)
{
    struct rig rig;
    struct hart expected;

    rig_init(&rig);
    expected = rig_next(&rig);
    rig_expect_retired(&rig, raw, &expected);
    ck_assert_int_eq(rig.env.event, event);
}

START_TEST(fences_and_wfi_only_tell)
{
    run_event(0x0ff0000f, EXEC_NOTHING);
    run_event(0x8330000f, EXEC_NOTHING);            /* fence.tso */
    run_event(0xfffffe8f & ~0x7000u, EXEC_NOTHING); /* reserved fields are ignored */
    run_event(0x0100000f, EXEC_PAUSE);
    run_event(0x0100008f, EXEC_NOTHING); /* as PAUSE, but with an rd, ... */
    run_event(0x1100000f, EXEC_NOTHING); /* ... with a fence mode */
    run_event(0x0000100f, EXEC_FENCE_I);
    run_event(0x10500073, EXEC_WFI);
    run_event(0x12000073, EXEC_SFENCE_VMA);
}
END_TEST

START_TEST(an_event_is_of_the_last_instruction_only)
{
    struct rig rig;

    rig_init(&rig);
    ck_assert(rig_exec(&rig, 0x10500073));
    ck_assert(rig_exec(&rig, 0x00000013));
    ck_assert_int_eq(rig.env.event, EXEC_NOTHING);
}
END_TEST

/* Which operands count is decided by the register's number, even where its value is zero. */
START_TEST(sfence_vma_operands)
{
    struct rig rig;

    rig_init(&rig);
    rig.hart.x[10] = 0;
    rig.hart.x[11] = 0xfffffe03;
    ck_assert(rig_exec(&rig, encode_r(INSN_sfence_vma, 0, 10, 11)));
    ck_assert(rig.env.fence.one_va && rig.env.fence.one_asid);
    ck_assert_uint_eq(rig.env.fence.va, 0);
    ck_assert_uint_eq(rig.env.fence.asid, 0x003); /* ASIDs have 9 bits */
    ck_assert(rig_exec(&rig, encode_r(INSN_sfence_vma, 0, 0, 11)));
    ck_assert(!rig.env.fence.one_va && rig.env.fence.one_asid);
    ck_assert(rig_exec(&rig, encode_r(INSN_sfence_vma, 0, 11, 0)));
    ck_assert(rig.env.fence.one_va && !rig.env.fence.one_asid);
    ck_assert_uint_eq(rig.env.fence.va, 0xfffffe03);
}
END_TEST

/* Every row that the table calls SUPER, and nothing else, is illegal in user mode. */
static void run_in_user_mode(unsigned id, bool deprivileged)
{
    uint32_t raw = insn_desc((enum insn_id)id)->match;
    struct rig rig;
    bool retired;

    rig_init(&rig);
    rig.hart.mode = deprivileged ? HART_SUPERVISOR : HART_USER;
    rig.env.deprivileged = deprivileged;
    retired = rig_exec(&rig, raw);
    if (insn_desc((enum insn_id)id)->privilege == INSN_SUPER) {
        ck_assert(!retired);
        ck_assert_uint_eq(rig.env.trap.tval, raw);
        ck_assert_uint_eq(rig.env.trap.cause, CAUSE_ILLEGAL_INSN);
    } else if (insn_desc((enum insn_id)id)->privilege == INSN_USER && !retired) {
        ck_assert_uint_ne(rig.env.trap.cause, CAUSE_ILLEGAL_INSN);
    }
}

START_TEST(privileged_instructions_are_illegal_in_user_mode)
{
    for (unsigned id = 0; id < INSN_COUNT; id++) {
        run_in_user_mode(id, false);
        run_in_user_mode(id, true);
    }
}
END_TEST

START_TEST(illegal_words_trap_with_their_bits)
{
    static const uint32_t words[] = {0xffffffff, 0x30200073, 0x00052507, 0x0000007f,
                                     0x10300073, 0x7b200073, 0x00002067, 0x00003003,
                                     0x1000302f, 0x10b5252f};
    struct rig rig;

    rig_init(&rig);
    for (size_t i = 0; i < COUNT(words); i++)
        rig_expect_trap(&rig, words[i], CAUSE_ILLEGAL_INSN, words[i]);
    /* Of a compressed one only its 16 bits are told. */
    rig_expect_trap(&rig, 0x12340000, CAUSE_ILLEGAL_INSN, 0);
    rig_expect_trap(&rig, 0x12346108, CAUSE_ILLEGAL_INSN, 0x6108);
}
END_TEST

/* Every row has a vector or a test above that runs it: none is left out by mistake. */
START_TEST(every_arithmetic_row_has_vectors)
{
    for (unsigned id = INSN_add; id <= INSN_remu; id++) {
        unsigned n = 0;

        for (size_t i = 0; i < COUNT(register_vectors); i++)
            n += register_vectors[i].id == id;
        ck_assert_msg(n > 0, "%s", insn_desc((enum insn_id)id)->name);
    }
    for (unsigned id = INSN_addi; id <= INSN_srai; id++) {
        unsigned n = 0;

        for (size_t i = 0; i < COUNT(immediate_vectors); i++)
            n += immediate_vectors[i].id == id;
        ck_assert_msg(n > 0, "%s", insn_desc((enum insn_id)id)->name);
    }
}
END_TEST

SUITE_MAIN("exec", register_register, register_immediate, long_shifts_are_illegal,
           upper_immediates, branches, jal_links_and_goes,
           jalr_clears_bit_0_and_may_overwrite_its_base, compressed_jumps_link_past_themselves,
           ecall_tells_the_mode_and_ebreak_the_pc, fences_and_wfi_only_tell,
           an_event_is_of_the_last_instruction_only, sfence_vma_operands,
           privileged_instructions_are_illegal_in_user_mode, illegal_words_trap_with_their_bits,
           every_arithmetic_row_has_vectors)
