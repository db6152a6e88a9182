/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_sbi_harts.c - SBI calls about other harts: each error that the specification names, that a
 * refused call does nothing, and which fences the board is told of. Their effects on harts are
 * tested by tests/guest/smp_*.S.
 */
#include "isa/csr.h"
#include "tests/support/boards.h"
#include "tests/support/suite.h"
#include "vmm/board/sbi.h"

#define IPI 0x735049
#define RFENCE 0x52464e43
#define HSM 0x48534d
#define SUSP 0x53555350
#define HARTS 3u
#define ALL UINT32_MAX
#define CODE BOARDS_BASE
enum {
    OK = 0,
    NOT_SUPPORTED = -2,
    INVALID_PARAM = -3,
    DENIED = -4,
    INVALID_ADDRESS = -5,
    ALREADY_AVAILABLE = -6,
};

static struct boards b;
static struct exec_fence last;
static unsigned fences, code_fences;

static void count_fence(struct board *board, const struct exec_fence *fence)
{
    (void)board;
    code_fences += !fence;
    fences += fence != NULL;
    if (fence)
        last = *fence;
}

/* Hart 0 calls, hart 1 has been started, hart 2 has not. */
static void begin(void)
{
    boards_init(&b, "");
    harts_set(&b.board.harts, HARTS, 1000);
    b.board.fence = count_fence;
    b.board.harts.of[1].state = HARTS_STARTED;
    fences = code_fences = 0;
}

struct call {
    uint32_t extension, function, a0, a1, a2, a3, a4;
    int32_t error;
};

static int32_t ask(const struct call *call)
{
    const uint32_t arguments[] = {call->a0, call->a1, call->a2, call->a3, call->a4};

    memcpy(&b.hart.x[10], arguments, sizeof arguments);
    b.hart.x[16] = call->function;
    b.hart.x[17] = call->extension;
    sbi_call(&b.board, &b.hart);
    return (int32_t)b.hart.x[10];
}

static const struct call refused[] = {
    /* A mask with a hart that is not there; a base beyond the last. */
    {IPI, 0, 8, 0, 0, 0, 0, INVALID_PARAM},
    {IPI, 0, 4, 1, 0, 0, 0, INVALID_PARAM},
    {IPI, 0, 1, 3, 0, 0, 0, INVALID_PARAM},
    {IPI, 0, 0, 3, 0, 0, 0, INVALID_PARAM},
    {IPI, 0, 1, ALL - 1, 0, 0, 0, INVALID_PARAM},
    {IPI, 0, ALL, 0, 0, 0, 0, INVALID_PARAM},
    {IPI, 1, 1, 0, 0, 0, 0, NOT_SUPPORTED},
    {RFENCE, 0, 8, 0, 0, 0, 0, INVALID_PARAM},
    {RFENCE, 1, 8, 0, 0, 0, 0, INVALID_PARAM},
    {RFENCE, 2, 8, 0, 0, 0, 0, INVALID_PARAM},
    {RFENCE, 1, 1, 0, 0xfffff000, 0x1001, 0, INVALID_ADDRESS},
    {RFENCE, 1, 1, 0, 1, ALL - 1, 0, OK},
    {RFENCE, 2, 1, 0, 3, ALL - 1, 0, INVALID_ADDRESS},
    /* There is no hypervisor extension. */
    {RFENCE, 3, 1, 0, 0, 0, 0, NOT_SUPPORTED},
    {RFENCE, 6, 1, 0, 0, 0, 0, NOT_SUPPORTED},
    {RFENCE, 7, 1, 0, 0, 0, 0, NOT_SUPPORTED},
    {HSM, 0, 0, CODE, 0, 0, 0, ALREADY_AVAILABLE},
    {HSM, 0, 1, CODE, 0, 0, 0, ALREADY_AVAILABLE},
    {HSM, 0, 3, CODE, 0, 0, 0, INVALID_PARAM},
    {HSM, 0, ALL, CODE, 0, 0, 0, INVALID_PARAM},
    {HSM, 0, 2, CODE + 1, 0, 0, 0, INVALID_ADDRESS},
    {HSM, 0, 2, CODE - 2, 0, 0, 0, INVALID_ADDRESS},
    {HSM, 0, 2, CODE + BOARDS_RAM, 0, 0, 0, INVALID_ADDRESS},
    {HSM, 0, 2, BOARD_UART_BASE, 0, 0, 0, INVALID_ADDRESS},
    {HSM, 2, 3, 0, 0, 0, 0, INVALID_PARAM},
    {HSM, 3, 1, 0, 0, 0, 0, INVALID_PARAM},
    {HSM, 3, 0x0fffffff, 0, 0, 0, 0, INVALID_PARAM},
    {HSM, 3, 0x10000000, 0, 0, 0, 0, INVALID_PARAM},
    {HSM, 3, 0x7fffffff, 0, 0, 0, 0, INVALID_PARAM},
    {HSM, 3, 0x80000001, CODE, 0, 0, 0, INVALID_PARAM},
    {HSM, 3, 0x8fffffff, CODE, 0, 0, 0, INVALID_PARAM},
    {HSM, 3, 0x90000000, CODE, 0, 0, 0, INVALID_PARAM},
    {HSM, 3, ALL, CODE, 0, 0, 0, INVALID_PARAM},
    {HSM, 3, 0x80000000, CODE + 1, 0, 0, 0, INVALID_ADDRESS},
    {HSM, 3, 0x80000000, 0, 0, 0, 0, INVALID_ADDRESS},
    {HSM, 4, 0, 0, 0, 0, 0, NOT_SUPPORTED},
    /* Reserved sleep types and a platform's; no memory there; hart 1 has not stopped. */
    {SUSP, 0, 1, CODE, 0, 0, 0, INVALID_PARAM},
    {SUSP, 0, 0x7fffffff, CODE, 0, 0, 0, INVALID_PARAM},
    {SUSP, 0, 0x80000000, CODE, 0, 0, 0, INVALID_PARAM},
    {SUSP, 0, ALL, CODE, 0, 0, 0, INVALID_PARAM},
    {SUSP, 0, 0, CODE + 1, 0, 0, 0, INVALID_ADDRESS},
    {SUSP, 0, 0, CODE + BOARDS_RAM, 0, 0, 0, INVALID_ADDRESS},
    {SUSP, 0, 0, CODE, 0, 0, 0, DENIED},
    {SUSP, 1, 0, CODE, 0, 0, 0, NOT_SUPPORTED},
};

