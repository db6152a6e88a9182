/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_sbi_relay.c - the firmware relays between a guest that is a monitor and that monitor's
 * guests: what is exchanged, when the timer is due, and what it leaves to the supervisor. With real
 * monitors: tests/cli/type1/nest.sh.
 */
#include "isa/nested.h"
#include "tests/support/boards.h"
#include "tests/support/suite.h"
#include "vmm/board/sbi.h"
#include "vmm/board/sbi_nested.h"

#define OUTER (BOARDS_BASE + PAGE_SIZE)
#define INNER (BOARDS_BASE + 2 * PAGE_SIZE)
#define SATP(number) (SATP_SV32 | (number))
#define HOME SATP(1)     /* of the guest, on the hart */
#define ITS_OWN SATP(2)  /* the same, as the guest says it */
#define THEIRS SATP(3)   /* of its guest, as the guest says it */
#define ENTERED SATP(4)  /* the same, on the hart */
#define UNNAMED SATP(99) /* of another guest of its */

static struct boards b;

static struct nested *page(uint32_t pa)
{
    return (struct nested *)(void *)(b.ram + (pa - BOARDS_BASE));
}

static struct nested_relay *relay(void)
{
    return &page(OUTER)->relay;
}

static void call(uint32_t function, uint32_t a0, uint32_t a2, uint32_t cause)
{
    b.hart.x[10] = a0;
    b.hart.x[11] = 0;
    b.hart.x[12] = a2;
    b.hart.x[16] = function;
    b.hart.x[17] = SBI_NESTED;
    board_trap(&b.board, &b.hart, &(struct trap){.cause = cause});
}

static void trap(uint32_t cause, uint32_t tval)
{
    board_trap(&b.board, &b.hart, &(struct trap){.cause = cause, .tval = tval});
}

/* The guest is entered, at 0x100; it has last entered its own guest, which is at 0x200. */
static void enter_guest(uint32_t flags)
{
    boards_init(&b, "");
    call(SBI_NESTED_SET_MEMORY, OUTER, flags, CAUSE_ECALL_SUPERVISOR);
    ck_assert_uint_eq(b.hart.x[10], 0);
    page(OUTER)->pc = 0x100;
    page(OUTER)->satp = HOME;
    nested_put(page(OUTER)->ticks, 1000);
    page(INNER)->pc = 0x200;
    page(INNER)->x[5] = 55;
    page(INNER)->satp = THEIRS;
    nested_put(page(INNER)->ticks, UINT64_MAX);
    *relay() = (struct nested_relay){
        .inner = INNER, .home = HOME, .satps = {ITS_OWN}, .worlds = {{THEIRS, ENTERED}}};
    call(SBI_NESTED_ENTER, 0, 0, CAUSE_ECALL_SUPERVISOR);
    ck_assert_uint_eq(b.hart.pc, 0x100);
}

static void guest_enters(void)
{
    call(SBI_NESTED_ENTER, 0, 0, CAUSE_ECALL_USER);
}

/* Has the supervisor been told? */
static bool told(void)
{
    return b.hart.mode == HART_SUPERVISOR;
}

START_TEST(both_ways)
{
    enter_guest(SBI_NESTED_RELAY);
    b.hart.x[5] = 5;
    b.hart.retired += 10;
    guest_enters();
    ck_assert(!told());
    ck_assert_uint_eq(b.hart.pc, 0x200);
    ck_assert_uint_eq(b.hart.x[5], 55);
    ck_assert_uint_eq(b.hart.satp, ENTERED);
    ck_assert_uint_eq(page(INNER)->satp, ITS_OWN);
    ck_assert_uint_eq(relay()->inside, 1);

    b.hart.retired += 7;
    trap(CAUSE_ILLEGAL_INSN, 0x1234);
    ck_assert(!told());
    ck_assert_uint_eq(b.hart.pc, 0x104); /* behind its call, which has succeeded */
    ck_assert_uint_eq(b.hart.x[5], 5);
    ck_assert_uint_eq(b.hart.x[10], 0);
    ck_assert_uint_eq(b.hart.satp, HOME);
    ck_assert_uint_eq(page(INNER)->satp, THEIRS);
    ck_assert_uint_eq(page(INNER)->cause, CAUSE_ILLEGAL_INSN);
    ck_assert_uint_eq(page(INNER)->tval, 0x1234);
    ck_assert_uint_eq(nested_number(page(INNER)->retired), 7);
    ck_assert_uint_eq(relay()->traps, 1);
    ck_assert_uint_eq(relay()->entries, 1);

    b.hart.retired += 3;
    trap(CAUSE_BREAKPOINT, 0);
    ck_assert(told());
    ck_assert_uint_eq(page(OUTER)->pc, 0x104);
    ck_assert_uint_eq(nested_number(page(OUTER)->retired), 20);
}
END_TEST

