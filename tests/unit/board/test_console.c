/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_console.c - the UART, after the PC16550D and QEMU's, and that no typed byte is lost. */
#include "tests/support/boards.h"
#include "tests/support/suite.h"
#include "vmm/board/console.h"
#include "vmm/board/uart.h"

enum { DATA, IER, IIR, LCR, MCR, LSR, MSR, SCR };
#define DLAB 0x80

static struct boards b;

static uint32_t load(unsigned offset)
{
    return uart_load(&b.board, offset);
}

static void store(unsigned offset, uint8_t value)
{
    uart_store(&b.board, offset, value);
}

START_TEST(reset_state)
{
    boards_init(&b, "");
    ck_assert_uint_eq(load(IER), 0);
    ck_assert_uint_eq(load(IIR), 0xc1); /* as OpenSBI leaves it: FIFOs, 8 bits, 115200 baud */
    ck_assert_uint_eq(load(LCR), 3);
    ck_assert_uint_eq(load(MCR), 0);
    ck_assert_uint_eq(load(LSR), 0x60); /* transmitter empty, nothing received */
    ck_assert_uint_eq(load(MSR), 0xb0);
    ck_assert_uint_eq(load(SCR), 0);
    store(LCR, DLAB);
    ck_assert_uint_eq(load(DATA), 2);
    ck_assert_uint_eq(load(IER), 0);
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
    ck_assert_uint_eq(load(IIR), 0x02); /* its FIFO was cleared */
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

/* ---- Loop mode: what is sent comes back ---- */

#define LOOP 0x10
#define OVERRUN 0x02
#define FIFO_LEVEL_4 0x41

/* Of 10 bits, each of 16 clocks, divided by 2. */
#define FOUR_CHARACTERS (10 * 2 * (64ull * BOARD_TIMEBASE_HZ / BOARD_UART_HZ))

static void loop(const char *typed, uint8_t fcr, uint8_t ier)
{
    boards_init(&b, typed);
    b.board.now = 1000;
    store(IIR, fcr);
    store(IER, ier);
    store(MCR, LOOP);
}

static void send(const char *bytes)
{
    while (*bytes)
        store(DATA, (uint8_t)*bytes++);
}

static void receives(const char *bytes)
{
    for (; *bytes; bytes++) {
        ck_assert_uint_eq(load(LSR), 0x61);
        ck_assert_uint_eq(load(DATA), (uint8_t)*bytes);
    }
    ck_assert_uint_eq(load(LSR), 0x60);
    ck_assert_uint_eq(load(DATA), 0);
}

START_TEST(the_fifo_holds_sixteen_bytes)
{
    loop("", 1, 0);
    send("0123456789abcdef");
    receives("0123456789abcdef");
    send("0123456789abcdefgh");
    ck_assert_uint_eq(load(LSR), 0x61 | OVERRUN);
    receives("0123456789abcdef"); /* what did not fit is lost, and told of once */
    ck_assert_uint_eq(b.out_len, 0);
    ck_assert_uint_eq(b.in_calls, 0);
}
END_TEST

START_TEST(without_fifo_there_is_one_byte)
{
    loop("", 0, 0);
    send("x");
    receives("x");
    send("xyz");
    ck_assert_uint_eq(load(LSR), 0x61 | OVERRUN);
    receives("z");
}
END_TEST

START_TEST(an_overrun_interrupts)
{
    loop("", 0, 0x07);
    send("xy");
    ck_assert_uint_eq(load(IIR), 0x06);
    ck_assert(uart_pending(&b.board));
    ck_assert_uint_eq(load(LSR), 0x61 | OVERRUN);
    ck_assert_uint_eq(load(IIR), 0x04);
    ck_assert_uint_eq(load(DATA), 'y');
    ck_assert_uint_eq(load(IIR), 0x02);
    ck_assert_uint_eq(load(IIR), 0x01);
    ck_assert(!uart_pending(&b.board));
}
END_TEST

/* Clearing is for one FIFO; to enable or disable them clears both. The level stays. */
START_TEST(fifos_are_cleared)
{
    loop("", 1, 0x02);
    ck_assert_uint_eq(load(IIR), 0xc2);
    send("ab");
    (void)load(IIR);
    store(IIR, 0x03);
    receives("");
    ck_assert_uint_eq(load(IIR), 0xc1);
    send("ab");
    (void)load(IIR);
    store(IIR, 0x05);
    ck_assert_uint_eq(load(IIR), 0xc2); /* the transmitter's has become empty */
    receives("ab");
    send("ab");
    (void)load(IIR);
    store(IIR, 0x00);
    receives("");
    ck_assert_uint_eq(load(IIR), 0x02);
    send("a");
    store(IIR, 0x01);
    receives("");
}
END_TEST

START_TEST(levels)
{
    static const uint8_t levels[] = {1, 4, 8, 14};

    for (unsigned i = 0; i < 4; i++) {
        loop("", (uint8_t)(1 | i << 6), 0x01);
        for (unsigned n = 1; n < levels[i]; n++) {
            send("x");
            ck_assert_uint_eq(load(IIR), 0xc1);
        }
        send("x");
        ck_assert_uint_eq(load(IIR), 0xc4);
        (void)load(DATA);
        ck_assert_uint_eq(load(IIR), 0xc1);
    }
}
END_TEST

/* What is below the level is told of when nothing has come or gone for four characters. */
START_TEST(silence_interrupts)
{
    loop("", FIFO_LEVEL_4, 0x01);
    ck_assert_uint_eq(uart_alarm(&b.board.console.uart, 0), BOARD_NEVER);
    send("abc");
    ck_assert_uint_eq(uart_alarm(&b.board.console.uart, 1000), 1000 + FOUR_CHARACTERS);
    b.board.now += FOUR_CHARACTERS - 1;
    ck_assert_uint_eq(load(IIR), 0xc1);
    b.board.now++;
    ck_assert_uint_eq(load(IIR), 0xcc);
    ck_assert_uint_eq(uart_alarm(&b.board.console.uart, b.board.now), BOARD_NEVER);
    ck_assert_uint_eq(load(DATA), 'a'); /* from here again */
    ck_assert_uint_eq(load(IIR), 0xc1);
    b.board.now += FOUR_CHARACTERS;
    ck_assert_uint_eq(load(IIR), 0xcc);
    ck_assert_uint_eq(load(DATA), 'b');
    ck_assert_uint_eq(load(DATA), 'c');
    b.board.now += FOUR_CHARACTERS;
    ck_assert_uint_eq(load(IIR), 0xc1);
    ck_assert_uint_eq(uart_alarm(&b.board.console.uart, 0), BOARD_NEVER);
}
END_TEST

/* Slower, and longer characters: the rate is what it was programmed to. */
START_TEST(silence_is_measured_in_characters)
{
    loop("", FIFO_LEVEL_4, 0x01);
    store(LCR, DLAB);
    store(DATA, 0x80);
    store(IER, 0x01);
    store(LCR, 0x0f); /* 8 bits, parity, two stop bits */
    send("a");
    ck_assert_uint_eq(uart_alarm(&b.board.console.uart, 0),
                      1000 + 12 * 0x180 * (64ull * BOARD_TIMEBASE_HZ / BOARD_UART_HZ));
}
END_TEST

/* In loop mode the line is cut: what was typed comes when it is over. */
START_TEST(loop_mode_loses_no_typed_byte)
{
    loop("typed", 1, 0x01);
    store(MCR, 0);
    ck_assert_uint_eq(load(LSR), 0x61);
    store(MCR, LOOP);
    ck_assert_uint_eq(load(IIR), 0xc1);
    receives("");
    send("ab");
    ck_assert_uint_eq(load(DATA), 'a');
    store(MCR, 0);
    receives("btyped"); /* what had come back is still there */
}
END_TEST

/* Nothing more comes with a typed byte: it has been silent. */
START_TEST(a_typed_byte_is_below_the_level)
{
    boards_init(&b, "k");
    store(IIR, FIFO_LEVEL_4);
    store(IER, 0x01);
    ck_assert_uint_eq(load(IIR), 0xc1);
    (void)load(LSR);
    ck_assert_uint_eq(load(IIR), 0xcc);
    store(IIR, 1);
    ck_assert_uint_eq(load(IIR), 0xc4);
    store(IIR, 0);
    ck_assert_uint_eq(load(IIR), 0x04);
}
END_TEST

SUITE_MAIN("console", reset_state, registers_hold_what_they_can,
           the_divisor_latch_is_behind_dlab, looking_loses_nothing,
           a_host_without_a_console_is_none, bytes_go_out_as_they_are,
           the_fifo_holds_sixteen_bytes, without_fifo_there_is_one_byte, an_overrun_interrupts,
           fifos_are_cleared, levels, silence_interrupts, silence_is_measured_in_characters,
           loop_mode_loses_no_typed_byte, a_typed_byte_is_below_the_level)
