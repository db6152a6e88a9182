/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_harts.c - turns: which hart is next, that every hart gets its turn, that time never goes
 * back, and interrupts and starts sent from hart to hart.
 */
#include "tests/support/boards.h"
#include "tests/support/loops.h"
#include "tests/support/random.h"

#define TICKS 1000u

static struct boards b;
static struct hart harts[HARTS_MOST];

static void begin(unsigned count)
{
    boards_init(&b, "");
    memset(harts, 0, sizeof harts);
    harts_set(&b.board.harts, count, TICKS);
    for (unsigned id = 0; id < count; id++)
        b.board.harts.of[id].state = HARTS_STARTED;
}

static struct hart *current(void)
{
    return &harts[b.board.harts.current];
}

/* The next turn; false: nobody's. */
static bool turn(void)
{
    uint64_t ticks;
    struct hart *from = current();
    unsigned next = board_next_hart(&b.board, from, &ticks);

    if (next == HARTS_NOBODY) {
        from->skipped += ticks == BOARD_NEVER ? 0 : ticks;
        return false;
    }
    harts_begin_turn(&b.board, next, from, &harts[next]);
    return true;
}

START_TEST(one_hart_has_one_turn)
{
    begin(1);
    ck_assert(!harts_turn_is_over(&b.board.harts, &harts[0]));
    ck_assert(harts_left(&b.board.harts, &harts[0]) == UINT64_MAX);
    harts[0].retired = UINT64_MAX - 1;
    ck_assert(!harts_turn_is_over(&b.board.harts, &harts[0]));
}
END_TEST

START_TEST(turns_go_round)
{
    begin(4);
    for (unsigned i = 0; i < 12; i++) {
        ck_assert_uint_eq(b.board.harts.current, i % 4);
        ck_assert_uint_eq(harts_left(&b.board.harts, current()), TICKS);
        current()->retired += TICKS;
        ck_assert(harts_turn_is_over(&b.board.harts, current()));
        ck_assert(turn());
        ck_assert_uint_eq(hart_time(current()), (i + 1) * TICKS);
        ck_assert_uint_eq(harts_retired(&b.board.harts, current()), (i + 1) * TICKS);
    }
    ck_assert_uint_eq(b.board.harts.turns, 12);
}
END_TEST

START_TEST(a_reservation_ends_with_the_turn)
{
    begin(2);
    harts[0].reservation.valid = harts[1].reservation.valid = true;
    ck_assert(turn());
    ck_assert(!harts[0].reservation.valid && !harts[1].reservation.valid);
    begin(1);
    harts_stop(&b.board);
    harts_start(&b.board, 0, BOARDS_BASE, 0);
    harts[0].reservation.valid = true;
    ck_assert(turn());
    ck_assert(!harts[0].reservation.valid);
}
END_TEST

/* Even if it spins alone it has a turn again, of full length; a machine with one has no turns. */
START_TEST(who_spins_gives_way)
{
    begin(3);
    current()->retired = 10;
    harts_pause(&b.board);
    ck_assert(harts_turn_is_over(&b.board.harts, current()));
    ck_assert(turn());
    ck_assert_uint_eq(b.board.harts.current, 1);
    ck_assert_uint_eq(hart_time(current()), 10);
    b.board.harts.of[0].state = b.board.harts.of[2].state = HARTS_STOPPED;
    harts_pause(&b.board);
    ck_assert(turn());
    ck_assert_uint_eq(b.board.harts.current, 1);
    ck_assert_uint_eq(harts_left(&b.board.harts, current()), TICKS);
    begin(1);
    harts_pause(&b.board);
    ck_assert(!harts_turn_is_over(&b.board.harts, &harts[0]));
}
END_TEST

START_TEST(timers_are_each_harts_own)
{
    begin(2);
    b.board.deadline = 500;
    harts[0].retired = 100;
    ck_assert(turn());
    ck_assert(b.board.deadline == BOARD_NEVER);
    b.board.deadline = 300;
    ck_assert(turn());
    ck_assert_uint_eq(b.board.deadline, 500);
    /* Both wait: the one whose time comes first goes on, at that time. */
    harts[0].sie = harts[1].sie = IRQ_BIT(IRQ_STIMER);
    harts_wait(&b.board, &harts[0]);
    ck_assert(turn());
    harts_wait(&b.board, &harts[1]);
    ck_assert(!turn());
    ck_assert(turn());
    ck_assert_uint_eq(b.board.harts.current, 1);
    ck_assert_uint_eq(hart_time(&harts[1]), 300);
}
END_TEST

START_TEST(nothing_to_wait_for_is_the_end)
{
    begin(2);
    harts[0].sie = IRQ_BIT(IRQ_SSOFT);
    harts_wait(&b.board, &harts[0]);
    ck_assert(turn());
    harts_stop(&b.board);
    ck_assert(!turn());
    ck_assert_uint_eq(b.board.power, BOARD_IDLE);
}
END_TEST

static uint32_t most(uint64_t left)
{
    return left < TICKS ? (uint32_t)left : TICKS;
}

/*
 * Whatever harts do, at random: time never goes back, the counts add up, and each that can run
 * does.
 */
START_TEST(nobody_starves)
{
    struct rng rng = rng_new((uint64_t)_i);
    unsigned count = 1 + (unsigned)_i % HARTS_MOST;
    uint64_t now = 0, last[HARTS_MOST] = {0};

    begin(count);
    for (unsigned step = 0; step < 2000 && b.board.power == BOARD_ON; step++) {
        struct hart *hart = current();
        unsigned other = rng_below(&rng, count);

        ck_assert_uint_ge(hart_time(hart), now);
        hart->retired += 1 + rng_below(&rng, most(harts_left(&b.board.harts, hart)));
        now = hart_time(hart);
        last[b.board.harts.current] = step;
        hart->sie = IRQ_BIT(IRQ_SSOFT) | IRQ_BIT(IRQ_STIMER);
        hart->sip = 0;
        switch (rng_below(&rng, 8)) {
        case 0: harts_send(&b.board, other, hart); break;
        case 1:
            b.board.deadline = now + rng_below(&rng, 5000);
            harts_wait(&b.board, hart);
            break;
        default: break;
        }
        while (harts_turn_is_over(&b.board.harts, current()) && b.board.power == BOARD_ON)
            (void)turn();
        for (unsigned id = 0; id < count; id++)
            ck_assert(b.board.harts.of[id].waits || step - last[id] < 40 * count);
    }
    ck_assert_uint_eq(b.board.power, BOARD_ON);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {one_hart_has_one_turn, 1},
        {turns_go_round, 1},
        {a_reservation_ends_with_the_turn, 1},
        {who_spins_gives_way, 1},
        {timers_are_each_harts_own, 1},
        {nothing_to_wait_for_is_the_end, 1},
        {nobody_starves, 40},
    };

    return LOOPS_RUN("harts", loops);
}
