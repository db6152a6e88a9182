/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_sbi_nested.c - nested acceleration: the whole world is exchanged, both ways; refusals; what
 * happens at a restart, and if the shared memory is no longer RAM. On engines: t_worlds.elf.
 */
#include "isa/csr.h"
#include "isa/nested.h"
#include "tests/support/boards.h"
#include "tests/support/suite.h"
#include "vmm/board/restart.h"
#include "vmm/board/sbi.h"
#include "vmm/board/sbi_nested.h"

#define PAGE (BOARDS_BASE + PAGE_SIZE)
#define NO_SHMEM ((uint32_t)-9)
#define FAILED ((uint32_t)-1)

static struct boards b;

static struct nested *shared(void)
{
    return (struct nested *)(void *)(b.ram + PAGE_SIZE);
}

static uint32_t ask(uint32_t function, uint32_t a0, uint32_t a1)
{
    b.hart.x[10] = a0;
    b.hart.x[11] = a1;
    b.hart.x[12] = 0;
    b.hart.x[16] = function;
    b.hart.x[17] = SBI_NESTED;
    board_trap(&b.board, &b.hart, &(struct trap){.cause = CAUSE_ECALL_SUPERVISOR});
    return b.hart.x[10];
}

static void share(void)
{
    boards_init(&b, "");
    ck_assert_uint_eq(ask(SBI_NESTED_SET_MEMORY, PAGE, 0), 0);
}

static void trap(uint32_t cause, uint32_t tval)
{
    board_trap(&b.board, &b.hart, &(struct trap){.cause = cause, .tval = tval});
}

START_TEST(worlds_are_exchanged_whole)
{
    struct hart before;

    share();
    for (uint32_t i = 0; i < 32; i++) {
        shared()->x[i] = 100 + i;
        if (i)
            b.hart.x[i] = 200 + i;
    }
    shared()->pc = 0x1235;
    shared()->satp = SATP_SV32 | 7;
    shared()->ticks[1] = UINT32_MAX;
    b.hart.satp = SATP_SV32 | 3;
    b.hart.sepc = 4, b.hart.scause = 5, b.hart.stval = 6;
    before = b.hart;
    (void)ask(SBI_NESTED_ENTER, 0, 0);
    ck_assert_uint_eq(b.hart.mode, HART_USER);
    ck_assert_uint_eq(b.hart.pc, 0x1234);
    ck_assert_uint_eq(b.hart.satp, SATP_SV32 | 7);
    ck_assert_uint_eq(b.board.deadline, UINT64_C(0xffffffff00000000));
    ck_assert_uint_eq(b.hart.x[0], 0);
    for (uint32_t i = 1; i < 32; i++)
        ck_assert_uint_eq(b.hart.x[i], 100 + i);

    b.hart.retired += 12;
    b.hart.x[5] = 55;
    trap(CAUSE_LOAD_PAGE_FAULT, 99);
    ck_assert_uint_eq(b.hart.mode, HART_SUPERVISOR);
    ck_assert_uint_eq(b.hart.pc, before.pc + 4);
    ck_assert_uint_eq(b.hart.satp, before.satp);
    ck_assert_uint_eq(b.hart.x[10], 0);
    for (uint32_t i = 18; i < 32; i++)
        ck_assert_uint_eq(b.hart.x[i], before.x[i]);
    ck_assert(b.hart.sepc == 4 && b.hart.scause == 5 && b.hart.stval == 6);
    ck_assert_uint_eq(shared()->x[0], 100);
    ck_assert_uint_eq(shared()->x[5], 55);
    ck_assert_uint_eq(shared()->pc, 0x1234);
    ck_assert_uint_eq(shared()->cause, CAUSE_LOAD_PAGE_FAULT);
    ck_assert_uint_eq(shared()->tval, 99);
    ck_assert_uint_eq(shared()->retired[0], 12);
}
END_TEST

/* The next trap is the supervisor's own again. */
START_TEST(one_call_is_one_stay)
{
    share();
    b.hart.stvec = 0x400;
    (void)ask(SBI_NESTED_ENTER, 0, 0);
    trap(CAUSE_BREAKPOINT, 0);
    trap(CAUSE_BREAKPOINT, 0);
    ck_assert_uint_eq(b.hart.pc, 0x400);
    ck_assert_uint_eq(b.hart.scause, CAUSE_BREAKPOINT);
}
END_TEST

