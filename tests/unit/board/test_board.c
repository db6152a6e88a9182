/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_board.c - boot, delivery of traps and interrupts, the timer, waiting, and which device
 * is where.
 */
#include "isa/csr.h"
#include "tests/support/boards.h"
#include "tests/support/suite.h"
#include "vmm/board/timer.h"

static struct boards b;

static void trap(uint32_t cause)
{
    struct trap it = {.cause = cause, .tval = 0x77};

    board_trap(&b.board, &b.hart, &it);
}

START_TEST(boot_sets_what_a_kernel_is_told)
{
    boards_init(&b, "");
    b.hart.x[5] = 1;
    board_boot(&b.hart, 0x1234, 0x5678);
    ck_assert_uint_eq(b.hart.pc, 0x1234);
    ck_assert_uint_eq(b.hart.x[10], 0);
    ck_assert_uint_eq(b.hart.x[11], 0x5678);
    ck_assert_uint_eq(b.hart.x[5], 0);
    ck_assert_uint_eq(b.hart.mode, HART_SUPERVISOR);
    ck_assert_uint_eq(b.hart.satp | b.hart.sstatus | b.hart.sie, 0);
    ck_assert_uint_eq(b.hart.scounteren, 7);
    ck_assert_uint_eq(b.board.power, BOARD_ON);
}
END_TEST

START_TEST(traps_go_to_the_handler_calls_to_firmware)
{
    boards_init(&b, "");
    b.hart.stvec = 0x900;
    trap(CAUSE_ECALL_USER);
    ck_assert_uint_eq(b.hart.pc, 0x900);
    ck_assert_uint_eq(b.hart.sepc, BOARDS_BASE);
    ck_assert_uint_eq(b.hart.scause, CAUSE_ECALL_USER);
    ck_assert_uint_eq(b.hart.stval, 0x77);
    b.hart.x[17] = 0x10;
    b.hart.reservation.valid = true;
    trap(CAUSE_ECALL_SUPERVISOR);
    ck_assert_uint_eq(b.hart.pc, 0x904);
    ck_assert_uint_eq(b.hart.scause, CAUSE_ECALL_USER);
    ck_assert(!b.hart.reservation.valid);
    ck_assert_uint_eq(b.traps, 2);
    ck_assert_uint_eq(b.board.traps, 2);
    ck_assert_uint_eq(b.last.cause, CAUSE_ECALL_SUPERVISOR);
}
END_TEST

/* Traps without an instruction between them, and no end of that. One instruction is enough. */
START_TEST(endless_traps_are_noticed)
{
    unsigned count = 0;

    boards_init(&b, "");
    for (unsigned i = 0; i < 900; i++)
        trap(CAUSE_ILLEGAL_INSN);
    b.hart.retired++;
    for (unsigned i = 0; i < 900; i++)
        trap(CAUSE_ILLEGAL_INSN);
    ck_assert_uint_eq(b.board.power, BOARD_ON);
    for (; b.board.power == BOARD_ON && count < 1000; count++)
        trap(CAUSE_ILLEGAL_INSN);
    ck_assert_uint_eq(b.board.power, BOARD_STUCK);
    ck_assert_uint_eq(count, 1001 - 900);
}
END_TEST

START_TEST(the_timer_is_pending_from_its_deadline_on)
{
    boards_init(&b, "");
    timer_set(&b.board, 100);
    ck_assert_uint_eq(board_budget(&b.board, &b.hart), 100);
    b.hart.retired = 60;
    b.hart.skipped = 39;
    ck_assert_uint_eq(board_interrupt(&b.board, &b.hart), 0);
    ck_assert_uint_eq(b.hart.sip, 0);
    ck_assert_uint_eq(board_budget(&b.board, &b.hart), 1);
    b.hart.retired++;
    ck_assert_uint_eq(board_interrupt(&b.board, &b.hart), 0); /* not enabled */
    ck_assert_uint_eq(b.hart.sip, IRQ_BIT(IRQ_STIMER));
    ck_assert_uint_eq(board_budget(&b.board, &b.hart), BOARD_NEVER);
    b.hart.sie = IRQ_BIT(IRQ_STIMER);
    ck_assert_uint_eq(board_interrupt(&b.board, &b.hart), 0);
    b.hart.sstatus = SSTATUS_SIE;
    ck_assert_uint_eq(board_interrupt(&b.board, &b.hart), CAUSE_INTERRUPT | IRQ_STIMER);
    trap(CAUSE_INTERRUPT | IRQ_STIMER);
    ck_assert_uint_eq(b.last.cause, CAUSE_INTERRUPT | IRQ_STIMER);
    ck_assert_uint_eq(board_interrupt(&b.board, &b.hart), 0); /* SIE is 0 in the handler */
    timer_set(&b.board, BOARD_NEVER);
    ck_assert_uint_eq(board_interrupt(&b.board, &b.hart), 0);
    ck_assert_uint_eq(b.hart.sip, 0);
}
END_TEST