START_TEST(refused_calls_say_why_and_do_nothing)
{
    for (unsigned i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct harts before;

        begin();
        before = b.board.harts;
        ck_assert_msg(ask(&refused[i]) == refused[i].error, "call %u: %d", i,
                      (int32_t)b.hart.x[10]);
        ck_assert_uint_eq(b.hart.x[11], 0);
        ck_assert_mem_eq(&b.board.harts, &before, sizeof before);
        ck_assert_uint_eq(fences, refused[i].error == OK);
        ck_assert_uint_eq(code_fences, 0);
        ck_assert_uint_eq(b.hart.sip, 0);
    }
}
END_TEST

START_TEST(states_are_told)
{
    const struct call start = {HSM, 0, 2, CODE, 7, 0, 0, 0};
    const struct call stop = {HSM, 1, 0, 0, 0, 0, 0, 0};
    struct hart other = {.retired = 5};

    begin();
    for (uint32_t id = 0; id < HARTS; id++) {
        ck_assert_int_eq(ask(&(struct call){HSM, 2, id, 0, 0, 0, 0, 0}), OK);
        ck_assert_uint_eq(b.hart.x[11], id == 2 ? HARTS_STOPPED : HARTS_STARTED);
    }
    ck_assert_int_eq(ask(&start), OK);
    ck_assert_int_eq(ask(&(struct call){HSM, 2, 2, 0, 0, 0, 0, 0}), OK);
    ck_assert_uint_eq(b.hart.x[11], HARTS_START_PENDING);
    ck_assert_int_eq(ask(&start), INVALID_PARAM);
    (void)ask(&stop);
    ck_assert(harts_turn_is_over(&b.board.harts, &b.hart));
    ck_assert_uint_eq(harts_next(&b.board, hart_time(&b.hart)), 1);
    harts_begin_turn(&b.board, 2, &b.hart, &other);
    ck_assert_uint_eq(other.pc, CODE);
    ck_assert_uint_eq(other.x[10], 2);
    ck_assert_uint_eq(other.x[11], 7);
    ck_assert_uint_eq(other.retired, 5);
    ck_assert_uint_eq(b.board.harts.of[0].state, HARTS_STOPPED);
    ck_assert_uint_eq(b.board.harts.of[2].state, HARTS_STARTED);
}
END_TEST