START_TEST(the_timer_is_set_from_now)
{
    share();
    b.hart.retired = 1000;
    shared()->ticks[0] = 50;
    (void)ask(SBI_NESTED_ENTER, 0, 0);
    ck_assert_uint_eq(b.board.deadline, 1050);
    trap(CAUSE_BREAKPOINT, 0);
    shared()->ticks[0] = shared()->ticks[1] = UINT32_MAX;
    (void)ask(SBI_NESTED_ENTER, 0, 0);
    ck_assert_uint_eq(b.board.deadline, BOARD_NEVER);
}
END_TEST

static bool load_again(void *owner, struct board *board, struct board_entry *entry)
{
    (void)owner, (void)board;
    *entry = (struct board_entry){BOARDS_BASE, 0};
    return true;
}

/* Another hart may restart the machine in the middle of a stay. */
START_TEST(a_restart_ends_it)
{
    share();
    b.board.host.images.load = load_again;
    (void)ask(SBI_NESTED_ENTER, 0, 0);
    ck_assert(restart_board(&b.board, &b.hart, &b.hart));
    trap(CAUSE_BREAKPOINT, 0);
    ck_assert_uint_eq(b.hart.scause, CAUSE_BREAKPOINT);
    ck_assert_uint_eq(ask(SBI_NESTED_ENTER, 0, 0), NO_SHMEM);
}
END_TEST

/* Memory that cannot be had any more: a call is refused, a trap is taken as any other. */
START_TEST(memory_may_be_gone)
{
    uint32_t pc;

    share();
    b.phys.size = PAGE_SIZE;
    pc = b.hart.pc;
    ck_assert_uint_eq(ask(SBI_NESTED_ENTER, 0, 0), FAILED);
    ck_assert_uint_eq(b.hart.pc, pc + 4);
    b.phys.size = BOARDS_RAM;
    (void)ask(SBI_NESTED_ENTER, 0, 0);
    b.phys.size = PAGE_SIZE;
    b.hart.stvec = 0x400;
    trap(CAUSE_BREAKPOINT, 0);
    ck_assert_uint_eq(b.hart.pc, 0x400);
}
END_TEST

START_TEST(each_hart_has_its_own)
{
    share();
    harts_set(&b.board.harts, 2, HARTS_QUANTUM_DEFAULT);
    ck_assert_uint_eq(ask(SBI_NESTED_SET_MEMORY, PAGE, 0), 0);
    b.board.harts.current = 1;
    ck_assert_uint_eq(ask(SBI_NESTED_ENTER, 0, 0), NO_SHMEM);
}
END_TEST

/* ---- Filling ---- */

#define SHADOW_ROOT (BOARDS_BASE + 2 * PAGE_SIZE)
#define SHADOW_LEAF (BOARDS_BASE + 3 * PAGE_SIZE)
#define STAGE_ROOT (BOARDS_BASE + 4 * PAGE_SIZE) /* four pages */
#define STAGE_LEAF (BOARDS_BASE + 8 * PAGE_SIZE)
#define GUEST_ROOT (BOARDS_BASE + 9 * PAGE_SIZE)
#define GUEST_PAGE (BOARDS_BASE + 10 * PAGE_SIZE)
#define ADDRESS 0x5000u
#define ALL (PTE_V | PTE_R | PTE_W | PTE_X | PTE_U | PTE_A | PTE_D)

static uint32_t *word(uint32_t pa)
{
    return (uint32_t *)(void *)(b.ram + (pa - BOARDS_BASE));
}

static uint32_t pte(uint32_t pa, uint32_t flags)
{
    return PTE_MAKE(pa >> PAGE_SHIFT, flags);
}

/*
 * The supervisor's shadow has a leaf table for the lowest 4 MiB, and no entry; its guest has its
 * pages 5 and 9, and translation is off.
 */
static void enter_filled(void)
{
    boards_init(&b, "");
    b.hart.x[12] = SBI_NESTED_FILL;
    b.hart.x[10] = PAGE;
    b.hart.x[11] = 0;
    b.hart.x[16] = SBI_NESTED_SET_MEMORY;
    b.hart.x[17] = SBI_NESTED;
    trap(CAUSE_ECALL_SUPERVISOR, 0);
    ck_assert_uint_eq(b.hart.x[10], 0);
    *word(SHADOW_ROOT) = pte(SHADOW_LEAF, PTE_V);
    *word(STAGE_ROOT) = pte(STAGE_LEAF, PTE_V);
    *word(STAGE_LEAF + 4 * 5) = pte(GUEST_PAGE, ALL);
    *word(STAGE_LEAF + 4 * 9) = pte(GUEST_ROOT, ALL);
    shared()->satp = SATP_SV32 | SHADOW_ROOT >> PAGE_SHIFT;
    shared()->hgatp = SATP_SV32 | STAGE_ROOT >> PAGE_SHIFT;
    shared()->rules = NESTED_SUPERVISOR;
    (void)ask(SBI_NESTED_ENTER, 0, 0);
}

