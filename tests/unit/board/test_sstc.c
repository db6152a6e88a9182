/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_sstc.c - the firmware's emulation of stimecmp: each CSR instruction, and whose it is. */
#include "tests/support/boards.h"
#include "tests/support/suite.h"
#include "vmm/board/sstc.h"

enum { LOW = 0x14d, HIGH = 0x15d, A0 = 10, A1 = 11 };
enum { RW = 1, RS, RC, RWI = 5, RSI, RCI };

static struct boards b;

/* csr rd, rs1 (or a number): with bit 0 and 1 of the opcode set. */
static struct trap access_to(uint32_t csr, uint32_t funct3, uint32_t rd, uint32_t rs1)
{
    return (struct trap){.cause = CAUSE_ILLEGAL_INSN,
                         .tval = csr << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | 0x73};
}

static void run(uint32_t csr, uint32_t funct3, uint32_t rd, uint32_t rs1)
{
    const struct trap trap = access_to(csr, funct3, rd, rs1);

    ck_assert(board_serves(&b.hart, &trap));
    board_trap(&b.board, &b.hart, &trap);
}

static void begin(void)
{
    boards_init(&b, "");
    b.hart.mode = HART_SUPERVISOR;
    b.hart.pc = 0x1000;
    b.hart.stvec = 0x2000;
}

START_TEST(every_instruction)
{
    begin();
    ck_assert_uint_eq(b.board.deadline, BOARD_NEVER);
    b.hart.x[A1] = 0x12345678;
    run(LOW, RW, A0, A1);
    ck_assert_uint_eq(b.hart.x[A0], UINT32_MAX);
    ck_assert_uint_eq(b.board.deadline, 0xffffffff12345678u);
    ck_assert_uint_eq(b.hart.pc, 0x1004);
    run(HIGH, RWI, 0, 5);
    ck_assert_uint_eq(b.board.deadline, 0x512345678u);
    ck_assert_uint_eq(b.hart.x[0], 0);
    run(HIGH, RSI, A0, 8);
    ck_assert_uint_eq(b.hart.x[A0], 5);
    ck_assert_uint_eq(b.board.deadline, 0xd12345678u);
    run(HIGH, RCI, A0, 4);
    ck_assert_uint_eq(b.board.deadline, 0x912345678u);
    b.hart.x[A1] = 0x000000ff;
    run(LOW, RS, A0, A1);
    ck_assert_uint_eq(b.hart.x[A0], 0x12345678);
    ck_assert_uint_eq(b.board.deadline, 0x9123456ffu);
    run(LOW, RC, A1, A1);
    ck_assert_uint_eq(b.hart.x[A1], 0x123456ff);
    ck_assert_uint_eq(b.board.deadline, 0x912345600u);
    run(LOW, RS, A0, 0); /* csrr */
    ck_assert_uint_eq(b.hart.x[A0], 0x12345600);
    ck_assert_uint_eq(b.board.deadline, 0x912345600u);
    ck_assert_uint_eq(b.hart.pc, 0x101c);
    ck_assert_uint_eq(b.hart.mode, HART_SUPERVISOR);
    ck_assert_uint_eq(b.hart.retired, 0);
}
END_TEST

START_TEST(it_is_the_timer)
{
    begin();
    b.hart.sie = IRQ_BIT(IRQ_STIMER);
    b.hart.sstatus = SSTATUS_SIE;
    run(HIGH, RW, 0, 0);
    b.hart.x[A1] = 100;
    run(LOW, RW, 0, A1);
    ck_assert_uint_eq(board_budget(&b.board, &b.hart), 100);
    ck_assert_uint_eq(board_interrupt(&b.board, &b.hart), 0);
    b.hart.retired = 100;
    ck_assert_uint_eq(board_interrupt(&b.board, &b.hart), CAUSE_INTERRUPT | IRQ_STIMER);
}
END_TEST

/* All else is the guest's own trap. */
START_TEST(nothing_else_is_served)
{
    const struct trap traps[] = {
        access_to(LOW - 1, RS, A0, 0), access_to(HIGH + 1, RS, A0, 0),
        access_to(LOW, 0, A0, 0),      access_to(LOW, 4, A0, 0),
        {.cause = CAUSE_ILLEGAL_INSN}, {.cause = CAUSE_LOAD_ACCESS, .tval = LOW << 20 | 0x2073},
    };
    const struct trap user = access_to(LOW, RS, A0, 0);

    for (unsigned i = 0; i < sizeof traps / sizeof traps[0]; i++) {
        begin();
        ck_assert(!board_serves(&b.hart, &traps[i]));
        board_trap(&b.board, &b.hart, &traps[i]);
        ck_assert_uint_eq(b.hart.pc, 0x2000);
        ck_assert_uint_eq(b.board.deadline, BOARD_NEVER);
    }
    begin();
    b.hart.mode = HART_USER;
    ck_assert(!board_serves(&b.hart, &user));
    board_trap(&b.board, &b.hart, &user);
    ck_assert_uint_eq(b.hart.pc, 0x2000);
    ck_assert_uint_eq(b.hart.scause, CAUSE_ILLEGAL_INSN);
}
END_TEST

SUITE_MAIN("sstc", every_instruction, it_is_the_timer, nothing_else_is_served)
