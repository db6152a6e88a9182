/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_hart.c - reset, trap entry and return, the choice of an interrupt, WFI's wake-up and the
 * comparison of harts; from Privileged ISA 3.1.6.1, 3.3.2, 4.1 and 4.1.3.
 */
#include <string.h>

#include "isa/csr.h"
#include "tests/support/rig.h"
#include "tests/support/suite.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SRET 0x10200073u

START_TEST(reset_state)
{
    struct hart hart, zero = {0};

    memset(&hart, 0xff, sizeof hart);
    hart_reset(&hart, 0x80000000);
    zero.pc = 0x80000000;
    zero.mode = HART_SUPERVISOR;
    rig_expect_hart(&hart, &zero);
}
END_TEST

/* Trap from each mode with each SIE; SUM and MXR stay. */
START_TEST(trap_entry)
{
    for (unsigned i = 0; i < 8; i++) {
        const struct trap trap = {.cause = CAUSE_LOAD_PAGE_FAULT, .tval = 0xabcdef01};
        bool sie = i & 1, spie = i & 2, from_user = i & 4;
        struct rig rig;
        struct hart expected;

        rig_init(&rig);
        rig.hart.mode = from_user ? HART_USER : HART_SUPERVISOR;
        rig.hart.stvec = 0x80001000;
        rig.hart.satp = 0x80000123;
        rig.hart.sie = rig.hart.sip = 0x222;
        rig.hart.reservation.valid = true;
        rig.hart.sstatus = SSTATUS_SUM | SSTATUS_MXR | (sie ? SSTATUS_SIE : 0) |
                           (spie ? SSTATUS_SPIE : 0) | (from_user ? SSTATUS_SPP : 0);
        expected = rig.hart;
        expected.sepc = RIG_CODE;
        expected.scause = 13;
        expected.stval = 0xabcdef01;
        expected.mode = HART_SUPERVISOR;
        expected.pc = 0x80001000;
        expected.reservation.valid = false;
        expected.sstatus = 0x000c0000u | (sie ? 0x20 : 0) | (from_user ? 0 : 0x100);
        hart_trap(&rig.hart, &trap);
        rig_expect_hart(&rig.hart, &expected);
    }
}
END_TEST

static uint32_t vector_of(uint32_t stvec, uint32_t cause)
{
    const struct trap trap = {.cause = cause, .tval = 0};
    struct hart hart;

    hart_reset(&hart, 0x1000);
    hart.stvec = stvec;
    hart_trap(&hart, &trap);
    ck_assert_uint_eq(hart.scause, cause);
    return hart.pc;
}

START_TEST(vectored_mode_spreads_interrupts_only)
{
    ck_assert_uint_eq(vector_of(0x80001001, CAUSE_INTERRUPT | IRQ_SSOFT), 0x80001004);
    ck_assert_uint_eq(vector_of(0x80001001, CAUSE_INTERRUPT | IRQ_STIMER), 0x80001014);
    ck_assert_uint_eq(vector_of(0x80001001, CAUSE_INTERRUPT | IRQ_SEXT), 0x80001024);
    ck_assert_uint_eq(vector_of(0x80001001, CAUSE_STORE_PAGE_FAULT), 0x80001000);
    ck_assert_uint_eq(vector_of(0x80001001, CAUSE_ECALL_USER), 0x80001000);
    ck_assert_uint_eq(vector_of(0x80001000, CAUSE_INTERRUPT | IRQ_SEXT), 0x80001000);
    ck_assert_uint_eq(vector_of(0xfffffffd, CAUSE_INTERRUPT | IRQ_STIMER), 0x10);
}
END_TEST

/* SRET from every combination of SPP, SPIE and SIE. */
START_TEST(sret_pops_mode_and_enable)
{
    for (unsigned i = 0; i < 8; i++) {
        bool spp = i & 1, spie = i & 2, sie = i & 4;
        struct rig rig;
        struct hart expected;

        rig_init(&rig);
        rig.hart.sepc = 0x80003002;
        rig.hart.scause = 9;
        rig.hart.reservation.valid = true;
        rig.hart.sstatus = SSTATUS_SUM | SSTATUS_MXR | (spp ? SSTATUS_SPP : 0) |
                           (spie ? SSTATUS_SPIE : 0) | (sie ? SSTATUS_SIE : 0);
        expected = rig_next(&rig);
        expected.pc = 0x80003002;
        expected.mode = spp ? HART_SUPERVISOR : HART_USER;
        expected.sstatus = 0x000c0020u | (spie ? 2 : 0); /* SPP becomes U, SPIE 1 */
        expected.reservation.valid = false;
        rig_expect_retired(&rig, SRET, &expected);
        ck_assert_int_eq(rig.env.event, EXEC_SRET);
    }
}
END_TEST

