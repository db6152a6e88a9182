/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_sbi.c - the firmware's calls one by one: results, refusals, and that refusals do nothing. */
#include "tests/support/boards.h"
#include "tests/support/suite.h"
#include "vmm/board/sbi.h"

#define BASE 0x10
#define TIME 0x54494d45
#define DBCN 0x4442434e
#define SRST 0x53525354
#define IPI 0x735049
#define RFENCE 0x52464e43
#define HSM 0x48534d
#define SUSP 0x53555350
#define NOT_SUPPORTED ((uint32_t)-2)
#define INVALID_PARAM ((uint32_t)-3)

static struct boards b;

struct call {
    uint32_t extension, function, a0, a1, a2;
};

/* Everything but a0 and a1 must stay; pc moves on. Returns a0. */
static uint32_t ask(struct call call)
{
    struct hart before;

    b.hart.x[10] = call.a0;
    b.hart.x[11] = call.a1;
    b.hart.x[12] = call.a2;
    b.hart.x[16] = call.function;
    b.hart.x[17] = call.extension;
    b.hart.reservation.valid = true;
    before = b.hart;
    sbi_call(&b.board, &b.hart);
    before.pc += 4;
    before.x[10] = b.hart.x[10];
    before.x[11] = b.hart.x[11];
    before.reservation.valid = false;
    ck_assert(hart_equal(&before, &b.hart));
    return b.hart.x[10];
}

static uint32_t value(void)
{
    return b.hart.x[11];
}

static bool load_again(void *owner, struct board *board, struct board_entry *entry)
{
    (void)owner, (void)board, (void)entry;
    return false;
}

START_TEST(base_tells_who_it_is)
{
    boards_init(&b, "");
    ck_assert_uint_eq(ask((struct call){BASE, 0, 0, 0, 0}), 0);
    ck_assert_uint_eq(value(), 2u << 24);
    for (uint32_t function = 1; function <= 6; function++)
        ck_assert_uint_eq(ask((struct call){BASE, function, 0, 9, 0}), 0);
    ck_assert_uint_eq(value(), 0);
    ck_assert_uint_eq(ask((struct call){BASE, 7, 0, 9, 0}), NOT_SUPPORTED);
    ck_assert_uint_eq(value(), 0);
}
END_TEST

START_TEST(probing_finds_what_there_is)
{
    static const uint32_t there[] = {BASE, TIME, DBCN, SRST, 0,   1,      2,   3,   4,
                                     5,    6,    7,    8,    IPI, RFENCE, HSM, SUSP};
    static const uint32_t missing[] = {9,          15,         17,       0x504d55,
                                       0x43505043, 0x4e41434c, 0x535441, UINT32_MAX};

    boards_init(&b, "");
    for (unsigned i = 0; i < sizeof there / sizeof there[0]; i++) {
        ck_assert_uint_eq(ask((struct call){BASE, 3, there[i], 0, 0}), 0);
        ck_assert_uint_eq(value(), 1);
    }
    for (unsigned i = 0; i < sizeof missing / sizeof missing[0]; i++) {
        ck_assert_uint_eq(ask((struct call){BASE, 3, missing[i], 0, 0}), 0);
        ck_assert_uint_eq(value(), 0);
    }
}
END_TEST

START_TEST(unknown_calls_are_refused)
{
    static const uint32_t unknown[] = {10, 11, 12, 13, 14, 9, 15, 16 + 1, 0x504d55, UINT32_MAX};

    boards_init(&b, "typed");
    for (unsigned i = 0; i < 10; i++)
        ck_assert_uint_eq(ask((struct call){unknown[i], 0, 1, 2, 3}), NOT_SUPPORTED);
    ck_assert_uint_eq(ask((struct call){TIME, 1, 0, 0, 0}), NOT_SUPPORTED);
    ck_assert_uint_eq(ask((struct call){DBCN, 3, 0, 0, 0}), NOT_SUPPORTED);
    ck_assert_uint_eq(ask((struct call){SUSP, 1, 0, 0, 0}), NOT_SUPPORTED);
    ck_assert_uint_eq(ask((struct call){SRST, UINT32_MAX, 0, 0, 0}), NOT_SUPPORTED);
    ck_assert_uint_eq(b.out_len + b.in_calls, 0);
    ck_assert_uint_eq(b.board.power, BOARD_ON);
}
END_TEST

