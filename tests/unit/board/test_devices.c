/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_devices.c - the board's small devices: clock and finisher; the UART's interrupt, through the
 * PLIC to a hart; which access widths devices accept; and that their fields by name are complete.
 */
#include "isa/csr.h"
#include "tests/support/boards.h"
#include "tests/support/suite.h"
#include "vmm/board/restart.h"

enum { TIME_LOW = 0, TIME_HIGH = 4, ALARM_LOW = 8, ALARM_HIGH = 12, ENABLED = 16 };
enum { CLEAR_ALARM = 20, ALARM_STATUS = 24, CLEAR_INTERRUPT = 28 };

#define NS_AT_RESET (RTC_START * 1000000000ull)
#define UART_DATA BOARD_UART_BASE
#define UART_IER (BOARD_UART_BASE + 1)
#define UART_IIR (BOARD_UART_BASE + 2)
#define UART_MCR (BOARD_UART_BASE + 4)
#define UART_MSR (BOARD_UART_BASE + 6)
#define PLIC_ENABLE (BOARD_PLIC_BASE + 0x2080)
#define PLIC_CLAIM (BOARD_PLIC_BASE + 0x201004)

static struct boards b;

static uint32_t load(uint64_t pa, unsigned width)
{
    uint32_t value = 0xdeadbeef;

    ck_assert(board_io(&b.board, hart_time(&b.hart), pa, width, false, &value));
    board_advance(&b.board, hart_time(&b.hart));
    return value;
}

static void store(uint64_t pa, unsigned width, uint32_t value)
{
    ck_assert(board_io(&b.board, hart_time(&b.hart), pa, width, true, &value));
    board_advance(&b.board, hart_time(&b.hart));
}

static uint32_t interrupt(void)
{
    board_advance(&b.board, hart_time(&b.hart));
    return board_interrupt(&b.board, &b.hart);
}

static uint64_t clock_ns(void)
{
    uint64_t low = load(BOARD_RTC_BASE + TIME_LOW, 4);

    return (uint64_t)load(BOARD_RTC_BASE + TIME_HIGH, 4) << 32 | low;
}

static void external_on(unsigned source)
{
    store(BOARD_PLIC_BASE + 4 * source, 4, 1);
    store(PLIC_ENABLE, 4, 1u << source);
    b.hart.sie = IRQ_BIT(IRQ_SEXT);
    b.hart.sstatus = SSTATUS_SIE;
}

START_TEST(the_clock_is_virtual_time)
{
    boards_init(&b, "");
    ck_assert_uint_eq(clock_ns(), NS_AT_RESET);
    b.hart.retired = 5;
    b.hart.skipped = BOARD_TIMEBASE_HZ;
    ck_assert_uint_eq(clock_ns(), NS_AT_RESET + 1000000050u);
    store(BOARD_RTC_BASE + TIME_HIGH, 4, 7);
    store(BOARD_RTC_BASE + TIME_LOW, 4, 1000);
    ck_assert_uint_eq(clock_ns(), (7ull << 32) + 1000);
    b.hart.retired++;
    ck_assert_uint_eq(clock_ns(), (7ull << 32) + 1010);
}
END_TEST

static void set_alarm(uint64_t ns)
{
    store(BOARD_RTC_BASE + ALARM_HIGH, 4, (uint32_t)(ns >> 32));
    store(BOARD_RTC_BASE + ALARM_LOW, 4, (uint32_t)ns);
}