START_TEST(the_timer_that_is_due_first)
{
    uint64_t start;

    enter_guest(SBI_NESTED_RELAY);
    start = hart_time(&b.hart);
    ck_assert_uint_eq(b.board.deadline, start + 1000);
    b.hart.retired += 100;
    nested_put(page(INNER)->ticks, 50);
    guest_enters();
    ck_assert_uint_eq(b.board.deadline, start + 150);
    ck_assert_uint_eq(nested_number(relay()->due), 150);
    trap(CAUSE_ECALL_USER, 0);
    nested_put(page(INNER)->ticks, 5000);
    guest_enters();
    ck_assert_uint_eq(b.board.deadline, start + 1000);
    trap(CAUSE_ECALL_USER, 0);
    nested_put(page(INNER)->ticks, UINT64_MAX);
    guest_enters();
    ck_assert_uint_eq(b.board.deadline, start + 1000);
    ck_assert_uint_eq(nested_number(relay()->due), UINT64_MAX);
    trap(CAUSE_INTERRUPT | IRQ_STIMER, 0);
    ck_assert(told());
    ck_assert_uint_eq(page(OUTER)->pc, 0x200);
}
END_TEST

START_TEST(all_else_is_the_supervisors)
{
    static const uint32_t causes[] = {CAUSE_INSN_PAGE_FAULT, CAUSE_LOAD_PAGE_FAULT,
                                      CAUSE_STORE_ACCESS, CAUSE_BREAKPOINT,
                                      CAUSE_ECALL_SUPERVISOR | CAUSE_INTERRUPT};

    for (unsigned i = 0; i < sizeof causes / sizeof causes[0]; i++) {
        enter_guest(SBI_NESTED_RELAY);
        guest_enters();
        trap(causes[i], 0);
        ck_assert(told());
        ck_assert_uint_eq(relay()->inside, 1);
    }
    enter_guest(SBI_NESTED_RELAY); /* a world that has no name */
    page(INNER)->satp = UNNAMED;
    guest_enters();
    ck_assert(told());
    enter_guest(SBI_NESTED_RELAY); /* another call */
    call(SBI_NESTED_PROBE, 0, 0, CAUSE_ECALL_USER);
    ck_assert(told());
    enter_guest(SBI_NESTED_RELAY); /* the guest names worlds itself */
    page(INNER)->relay.inner = INNER;
    guest_enters();
    ck_assert(told());
    enter_guest(0); /* nobody has asked for it */
    guest_enters();
    ck_assert(told());
}
END_TEST

START_TEST(memory_that_is_none)
{
    static const uint32_t places[] = {0, INNER + 4, 0xfffff000u, BOARDS_BASE - PAGE_SIZE};

    for (unsigned i = 0; i < sizeof places / sizeof places[0]; i++) {
        enter_guest(SBI_NESTED_RELAY);
        relay()->inner = places[i];
        guest_enters();
        ck_assert(told());
    }
}
END_TEST

/* While others have their turns, `time` goes on; a guest's timer is due by its own count. */
START_TEST(time_of_other_harts)
{
    uint64_t start;

    enter_guest(SBI_NESTED_RELAY);
    b.board.harts.count = 2;
    start = hart_time(&b.hart);
    b.hart.retired += 100;
    b.hart.skipped += 300;
    nested_put(page(INNER)->ticks, 50);
    guest_enters();
    ck_assert(!told());
    ck_assert_uint_eq(b.board.deadline, start + 450);
    ck_assert_uint_eq(nested_number(relay()->due), 150);
    ck_assert_uint_eq(nested_number(relay()->entered), 100);
    b.hart.retired += 7;
    b.hart.skipped += 300;
    trap(CAUSE_ECALL_USER, 0);
    ck_assert(!told());
    ck_assert_uint_eq(nested_number(page(INNER)->retired), 7);
    nested_put(page(INNER)->ticks, 5000);
    guest_enters();
    ck_assert_uint_eq(b.board.deadline, start + 1000); /* its own is due first */
    ck_assert_uint_eq(nested_number(relay()->due), 5107);
}
END_TEST

/* Tables that are named to fill by are those of the world on the hart. */
START_TEST(filling_follows)
{
    enter_guest(SBI_NESTED_RELAY | SBI_NESTED_FILL);
    page(OUTER)->guest_satp = ITS_OWN;
    page(OUTER)->rules = NESTED_SUPERVISOR | NESTED_MXR;
    guest_enters();
    ck_assert_uint_eq(page(OUTER)->guest_satp, THEIRS);
    ck_assert_uint_eq(page(OUTER)->rules, NESTED_MXR);
    trap(CAUSE_ILLEGAL_INSN, 0);
    ck_assert(!told());
    ck_assert_uint_eq(page(OUTER)->guest_satp, ITS_OWN);
    ck_assert_uint_eq(page(OUTER)->rules, NESTED_SUPERVISOR | NESTED_MXR);
    page(OUTER)->filled = 1; /* of this world: to be told before there is another */
    guest_enters();
    ck_assert(told());
    ck_assert_uint_eq(page(OUTER)->satp, HOME);
}
END_TEST

SUITE_MAIN("sbi_relay", both_ways, the_timer_that_is_due_first, all_else_is_the_supervisors,
           memory_that_is_none, time_of_other_harts, filling_follows)