START_TEST(a_trap_and_its_return_cancel_out)
{
    for (unsigned i = 0; i < 4; i++) {
        const struct trap trap = {.cause = CAUSE_INTERRUPT | IRQ_STIMER, .tval = 0};
        struct hart hart, before;

        hart_reset(&hart, 0x2000);
        hart.mode = i & 1;
        hart.sstatus = SSTATUS_SPIE | (i & 2 ? SSTATUS_SIE : 0);
        before = hart;
        hart_trap(&hart, &trap);
        ck_assert_uint_eq(hart_interrupt(&hart), 0);
        hart_sret(&hart);
        before.sepc = 0x2000;
        before.scause = trap.cause;
        rig_expect_hart(&hart, &before);
    }
}
END_TEST

/* All pending x enabled x SIE x mode, against the rule in words: highest of SEI, SSI, STI. */
static uint32_t expected_interrupt(uint32_t both, bool open)
{
    if (!open)
        return 0;
    if (both & 1u << 9)
        return 0x80000009;
    if (both & 1u << 1)
        return 0x80000001;
    return both & 1u << 5 ? 0x80000005 : 0;
}

static uint32_t spread(unsigned bits)
{
    return (bits & 1 ? 1u << 1 : 0) | (bits & 2 ? 1u << 5 : 0) | (bits & 4 ? 1u << 9 : 0);
}

START_TEST(interrupts_by_priority_and_enable)
{
    for (unsigned i = 0; i < 256; i++) {
        bool sie = i & 64, supervisor = i & 128;
        struct hart hart;

        hart_reset(&hart, 0);
        hart.sip = spread(i & 7);
        hart.sie = spread(i >> 3 & 7);
        hart.mode = supervisor ? HART_SUPERVISOR : HART_USER;
        hart.sstatus = sie ? SSTATUS_SIE : 0;
        ck_assert_uint_eq(hart_interrupt(&hart),
                          expected_interrupt(hart.sip & hart.sie, sie || !supervisor));
        ck_assert(hart_wakeup(&hart) == ((hart.sip & hart.sie) != 0));
    }
}
END_TEST

START_TEST(looking_changes_nothing)
{
    struct hart hart, before;

    hart_reset(&hart, 0);
    hart.sip = hart.sie = 0x222;
    hart.sstatus = SSTATUS_SIE;
    before = hart;
    ck_assert_uint_ne(hart_interrupt(&hart), 0);
    ck_assert(hart_wakeup(&hart));
    rig_expect_hart(&hart, &before);
}
END_TEST

/* Is a change of the byte at `offset` noticed? */
static bool notices(size_t offset)
{
    struct hart a, b;

    hart_reset(&a, 0x80000000);
    a.reservation = (struct reservation){true, 1, 2};
    b = a;
    ((uint8_t *)&b)[offset] ^= 0x40;
    return !hart_equal(&a, &b) && !hart_equal(&b, &a);
}

/* Every byte of every field counts; padding does not. */
START_TEST(hart_equal_looks_at_every_field)
{
    static const struct {
        size_t at, size;
    } fields[] = {
#define AT(field) {offsetof(struct hart, field), sizeof(((struct hart *)0)->field)}
        AT(x),       AT(pc),      AT(mode),    AT(reservation.va), AT(reservation.value),
        AT(sstatus), AT(sie),     AT(sip),     AT(stvec),          AT(sscratch),
        AT(sepc),    AT(scause),  AT(stval),   AT(satp),           AT(scounteren),
        AT(senvcfg), AT(retired), AT(skipped),
#undef AT
    };
    size_t covered = sizeof(bool);

    for (size_t i = 0; i < COUNT(fields); i++) {
        covered += fields[i].size;
        for (size_t byte = 0; byte < fields[i].size; byte++)
            ck_assert_msg(notices(fields[i].at + byte), "field %zu, byte %zu", i, byte);
    }
    /* A field added to struct hart must be added here: only padding may be left over. */
    ck_assert_uint_lt(sizeof(struct hart) - covered, 8);
}
END_TEST

START_TEST(hart_equal_and_reservations)
{
    struct hart a, b;

    hart_reset(&a, 0);
    b = a;
    b.reservation.valid = true;
    ck_assert(!hart_equal(&a, &b));
    b.reservation = (struct reservation){false, 7, 8}; /* what is not valid has no value */
    ck_assert(hart_equal(&a, &b));
}
END_TEST

SUITE_MAIN("hart", reset_state, trap_entry, vectored_mode_spreads_interrupts_only,
           sret_pops_mode_and_enable, a_trap_and_its_return_cancel_out,
           interrupts_by_priority_and_enable, looking_changes_nothing,
           hart_equal_looks_at_every_field, hart_equal_and_reservations)