START_TEST(the_alarm_comes_at_its_tick)
{
    boards_init(&b, "");
    external_on(BOARD_RTC_SOURCE);
    store(BOARD_RTC_BASE + ENABLED, 4, 1);
    set_alarm(NS_AT_RESET + 1005);
    ck_assert_uint_eq(load(BOARD_RTC_BASE + ALARM_STATUS, 4), 1);
    ck_assert_uint_eq(interrupt(), 0);
    ck_assert_uint_eq(board_budget(&b.board, &b.hart), 101); /* 1005 ns, rounded up */
    ck_assert_uint_eq(board_wait(&b.board, &b.hart), 101);
    b.hart.retired = 100;
    ck_assert_uint_eq(interrupt(), 0);
    b.hart.retired = 101;
    ck_assert_uint_eq(interrupt(), CAUSE_INTERRUPT | IRQ_SEXT);
    ck_assert_uint_eq(load(PLIC_CLAIM, 4), BOARD_RTC_SOURCE);
    ck_assert_uint_eq(load(BOARD_RTC_BASE + ALARM_STATUS, 4), 0);
    store(BOARD_RTC_BASE + CLEAR_INTERRUPT, 4, 1);
    ck_assert_uint_eq(interrupt(), 0);
    store(PLIC_CLAIM, 4, BOARD_RTC_SOURCE);
    ck_assert_uint_eq(interrupt(), 0);
    set_alarm(0); /* in the past: at once */
    ck_assert_uint_eq(interrupt(), CAUSE_INTERRUPT | IRQ_SEXT);
    store(BOARD_RTC_BASE + CLEAR_ALARM, 4, 1);
    set_alarm(UINT64_MAX);
    (void)interrupt();
    ck_assert_uint_gt(board_budget(&b.board, &b.hart), 1ull << 60);
}
END_TEST

static bool load_again(void *owner, struct board *board, struct board_entry *entry)
{
    ++*(unsigned *)owner;
    ck_assert_ptr_eq(board, &b.board);
    *entry = (struct board_entry){BOARDS_BASE + 8, 77};
    return true;
}

static void clear(struct board *board, uint64_t pa, uint64_t len)
{
    (void)board;
    memset(b.ram + (pa - BOARDS_BASE), 0, len);
}

/* Everything but what is outside, time and counts is as at first. */
START_TEST(a_restart_resets_all)
{
    for (enum restart_kind kind = RESTART_WARM; kind <= RESTART_COLD; kind++) {
        unsigned loaded = 0;

        boards_init(&b, "typed");
        b.board.host.images = (struct board_images){load_again, &loaded};
        b.board.clear = clear;
        b.board.slots[1].page_size = 4096;
        b.board.slots[1].random = 12345;
        b.ram[99] = 5;
        b.hart.retired = 1000;
        b.hart.skipped = 10;
        b.hart.satp = b.hart.x[5] = 1;
        b.board.deadline = 7;
        store(PLIC_ENABLE, 4, 1u << BOARD_RTC_SOURCE);
        store(BOARD_RTC_BASE + ENABLED, 4, 1);
        store(BOARD_RTC_BASE + TIME_HIGH, 4, 1);
        set_alarm(0);
        store(BOARD_UART_BASE + 7, 1, 3);
        ck_assert_uint_eq(load(BOARD_UART_BASE + 5, 1) & 1, 1); /* a byte is there, unread */
        (void)interrupt();
        if (kind == RESTART_WARM)
            store(BOARD_FINISHER_BASE, 4, 0x7777);
        else
            restart_ask(&b.board, kind, BOARD_OFF);
        ck_assert_uint_eq(b.board.power, BOARD_RESTART);
        ck_assert(restart_board(&b.board, &b.hart, &b.hart));
        ck_assert(b.board.power == BOARD_ON && b.board.restarts == 1 && loaded == 1);
        ck_assert_uint_eq(b.ram[99], kind == RESTART_WARM ? 5 : 0);
        ck_assert(b.hart.pc == BOARDS_BASE + 8 && b.hart.x[11] == 77 && !b.hart.x[5]);
        ck_assert(!b.hart.satp && b.hart.retired == 1000 && b.hart.skipped == 10);
        ck_assert(b.board.deadline == BOARD_NEVER && !interrupt());
        ck_assert_uint_eq(load(PLIC_ENABLE, 4), 0);
        ck_assert(b.board.slots[1].page_size == 1 && b.board.slots[1].random == 12345);
        ck_assert_uint_eq(load(BOARD_RTC_BASE + ENABLED, 4), 0);
        ck_assert_uint_eq(b.board.rtc.offset / 1000000000u, RTC_START);
        ck_assert_uint_eq(load(BOARD_UART_BASE + 7, 1), 0);
        ck_assert_uint_eq(load(BOARD_UART_BASE, 1), 't');
    }
}
END_TEST