/* What is pending when a hart gives its registers away is pending still when it goes on. */
START_TEST(suspended_harts_resume)
{
    static const struct call calls[] = {{HSM, 3, 1u << 31, CODE, 9, 0, 0, 0},
                                        {SUSP, 0, 0, CODE, 9, 0, 0, 0}};

    for (unsigned i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        begin();
        b.board.harts.of[1].state = HARTS_STOPPED;
        b.hart.sie = IRQ_BIT(IRQ_STIMER);
        b.hart.satp = SATP_SV32;
        b.hart.sstatus = SSTATUS_SIE;
        (void)ask(&calls[i]);
        ck_assert_uint_eq(b.board.harts.of[0].state, HARTS_SUSPENDED);
        ck_assert_uint_eq(harts_next(&b.board, hart_time(&b.hart)), HARTS_NOBODY);
        b.board.deadline = 0;
        ck_assert_uint_eq(harts_next(&b.board, hart_time(&b.hart)), 0);
        harts_begin_turn(&b.board, 0, &b.hart, &b.hart);
        ck_assert(b.hart.pc == CODE && b.hart.x[10] == 0 && b.hart.x[11] == 9);
        ck_assert(!b.hart.satp && !b.hart.sstatus && !b.hart.sip);
        /* At once, by what is pending. */
        b.hart.sie = b.hart.sip = IRQ_BIT(IRQ_SSOFT);
        (void)ask(&calls[i]);
        ck_assert(harts_turn_is_over(&b.board.harts, &b.hart));
        ck_assert_uint_eq(harts_next(&b.board, hart_time(&b.hart)), 0);
        harts_begin_turn(&b.board, 0, &b.hart, &b.hart);
        ck_assert(b.hart.pc == CODE && b.hart.sip == IRQ_BIT(IRQ_SSOFT));
    }
}
END_TEST

START_TEST(interrupts_go_to_whom_they_are_for)
{
    begin();
    ck_assert_int_eq(ask(&(struct call){IPI, 0, 3, 1, 0, 0, 0, 0}), OK);
    ck_assert(!b.hart.sip && !b.board.harts.of[0].ipi && b.board.harts.of[1].ipi);
    ck_assert(!b.board.harts.of[2].ipi); /* it has stopped: nothing waits for it */
    begin();
    ck_assert_int_eq(ask(&(struct call){IPI, 0, 1, 0, 0, 0, 0, 0}), OK);
    ck_assert_uint_eq(b.hart.sip, IRQ_BIT(IRQ_SSOFT));
    ck_assert(!harts_turn_is_over(&b.board.harts, &b.hart));
    begin();
    ck_assert_int_eq(ask(&(struct call){IPI, 0, 0x5a5a5a5a, ALL, 0, 0, 0, 0}), OK);
    ck_assert(b.hart.sip && b.board.harts.of[1].ipi);
    ck_assert(harts_turn_is_over(&b.board.harts, &b.hart));
}
END_TEST

START_TEST(fences_say_what_they_are_for)
{
    begin();
    ck_assert_int_eq(ask(&(struct call){RFENCE, 0, 2, 0, 0, 0, 0, 0}), OK);
    ck_assert(code_fences == 1 && fences == 0);
    ck_assert_int_eq(ask(&(struct call){RFENCE, 1, 2, 0, 0, 0, 0, 0}), OK);
    ck_assert(fences == 1 && !last.one_va && !last.one_asid);
    ck_assert_int_eq(ask(&(struct call){RFENCE, 2, 2, 0, 0x1000, ALL, 9, 0}), OK);
    ck_assert(fences == 2 && !last.one_va && last.one_asid && last.asid == 9);
    /* A range that begins and ends within pages. */
    ck_assert_int_eq(ask(&(struct call){RFENCE, 1, 2, 0, 0x1fff, 0x1002, 0, 0}), OK);
    ck_assert(fences == 5 && last.one_va && last.va == 0x3000);
    /* The last page of all. */
    ck_assert_int_eq(ask(&(struct call){RFENCE, 2, 2, 0, 0xfffff000, 0x1000, 3, 0}), OK);
    ck_assert(fences == 6 && last.va == 0xfffff000 && last.asid == 3);
    /* A long one is not done page by page. */
    ck_assert_int_eq(ask(&(struct call){RFENCE, 1, 2, 0, 0x1000, 0x10000000, 0, 0}), OK);
    ck_assert(fences == 7 && !last.one_va);
    /* For nobody. */
    ck_assert_int_eq(ask(&(struct call){RFENCE, 1, 0, 0, 0, 0, 0, 0}), OK);
    ck_assert_int_eq(ask(&(struct call){RFENCE, 0, 0, 0, 0, 0, 0, 0}), OK);
    ck_assert(fences == 7 && code_fences == 1);
}
END_TEST