START_TEST(deadlines_have_64_bits)
{
    boards_init(&b, "");
    ck_assert_uint_eq(ask((struct call){TIME, 0, 5, 7, 0}), 0);
    ck_assert(b.board.deadline == (7ull << 32 | 5));
    ck_assert_uint_eq(ask((struct call){0, 0, UINT32_MAX, UINT32_MAX, 0}), 0);
    ck_assert_uint_eq(value(), UINT32_MAX); /* a legacy call has one result */
    ck_assert(b.board.deadline == BOARD_NEVER);
}
END_TEST

START_TEST(writing_prints_ram_and_only_ram)
{
    static const struct call bad[] = {
        {DBCN, 0, 1, BOARDS_BASE - 1, 0},
        {DBCN, 0, 2, BOARDS_BASE + BOARDS_RAM - 1, 0},
        {DBCN, 0, 1, BOARDS_BASE + BOARDS_RAM, 0},
        {DBCN, 0, 1, BOARDS_BASE, 1},
        {DBCN, 0, 1, BOARDS_BASE, 4},
        {DBCN, 0, 8, UINT32_MAX - 3, UINT32_MAX},
        {DBCN, 0, 8, BOARD_UART_BASE, 0},
        {DBCN, 0, UINT32_MAX, BOARDS_BASE + BOARDS_RAM - 100, 0},
        {DBCN, 0, UINT32_MAX, BOARDS_BASE, 0}, /* one call would do less, all in RAM */
        {DBCN, 0, BOARDS_RAM + 1, BOARDS_BASE, 0},
        {DBCN, 1, UINT32_MAX, BOARDS_BASE, 0},
        {DBCN, 1, BOARDS_RAM, BOARDS_BASE + 1, 0},
        {DBCN, 1, 2, BOARDS_BASE + BOARDS_RAM - 1, 0},
        {DBCN, 1, 1, 0, 0},
        {DBCN, 1, UINT32_MAX, UINT32_MAX, UINT32_MAX},
    };

    boards_init(&b, "typed");
    memcpy(b.ram + PAGE_SIZE - 3, "across", 6);
    ck_assert_uint_eq(ask((struct call){DBCN, 0, 6, BOARDS_BASE + PAGE_SIZE - 3, 0}), 0);
    ck_assert_uint_eq(value(), 6);
    ck_assert_uint_eq(b.out_len, 6);
    ck_assert_mem_eq(b.out, "across", 6);
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ck_assert_msg(ask(bad[i]) == INVALID_PARAM, "call %u was not refused", i);
        ck_assert_uint_eq(value(), 0);
    }
    ck_assert_uint_eq(b.out_len, 6);
    ck_assert_uint_eq(b.in_calls, 0); /* nothing that was typed is lost */
    ck_assert_uint_eq(ask((struct call){DBCN, 0, 0, BOARDS_BASE, 0}), 0);
    ck_assert_uint_eq(b.out_calls, 1);
}
END_TEST

START_TEST(a_long_write_does_a_part)
{
    boards_init(&b, "");
    ck_assert_uint_eq(ask((struct call){DBCN, 0, BOARDS_RAM, BOARDS_BASE, 0}), 0);
    ck_assert_uint_gt(value(), 0);
    ck_assert_uint_eq(value(), b.out_len);
    ck_assert_uint_eq(ask((struct call){DBCN, 0, BOARDS_RAM, BOARDS_BASE, 0}), 0);
    ck_assert_uint_le(value(), BOARDS_RAM);
}
END_TEST