START_TEST(the_finisher_ends_it)
{
    static const struct {
        uint32_t value;
        enum board_power power;
    } cases[] = {{0x5555, BOARD_OFF}, {0x3333, BOARD_FAILED}, {0x00013333, BOARD_FAILED},
                 {0x7777, BOARD_OFF}, /* there are no images to start again with */
                 {0, BOARD_ON},       {0x1234, BOARD_ON}};

    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        boards_init(&b, "");
        store(BOARD_FINISHER_BASE, 4, cases[i].value);
        ck_assert_uint_eq(b.board.power, cases[i].power);
        ck_assert_uint_eq(load(BOARD_FINISHER_BASE, 4), 0);
    }
    boards_init(&b, "");
    store(BOARD_FINISHER_BASE + 4, 4, 0x5555);
    ck_assert_uint_eq(b.board.power, BOARD_ON);
}
END_TEST

START_TEST(widths_are_qemus)
{
    static const struct {
        uint64_t pa;
        unsigned widths; /* 1, 2, 4: those that it takes, as a set */
    } cases[] = {{BOARD_UART_BASE, 7},
                 {BOARD_FINISHER_BASE, 6},
                 {BOARD_PLIC_BASE, 4},
                 {BOARD_RTC_BASE, 4}};
    uint32_t value = 0;

    boards_init(&b, "");
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (unsigned width = 1; width <= 4; width *= 2)
            for (unsigned write = 0; write < 2; write++)
                ck_assert(board_io(&b.board, 0, cases[i].pa, width, write, &value) ==
                          ((cases[i].widths & width) != 0));
}
END_TEST

/* Received: asked for from time to time, at counts that do not depend on who looks when. */
START_TEST(a_typed_byte_interrupts)
{
    boards_init(&b, "");
    external_on(BOARD_UART_SOURCE);
    ck_assert_uint_eq(interrupt(), 0);
    ck_assert_uint_eq(b.in_calls, 0); /* nobody listens */
    store(UART_IER, 1, 1);
    ck_assert_uint_eq(interrupt(), 0);
    ck_assert_uint_eq(b.in_calls, 1);
    ck_assert_uint_eq(board_budget(&b.board, &b.hart), BOARD_LOOK_TICKS);
    b.in = "k";
    b.hart.retired = BOARD_LOOK_TICKS - 1;
    ck_assert_uint_eq(interrupt(), 0);
    ck_assert_uint_eq(b.in_calls, 1);
    b.hart.retired++;
    ck_assert_uint_eq(interrupt(), CAUSE_INTERRUPT | IRQ_SEXT);
    ck_assert_uint_eq(b.hart.sip, IRQ_BIT(IRQ_SEXT));
    ck_assert_uint_eq(load(PLIC_CLAIM, 4), BOARD_UART_SOURCE);
    ck_assert_uint_eq(load(UART_IIR, 1), 0xc4);
    ck_assert_uint_eq(load(UART_DATA, 1), 'k');
    ck_assert_uint_eq(load(UART_IIR, 1), 0xc1);
    ck_assert_uint_eq(interrupt(), 0);
    store(PLIC_CLAIM, 4, BOARD_UART_SOURCE);
    ck_assert_uint_eq(interrupt(), 0);
}
END_TEST