/* The mask is in memory, where the hart's own address space has it. */
START_TEST(legacy_masks_are_in_memory)
{
    begin();
    b.ram[7] = 2;
    ck_assert_int_eq(ask(&(struct call){4, 9, BOARDS_BASE + 7, 0, 0, 0, 0, 0}), OK);
    ck_assert(!b.hart.sip && b.board.harts.of[1].ipi);
    ck_assert_int_eq(ask(&(struct call){6, 0, BOARDS_BASE + 7, 0x1000, 0x1000, 0, 0, 0}), OK);
    ck_assert(fences == 1 && last.one_va && last.va == 0x1000);
    ck_assert_int_eq(ask(&(struct call){7, 0, 0, 0, 0, 5, 0, 0}), OK);
    ck_assert(fences == 2 && last.one_asid && last.asid == 5 && !last.one_va);
    ck_assert_int_eq(ask(&(struct call){5, 0, BOARDS_BASE + 7, 0, 0, 0, 0, 0}), OK);
    ck_assert_uint_eq(code_fences, 1);
    b.ram[7] = 8;
    ck_assert_int_eq(ask(&(struct call){4, 0, BOARDS_BASE + 7, 0, 0, 0, 0, 0}), INVALID_PARAM);
    /* All, itself too; and it takes that back: it is told whether there was one. */
    ck_assert_int_eq(ask(&(struct call){4, 0, 0, 0, 0, 0, 0, 0}), OK);
    ck_assert_uint_eq(b.hart.sip, IRQ_BIT(IRQ_SSOFT));
    ck_assert_int_gt(ask(&(struct call){3, 0, 0, 0, 0, 0, 0, 0}), 0);
    ck_assert_uint_eq(b.hart.sip, 0);
    ck_assert_int_eq(ask(&(struct call){3, 0, 0, 0, 0, 0, 0, 0}), 0);
}
END_TEST

/* Chapter 5: the supervisor's own, at its ECALL; nothing else has happened. */
START_TEST(faults_of_legacy_masks_are_the_supervisors)
{
    const uint32_t root = SATP_SV32 | (BOARDS_BASE + PAGE_SIZE) >> PAGE_SHIFT;
    const struct {
        uint32_t satp, at, cause, tval;
    } cases[] = {
        {0, 4, CAUSE_LOAD_ACCESS, 4},
        {0, BOARD_UART_BASE, CAUSE_LOAD_ACCESS, BOARD_UART_BASE},
        {0, BOARDS_BASE + BOARDS_RAM - 2, CAUSE_LOAD_ACCESS, BOARDS_BASE + BOARDS_RAM},
        {root, BOARDS_BASE + 7, CAUSE_LOAD_PAGE_FAULT, BOARDS_BASE + 7}, /* maps nothing */
    };

    for (unsigned i = 0; i < 4 * sizeof cases / sizeof cases[0]; i++) {
        const struct call call = {4 + i % 4, 0, cases[i / 4].at, 0, 0, 0, 0, 0};

        begin();
        b.hart.pc = CODE;
        b.hart.stvec = CODE + 0x100;
        b.hart.satp = cases[i / 4].satp;
        b.hart.mode = HART_SUPERVISOR;
        (void)ask(&call);
        ck_assert_uint_eq(b.hart.scause, cases[i / 4].cause);
        ck_assert_uint_eq(b.hart.stval, cases[i / 4].tval);
        ck_assert_uint_eq(b.hart.sepc, CODE);
        ck_assert_uint_eq(b.hart.pc, CODE + 0x100);
        ck_assert_uint_eq(b.hart.sstatus & SSTATUS_SPP, SSTATUS_SPP);
        ck_assert_uint_eq(b.hart.x[10], call.a0);
        ck_assert(!fences && !code_fences && !b.hart.sip && !b.board.harts.of[1].ipi);
    }
}
END_TEST

SUITE_MAIN("sbi_harts", refused_calls_say_why_and_do_nothing, states_are_told,
           suspended_harts_resume, interrupts_go_to_whom_they_are_for,
           fences_say_what_they_are_for, legacy_masks_are_in_memory,
           faults_of_legacy_masks_are_the_supervisors)