START_TEST(waiting_ends_at_the_deadline_if_it_may)
{
    boards_init(&b, "");
    timer_set(&b.board, 500);
    b.hart.retired = 100;
    b.hart.sie = IRQ_BIT(IRQ_STIMER);
    ck_assert_uint_eq(board_wait(&b.board, &b.hart), 400);
    b.hart.sip = IRQ_BIT(IRQ_SSOFT);
    ck_assert_uint_eq(board_wait(&b.board, &b.hart), 400); /* pending, not enabled */
    b.hart.sie |= IRQ_BIT(IRQ_SSOFT);
    ck_assert_uint_eq(board_wait(&b.board, &b.hart), 0);
    b.hart.sip = 0;
    timer_set(&b.board, 50);
    ck_assert_uint_eq(board_wait(&b.board, &b.hart), 0);
    ck_assert_uint_eq(b.board.power, BOARD_ON);
}
END_TEST

START_TEST(waiting_for_nothing_is_the_end)
{
    boards_init(&b, "");
    timer_set(&b.board, 500); /* but its interrupt is not enabled */
    b.hart.sie = IRQ_BIT(IRQ_SEXT) | IRQ_BIT(IRQ_SSOFT);
    ck_assert_uint_eq(board_wait(&b.board, &b.hart), BOARD_NEVER);
    ck_assert_uint_eq(b.board.power, BOARD_IDLE);
    boards_init(&b, "");
    b.hart.sie = IRQ_BIT(IRQ_STIMER);
    ck_assert_uint_eq(board_wait(&b.board, &b.hart), BOARD_NEVER);
    ck_assert_uint_eq(b.board.power, BOARD_IDLE);
}
END_TEST

/* Each width reaches the UART; where nothing is every address fails. */
START_TEST(devices_are_where_they_are)
{
    static const uint64_t nowhere[] = {0,
                                       BOARD_UART_BASE - 1,
                                       BOARD_UART_BASE + BOARD_UART_SIZE,
                                       BOARD_PLIC_BASE - 4,
                                       BOARD_PLIC_BASE + BOARD_PLIC_SIZE,
                                       BOARD_FINISHER_BASE - 4,
                                       BOARD_RTC_BASE + BOARD_RTC_SIZE,
                                       BOARD_UART_BASE + (1ull << 32),
                                       (1ull << 34) - 1};
    uint32_t value = 'x';

    boards_init(&b, "");
    for (unsigned i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++) {
        ck_assert(!board_io(&b.board, 0, nowhere[i], 1, false, &value));
        ck_assert(!board_io(&b.board, 0, nowhere[i], 4, true, &value));
    }
    ck_assert_uint_eq(b.out_len, 0);
    for (unsigned width = 1; width <= 4; width *= 2) {
        value = 0x12345600 | 'x';
        ck_assert(board_io(&b.board, 0, BOARD_UART_BASE, width, true, &value));
        value = 0xffffffff;
        ck_assert(board_io(&b.board, 0, BOARD_UART_BASE + 4, width, false, &value));
        ck_assert_uint_eq(value, 0);
    }
    ck_assert_uint_eq(b.out_len, 3);
    ck_assert_mem_eq(b.out, "xxx", 3);
}
END_TEST

START_TEST(every_end_has_its_text)
{
    for (unsigned i = BOARD_ON; i <= BOARD_RESTART; i++)
        for (unsigned j = BOARD_ON; j < i; j++)
            ck_assert_str_ne(board_power_text((enum board_power)i),
                             board_power_text((enum board_power)j));
}
END_TEST

SUITE_MAIN("board", boot_sets_what_a_kernel_is_told, traps_go_to_the_handler_calls_to_firmware,
           endless_traps_are_noticed, the_timer_is_pending_from_its_deadline_on,
           waiting_ends_at_the_deadline_if_it_may, waiting_for_nothing_is_the_end,
           devices_are_where_they_are, every_end_has_its_text)