START_TEST(an_empty_transmitter_interrupts)
{
    boards_init(&b, "");
    external_on(BOARD_UART_SOURCE);
    store(UART_IER, 1, 2);
    ck_assert_uint_eq(interrupt(), CAUSE_INTERRUPT | IRQ_SEXT);
    ck_assert_uint_eq(load(UART_IIR, 1), 0xc2); /* acknowledges it */
    ck_assert_uint_eq(load(UART_IIR, 1), 0xc1);
    (void)load(PLIC_CLAIM, 4);
    store(PLIC_CLAIM, 4, BOARD_UART_SOURCE);
    ck_assert_uint_eq(interrupt(), 0);
    store(UART_DATA, 1, 'x');
    ck_assert_uint_eq(interrupt(), CAUSE_INTERRUPT | IRQ_SEXT);
    store(UART_IER, 1, 0);
    store(UART_IER, 1, 2); /* enabled again: it is empty */
    ck_assert_uint_eq(load(UART_IIR, 1), 0xc2);
    ck_assert_mem_eq(b.out, "x", 1);
}
END_TEST

START_TEST(loop_mode_goes_round)
{
    boards_init(&b, "");
    store(UART_MCR, 1, 0x1a);
    ck_assert_uint_eq(load(UART_MSR, 1) & 0xf0, 0x90); /* as Linux probes it */
    store(UART_DATA, 1, 'z');
    ck_assert_uint_eq(load(UART_DATA, 1), 'z');
    ck_assert_uint_eq(b.out_len, 0);
}
END_TEST

static int ended(void *owner)
{
    ++*(unsigned *)owner;
    return BOARD_INPUT_ENDED;
}

/* Waiting for a byte that can never come is the end; for one that can is not. */
START_TEST(waiting_for_input)
{
    unsigned calls = 0;

    boards_init(&b, "");
    external_on(BOARD_UART_SOURCE);
    store(UART_IER, 1, 1);
    (void)interrupt();
    ck_assert_uint_eq(board_wait(&b.board, &b.hart), BOARD_LOOK_TICKS);
    b.hart.sie = 0;
    ck_assert_uint_eq(board_wait(&b.board, &b.hart), BOARD_NEVER);
    boards_init(&b, "");
    b.board.host.console_in = ended;
    b.board.host.owner = &calls;
    external_on(BOARD_UART_SOURCE);
    store(UART_IER, 1, 1);
    (void)interrupt();
    ck_assert_uint_eq(board_wait(&b.board, &b.hart), BOARD_NEVER);
    ck_assert_uint_eq(b.board.power, BOARD_IDLE);
    (void)load(BOARD_UART_BASE + 5, 1);
    ck_assert_uint_eq(calls, 1);
}
END_TEST

/* A board of random bytes, saved by name into a fresh one, behaves as the first. */
START_TEST(state_by_name_is_all_state)
{
    static struct board copy;
    struct state_part part, other;
    unsigned i;

    boards_init(&b, "abc");
    external_on(BOARD_UART_SOURCE);
    store(UART_IER, 1, 3);
    store(UART_DATA, 1, 'x');
    b.hart.retired = 12345;
    store(BOARD_RTC_BASE + TIME_LOW, 4, 77);
    set_alarm(99);
    (void)interrupt();
    board_init(&copy, &b.phys, &b.board.host);
    copy.ram_base = b.board.ram_base;
    copy.ram_size = b.board.ram_size;
    for (i = 0; board_part(&b.board, i, &part); i++) {
        ck_assert(board_part(&copy, i, &other));
        for (const struct state_field *field = part.fields; field->name; field++)
            for (unsigned k = 0; k < field->count; k++)
                state_set(other.at, field, k, state_get(part.at, field, k));
    }
    board_restored(&copy);
    ck_assert_uint_ge(i, 4);
    copy.trap_run = b.board.trap_run;
    ck_assert_mem_eq(&copy, &b.board, sizeof copy);
}
END_TEST

SUITE_MAIN("devices", the_clock_is_virtual_time, the_alarm_comes_at_its_tick,
           a_restart_resets_all, the_finisher_ends_it, widths_are_qemus,
           a_typed_byte_interrupts, an_empty_transmitter_interrupts, loop_mode_goes_round,
           waiting_for_input, state_by_name_is_all_state)