START_TEST(reading_takes_what_is_typed)
{
    boards_init(&b, "typed");
    ck_assert_uint_eq(ask((struct call){DBCN, 1, 3, BOARDS_BASE + 1, 0}), 0);
    ck_assert_uint_eq(value(), 3);
    ck_assert_mem_eq(b.ram, "\0typ\0", 5);
    ck_assert_uint_eq(b.wrote, 1); /* code may have been there: it is told */
    ck_assert_uint_eq(ask((struct call){DBCN, 1, 100, BOARDS_BASE + PAGE_SIZE - 1, 0}), 0);
    ck_assert_uint_eq(value(), 2);
    ck_assert_mem_eq(b.ram + PAGE_SIZE - 1, "ed", 3);
    ck_assert_uint_eq(ask((struct call){DBCN, 1, 100, BOARDS_BASE, 0}), 0);
    ck_assert_uint_eq(value(), 0);
    ck_assert_uint_eq(ask((struct call){DBCN, 2, 0xabcdef00 | '!', 9, 0}), 0);
    ck_assert_uint_eq(b.out[0], '!');
    ck_assert_uint_eq(b.out_len, 1);
}
END_TEST

START_TEST(legacy_calls_ignore_the_function)
{
    boards_init(&b, "q");
    ck_assert_uint_eq(ask((struct call){1, 77, 0x100 | 'c', 5, 0}), 0);
    ck_assert_uint_eq(value(), 5);
    ck_assert_uint_eq(b.out[0], 'c');
    ck_assert_uint_eq(ask((struct call){2, 0, 0, 5, 0}), 'q');
    ck_assert_uint_eq(ask((struct call){2, 0, 0, 5, 0}), UINT32_MAX);
    (void)ask((struct call){8, 3, 0, 0, 0});
    ck_assert_uint_eq(b.board.power, BOARD_OFF);
}
END_TEST

START_TEST(a_reset_by_type_and_reason)
{
    const uint8_t OFF = BOARD_OFF, FAILED = BOARD_FAILED, RESTART = BOARD_RESTART,
                  ON = BOARD_ON;
    /* SBI 2.0, tables 10.1 and 10.2; and the power, with and without images to load again. */
    const struct {
        uint32_t type, reason, error;
        uint8_t with, without; /* enum board_power */
    } cases[] = {
        {0, 0, 0, OFF, OFF},
        {0, 1, 0, FAILED, FAILED},
        {1, 0, 0, RESTART, OFF},
        {1, 1, 0, RESTART, FAILED},
        {2, 0, 0, RESTART, OFF},
        {2, 1, 0, RESTART, FAILED},
        {3, 0, INVALID_PARAM, ON, ON},
        {0xefffffff, 0, INVALID_PARAM, ON, ON},
        {0xf0000000, 0, INVALID_PARAM, ON, ON},
        {UINT32_MAX, 0, INVALID_PARAM, ON, ON},
        {0, 2, INVALID_PARAM, ON, ON},
        {1, 0xdfffffff, INVALID_PARAM, ON, ON},
        {2, 0xe0000000, INVALID_PARAM, ON, ON},
        {0, 0xf0000000, INVALID_PARAM, ON, ON},
        {UINT32_MAX, UINT32_MAX, INVALID_PARAM, ON, ON},
    };

    for (unsigned i = 0; i < 2 * (sizeof cases / sizeof cases[0]); i++) {
        bool with = i & 1;

        boards_init(&b, "");
        b.board.host.images.load = with ? load_again : NULL;
        ck_assert_uint_eq(
            ask((struct call){SRST, 0, cases[i / 2].type, cases[i / 2].reason, 0}),
            cases[i / 2].error);
        ck_assert_uint_eq(b.board.power, with ? cases[i / 2].with : cases[i / 2].without);
        ck_assert_uint_eq(value(), 0);
        if (b.board.power == BOARD_RESTART)
            ck_assert_uint_eq(b.board.cold, cases[i / 2].type == 1);
    }
}
END_TEST

SUITE_MAIN("sbi", base_tells_who_it_is, probing_finds_what_there_is, unknown_calls_are_refused,
           deadlines_have_64_bits, writing_prints_ram_and_only_ram, a_long_write_does_a_part,
           reading_takes_what_is_typed, legacy_calls_ignore_the_function,
           a_reset_by_type_and_reason)