static bool filled(uint32_t cause, uint32_t va)
{
    trap(cause, va);
    return b.hart.mode == HART_USER;
}

START_TEST(what_the_tables_prove_is_filled)
{
    enter_filled();
    ck_assert(filled(CAUSE_STORE_PAGE_FAULT, ADDRESS + 8));
    ck_assert_uint_eq(*word(SHADOW_LEAF + 4 * 5), pte(GUEST_PAGE, ALL));
    ck_assert_uint_eq(shared()->filled, 1);
    ck_assert_uint_eq(shared()->fills[0].va, ADDRESS);
    ck_assert_uint_eq(shared()->fills[0].entry, pte(GUEST_PAGE, ALL));
    ck_assert(
        !filled(CAUSE_LOAD_PAGE_FAULT, ADDRESS)); /* there is one: the supervisor's to see */
}
END_TEST

/* By the guest's own table, which is a superpage here: as far as its A and D bits go. */
START_TEST(rights_are_the_guests)
{
    enter_filled();
    shared()->guest_satp = SATP_SV32 | 9;
    *word(GUEST_ROOT) = PTE_V | PTE_R | PTE_W | PTE_A;
    ck_assert(!filled(CAUSE_STORE_PAGE_FAULT, ADDRESS));
    (void)ask(SBI_NESTED_ENTER, 0, 0);
    ck_assert(!filled(CAUSE_INSN_PAGE_FAULT, ADDRESS));
    (void)ask(SBI_NESTED_ENTER, 0, 0);
    ck_assert(filled(CAUSE_LOAD_PAGE_FAULT, ADDRESS));
    ck_assert_uint_eq(*word(SHADOW_LEAF + 4 * 5),
                      pte(GUEST_PAGE, PTE_V | PTE_U | PTE_A | PTE_D | PTE_R));
    ck_assert_uint_eq(shared()->fills[0].va, ADDRESS | 1);
}
END_TEST

START_TEST(all_else_is_the_supervisors)
{
    enter_filled();
    ck_assert(!filled(CAUSE_LOAD_PAGE_FAULT, ADDRESS + PAGE_SIZE)); /* no memory yet */
    (void)ask(SBI_NESTED_ENTER, 0, 0);
    ck_assert(!filled(CAUSE_LOAD_PAGE_FAULT, 1u << 22)); /* no leaf table */
    (void)ask(SBI_NESTED_ENTER, 0, 0);
    ck_assert(!filled(CAUSE_ILLEGAL_INSN, ADDRESS));
    shared()->rules = 0;
    shared()->guest_satp = SATP_SV32 | 9;
    *word(GUEST_ROOT) = PTE_V | PTE_R | PTE_A; /* not for user mode */
    (void)ask(SBI_NESTED_ENTER, 0, 0);
    ck_assert(!filled(CAUSE_LOAD_PAGE_FAULT, ADDRESS));
    shared()->guest_satp = 0;
    shared()->filled = NESTED_FILLS;
    (void)ask(SBI_NESTED_ENTER, 0, 0);
    ck_assert(!filled(CAUSE_LOAD_PAGE_FAULT, ADDRESS)); /* no room to tell of it */
    shared()->filled = 0;
    shared()->hgatp = 0;
    (void)ask(SBI_NESTED_ENTER, 0, 0);
    ck_assert(!filled(CAUSE_LOAD_PAGE_FAULT, ADDRESS));
    ck_assert_uint_eq(*word(SHADOW_LEAF + 4 * 5), 0);
    ck_assert_uint_eq(ask(SBI_NESTED_SET_MEMORY, PAGE, 0), 0); /* a2 is 0 */
    shared()->hgatp = SATP_SV32 | STAGE_ROOT >> PAGE_SHIFT;
    (void)ask(SBI_NESTED_ENTER, 0, 0);
    ck_assert(!filled(CAUSE_LOAD_PAGE_FAULT, ADDRESS)); /* not asked for */
}
END_TEST

SUITE_MAIN("sbi_nested", what_the_tables_prove_is_filled, rights_are_the_guests,
           all_else_is_the_supervisors, worlds_are_exchanged_whole, one_call_is_one_stay,
           the_timer_is_set_from_now, a_restart_ends_it, memory_may_be_gone,
           each_hart_has_its_own)
