/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_console.c - the UART's registers, after the PC16550D, and that no typed byte is lost. */
#include "tests/support/boards.h"
#include "tests/support/suite.h"
#include "vmm/board/console.h"

enum { DATA, IER, IIR, LCR, MCR, LSR, MSR, SCR };
#define DLAB 0x80

static struct boards b;

static uint32_t load(unsigned offset)
{
    return console_uart_load(&b.board, offset);
}

static void store(unsigned offset, uint8_t value)
{
    console_uart_store(&b.board, offset, value);
}

START_TEST(reset_state)
{
    boards_init(&b, "");
    ck_assert_uint_eq(load(IER), 0);
    ck_assert_uint_eq(load(IIR), 0x01);
    ck_assert_uint_eq(load(LCR), 0);
    ck_assert_uint_eq(load(MCR), 0);
    ck_assert_uint_eq(load(LSR), 0x60); /* transmitter empty, nothing received */
    ck_assert_uint_eq(load(MSR), 0xb0);
    ck_assert_uint_eq(load(SCR), 0);
    ck_assert_uint_eq(load(8), 0);
}
END_TEST

START_TEST(registers_hold_what_they_can)
{
    boards_init(&b, "");
    for (unsigned offset = IER; offset <= SCR; offset++)
        if (offset != LCR)
            store(offset, 0xff);
    ck_assert_uint_eq(load(IER), 0x0f);
    ck_assert_uint_eq(load(IIR), 0xc2); /* FIFOs on; the transmitter is empty */
    ck_assert_uint_eq(load(IIR), 0xc1); /* ...and that was told */
    ck_assert_uint_eq(load(MCR), 0x1f);
    ck_assert_uint_eq(load(LSR), 0x60);
    ck_assert_uint_eq(load(MSR), 0xf0); /* loop mode: all its outputs */
    ck_assert_uint_eq(load(SCR), 0xff);
    store(MCR, 0);
    ck_assert_uint_eq(load(MSR), 0xb0);
    store(IIR, 0);
    ck_assert_uint_eq(load(IIR), 0x01);
    store(LCR, 0x7f);
    ck_assert_uint_eq(load(LCR), 0x7f);
    ck_assert_uint_eq(b.out_len, 0);
}
END_TEST

START_TEST(the_divisor_latch_is_behind_dlab)
{
    boards_init(&b, "k");
    store(IER, 0x05);
    store(LCR, DLAB);
    store(DATA, 0x34);
    store(IER, 0x12);
    ck_assert_uint_eq(load(DATA), 0x34);
    ck_assert_uint_eq(load(IER), 0x12);
    ck_assert_uint_eq(b.out_len + b.in_calls, 0);
    store(LCR, 3);
    ck_assert_uint_eq(load(IER), 0x05);
    ck_assert_uint_eq(load(DATA), 'k');
    store(DATA, 'z');
    ck_assert_uint_eq(b.out_len, 1);
    store(LCR, DLAB);
    ck_assert_uint_eq(load(DATA), 0x34);
}
END_TEST

/* Asking whether there is a byte takes it from the host, not from the guest. */
START_TEST(looking_loses_nothing)
{
    boards_init(&b, "ab");
    ck_assert_uint_eq(load(LSR), 0x61);
    ck_assert_uint_eq(load(LSR), 0x61);
    ck_assert_uint_eq(b.in_calls, 1);
    ck_assert_int_eq(console_read(&b.board), 'a'); /* by the firmware's way */
    ck_assert_uint_eq(load(DATA), 'b');
    ck_assert_uint_eq(load(LSR), 0x60);
    ck_assert_uint_eq(load(DATA), 0);
    ck_assert_int_eq(console_read(&b.board), -1);
    b.in = "\xff\x80";
    ck_assert_uint_eq(load(LSR), 0x61);
    ck_assert_uint_eq(load(DATA), 0xff);
    ck_assert_uint_eq(load(DATA), 0x80);
}
END_TEST

START_TEST(a_host_without_a_console_is_none)
{
    boards_init(&b, "");
    b.board.host = (struct board_host){0};
    store(DATA, 'x');
    console_write(&b.board, (const uint8_t *)"abc", 3);
    ck_assert_uint_eq(load(LSR), 0x60);
    ck_assert_int_eq(console_read(&b.board), -1);
    ck_assert_uint_eq(b.out_len, 0);
}
END_TEST

START_TEST(bytes_go_out_as_they_are)
{
    const uint8_t bytes[] = {0, 1, 0x7f, 0x80, 0xff, '\n'};

    boards_init(&b, "");
    console_write(&b.board, bytes, sizeof bytes);
    console_write(&b.board, bytes, 0);
    for (unsigned i = 0; i < sizeof bytes; i++)
        store(DATA, bytes[i]);
    ck_assert_uint_eq(b.out_len, 2 * sizeof bytes);
    ck_assert_uint_eq(b.out_calls, 1 + sizeof bytes);
    ck_assert_mem_eq(b.out, bytes, sizeof bytes);
    ck_assert_mem_eq(b.out + sizeof bytes, bytes, sizeof bytes);
}
END_TEST

SUITE_MAIN("console", reset_state, registers_hold_what_they_can,
           the_divisor_latch_is_behind_dlab, looking_loses_nothing,
           a_host_without_a_console_is_none, bytes_go_out_as_they_are)
