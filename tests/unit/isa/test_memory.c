/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_memory.c - loads, stores and atomics without translation: extension, alignment, page
 * crossing, devices, the edges of RAM, and what ends a reservation. Translation is tested in
 * test_sv32.c.
 */
#include "tests/support/encode.h"
#include "tests/support/rig.h"
#include "tests/support/suite.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Base register, destination and source of the instructions here. */
enum { BASE = 10, TO = 11, FROM = 12 };

static const struct {
    enum insn_id id;
    unsigned width;
} loads[] = {{INSN_lb, 1}, {INSN_lh, 2}, {INSN_lw, 4}, {INSN_lbu, 1}, {INSN_lhu, 2}},
  stores[] = {{INSN_sb, 1}, {INSN_sh, 2}, {INSN_sw, 4}};

static uint32_t atomic(enum insn_id id)
{
    return encode_r(id, TO, BASE, id == INSN_lr_w ? 0 : FROM);
}

static void expect_load(enum insn_id id, uint32_t base, int32_t imm, uint32_t result)
{
    struct rig rig;
    struct hart expected;

    rig_init(&rig);
    rig_poke(&rig, RIG_DATA, 0x80ff7f01);
    rig_poke(&rig, RIG_DATA + 4, 0x12345678);
    rig.hart.x[BASE] = base;
    expected = rig_next(&rig);
    expected.x[TO] = result;
    rig_expect_retired(&rig, encode_i(id, TO, BASE, imm), &expected);
    ck_assert_uint_eq(rig.writes, 0);
}

START_TEST(loads_extend)
{
    expect_load(INSN_lb, RIG_DATA, 0, 0x00000001);
    expect_load(INSN_lb, RIG_DATA, 1, 0x0000007f);
    expect_load(INSN_lb, RIG_DATA, 2, 0xffffffff);
    expect_load(INSN_lb, RIG_DATA + 4, -1, 0xffffff80);
    expect_load(INSN_lbu, RIG_DATA, 2, 0x000000ff);
    expect_load(INSN_lbu, RIG_DATA, 3, 0x00000080);
    expect_load(INSN_lh, RIG_DATA, 0, 0x00007f01);
    expect_load(INSN_lh, RIG_DATA, 2, 0xffff80ff);
    expect_load(INSN_lhu, RIG_DATA, 2, 0x000080ff);
    expect_load(INSN_lw, RIG_DATA + 2048, -2048, 0x80ff7f01);
    expect_load(INSN_lw, RIG_DATA - 2047, 2047, 0x80ff7f01);
}
END_TEST

START_TEST(misaligned_loads_just_work)
{
    expect_load(INSN_lh, RIG_DATA, 1, 0xffffff7f);
    expect_load(INSN_lhu, RIG_DATA, 3, 0x00007880);
    expect_load(INSN_lw, RIG_DATA, 1, 0x7880ff7f);
    expect_load(INSN_lw, RIG_DATA, 2, 0x567880ff);
    expect_load(INSN_lw, RIG_DATA, 3, 0x34567880);
}
END_TEST

/* A load to x0 is made, and may trap, but x0 stays zero. */
START_TEST(a_load_to_x0_is_still_made)
{
    struct rig rig;
    struct hart expected;

    rig_init(&rig);
    rig.device = 7;
    rig.hart.x[BASE] = RIG_DEVICE;
    expected = rig_next(&rig);
    rig_expect_retired(&rig, encode_i(INSN_lw, 0, BASE, 0), &expected);
    ck_assert_uint_eq(rig.device_loads, 1);
    rig.hart.x[BASE] = 0x1000;
    rig_expect_trap(&rig, encode_i(INSN_lw, 0, BASE, 0), CAUSE_LOAD_ACCESS, 0x1000);
}
END_TEST

START_TEST(stores_change_their_bytes_only)
{
    static const uint32_t expected[3][4] = {
        {0xaaaaaa44, 0xaaaa44aa, 0xaa44aaaa, 0x44aaaaaa},
        {0xaaaa3344, 0xaa3344aa, 0x3344aaaa, 0x44aaaaaa},
        {0x11223344, 0x223344aa, 0x3344aaaa, 0x44aaaaaa},
    };
    struct rig rig;

    for (size_t i = 0; i < COUNT(stores); i++)
        for (uint32_t offset = 0; offset < 4; offset++) {
            struct hart next;

            rig_init(&rig);
            rig_poke(&rig, RIG_DATA, 0xaaaaaaaa);
            rig.hart.x[BASE] = RIG_DATA;
            rig.hart.x[FROM] = 0x11223344;
            next = rig_next(&rig);
            rig_expect_retired(&rig, encode_store(stores[i].id, FROM, BASE, (int32_t)offset),
                               &next);
            ck_assert_uint_eq(rig_peek(&rig, RIG_DATA), expected[i][offset]);
            ck_assert_uint_eq(rig.writes, 1);
            ck_assert_uint_eq(rig.wrote[0].pa, RIG_DATA + offset);
            ck_assert_uint_eq(rig.wrote[0].len, stores[i].width);
        }
}
END_TEST

START_TEST(accesses_across_pages)
{
    const uint32_t edge = RIG_DATA + PAGE_SIZE;
    struct rig rig;

    for (uint32_t first = 1; first < 4; first++) {
        rig_init(&rig);
        rig.hart.x[BASE] = edge - first;
        rig.hart.x[FROM] = 0x11223344;
        ck_assert(rig_exec(&rig, encode_store(INSN_sw, FROM, BASE, 0)));
        ck_assert_uint_eq(rig.writes, 2);
        ck_assert_uint_eq(rig.wrote[0].pa, edge - first);
        ck_assert_uint_eq(rig.wrote[0].len, first);
        ck_assert_uint_eq(rig.wrote[1].pa, edge);
        ck_assert_uint_eq(rig.wrote[1].len, 4 - first);
        ck_assert_uint_eq(rig_peek(&rig, edge - 4), 0x11223344u << (32 - 8 * first));
        ck_assert_uint_eq(rig_peek(&rig, edge), 0x11223344u >> 8 * first);
        ck_assert(rig_exec(&rig, encode_i(INSN_lw, TO, BASE, 0)));
        ck_assert_uint_eq(rig.hart.x[TO], 0x11223344);
    }
    rig.hart.x[BASE] = edge - 1;
    ck_assert(rig_exec(&rig, encode_i(INSN_lh, TO, BASE, 0)));
    ck_assert_uint_eq(rig.hart.x[TO],
                      0x1122); /* first is 3: 22 stands before the edge, 11 after */
}
END_TEST

/* Of an access that leaves RAM no byte moves, and tval is the first byte that is not RAM. */
START_TEST(accesses_across_the_end_of_ram)
{
    const uint32_t end = RIG_BASE + RIG_SIZE;
    struct rig rig;

    for (uint32_t first = 1; first < 4; first++) {
        rig_init(&rig);
        rig_poke(&rig, end - 4, 0xaaaaaaaa);
        rig.hart.x[BASE] = end - first;
        rig_expect_trap(&rig, encode_store(INSN_sw, FROM, BASE, 0), CAUSE_STORE_ACCESS, end);
        rig_expect_trap(&rig, encode_i(INSN_lw, TO, BASE, 0), CAUSE_LOAD_ACCESS, end);
        ck_assert_uint_eq(rig_peek(&rig, end - 4), 0xaaaaaaaa);
        ck_assert_uint_eq(rig.writes, 0);
    }
    rig.hart.x[BASE] = RIG_BASE - 1; /* and into it */
    rig_expect_trap(&rig, encode_i(INSN_lw, TO, BASE, 0), CAUSE_LOAD_ACCESS, RIG_BASE - 1);
    rig.hart.x[BASE] = 0xfffffffe; /* round the end of the address space */
    rig_expect_trap(&rig, encode_i(INSN_lw, TO, BASE, 0), CAUSE_LOAD_ACCESS, 0xfffffffe);
}
END_TEST

START_TEST(nothing_there_is_an_access_fault)
{
    struct rig rig;

    rig_init(&rig);
    rig.hart.x[BASE] = 0x1000;
    for (size_t i = 0; i < COUNT(loads); i++)
        rig_expect_trap(&rig, encode_i(loads[i].id, TO, BASE, 4), CAUSE_LOAD_ACCESS, 0x1004);
    for (size_t i = 0; i < COUNT(stores); i++)
        rig_expect_trap(&rig, encode_store(stores[i].id, FROM, BASE, 4), CAUSE_STORE_ACCESS,
                        0x1004);
    rig_expect_trap(&rig, atomic(INSN_lr_w), CAUSE_LOAD_ACCESS, 0x1000);
    rig_expect_trap(&rig, atomic(INSN_sc_w), CAUSE_STORE_ACCESS, 0x1000);
    rig_expect_trap(&rig, atomic(INSN_amoadd_w), CAUSE_STORE_ACCESS, 0x1000);
    rig.phys.io = NULL; /* no devices at all */
    rig_expect_trap(&rig, encode_i(INSN_lw, TO, BASE, 0), CAUSE_LOAD_ACCESS, 0x1000);
    rig_expect_trap(&rig, atomic(INSN_amoadd_w), CAUSE_STORE_ACCESS, 0x1000);
}
END_TEST

START_TEST(devices_take_what_they_take)
{
    struct rig rig;

    rig_init(&rig);
    rig.device = 0x1234fe80;
    rig.hart.x[BASE] = RIG_DEVICE;
    ck_assert(rig_exec(&rig, encode_i(INSN_lb, TO, BASE, 0)));
    ck_assert_uint_eq(rig.hart.x[TO], 0xffffff80); /* the sign is the instruction's affair */
    ck_assert(rig_exec(&rig, encode_i(INSN_lw, TO, BASE, 0)));
    ck_assert_uint_eq(rig.hart.x[TO], 0x1234fe80);
    rig_expect_trap(&rig, encode_i(INSN_lh, TO, BASE, 0), CAUSE_LOAD_ACCESS, RIG_DEVICE);
    rig_expect_trap(&rig, encode_store(INSN_sh, FROM, BASE, 2), CAUSE_STORE_ACCESS,
                    RIG_DEVICE + 2);
    ck_assert(rig_exec(&rig, encode_store(INSN_sw, FROM, BASE, 0)));
    ck_assert_uint_eq(rig.device, rig.hart.x[FROM]);
    ck_assert_uint_eq(rig.writes, 0); /* not RAM */
}
END_TEST

/* Devices see aligned accesses only: a misaligned one never reaches them. */
START_TEST(misaligned_device_accesses_fault)
{
    struct rig rig;

    rig_init(&rig);
    rig.hart.x[BASE] = RIG_DEVICE + 1;
    rig_expect_trap(&rig, encode_i(INSN_lw, TO, BASE, 0), CAUSE_LOAD_ACCESS, RIG_DEVICE + 1);
    rig_expect_trap(&rig, encode_i(INSN_lhu, TO, BASE, 0), CAUSE_LOAD_ACCESS, RIG_DEVICE + 1);
    rig_expect_trap(&rig, encode_store(INSN_sw, FROM, BASE, 1), CAUSE_STORE_ACCESS,
                    RIG_DEVICE + 2);
    ck_assert_uint_eq(rig.device_loads + rig.device_stores, 0);
}
END_TEST

static const struct {
    enum insn_id id;
    uint32_t memory, operand, result;
} atomics[] = {
    {INSN_amoswap_w, 1, 2, 2},
    {INSN_amoadd_w, 0x80000000, 0xfffff800, 0x7ffff800},
    {INSN_amoxor_w, 0xff00ff00, 0x0f0f0f0f, 0xf00ff00f},
    {INSN_amoand_w, 0xff00ff00, 0x0f0f0f0f, 0x0f000f00},
    {INSN_amoor_w, 0xff00ff00, 0x0f0f0f0f, 0xff0fff0f},
    {INSN_amomin_w, 0x80000000, 1, 0x80000000},
    {INSN_amomin_w, 1, 0xffffffff, 0xffffffff},
    {INSN_amomax_w, 0x80000000, 1, 1},
    {INSN_amomax_w, 1, 0xffffffff, 1},
    {INSN_amominu_w, 0x80000000, 1, 1},
    {INSN_amominu_w, 1, 0xffffffff, 1},
    {INSN_amomaxu_w, 0x80000000, 1, 0x80000000},
    {INSN_amomaxu_w, 1, 0xffffffff, 0xffffffff},
};

START_TEST(atomics_compute_and_return_the_old_value)
{
    struct rig rig;

    for (size_t i = 0; i < COUNT(atomics); i++) {
        struct hart expected;

        rig_init(&rig);
        rig_poke(&rig, RIG_DATA, atomics[i].memory);
        rig.hart.x[BASE] = RIG_DATA;
        rig.hart.x[FROM] = atomics[i].operand;
        expected = rig_next(&rig);
        expected.x[TO] = atomics[i].memory;
        rig_expect_retired(&rig, atomic(atomics[i].id), &expected);
        ck_assert_uint_eq(rig_peek(&rig, RIG_DATA), atomics[i].result);
        ck_assert_uint_eq(rig.writes, 1);
        ck_assert_uint_eq(rig.wrote[0].pa, RIG_DATA);
        ck_assert_uint_eq(rig.wrote[0].len, 4);
    }
}
END_TEST

START_TEST(atomics_with_one_register_and_with_x0)
{
    struct rig rig;

    rig_init(&rig);
    rig_poke(&rig, RIG_DATA, 5);
    rig.hart.x[BASE] = RIG_DATA;
    ck_assert(rig_exec(&rig, encode_r(INSN_amoadd_w, BASE, BASE, BASE)));
    ck_assert_uint_eq(rig.hart.x[BASE], 5);
    ck_assert_uint_eq(rig_peek(&rig, RIG_DATA), RIG_DATA + 5);
    rig.hart.x[BASE] = RIG_DATA;
    ck_assert(rig_exec(&rig, encode_r(INSN_amoswap_w, 0, BASE, 0)));
    ck_assert_uint_eq(rig.hart.x[0], 0);
    ck_assert_uint_eq(rig_peek(&rig, RIG_DATA), 0);
}
END_TEST

START_TEST(misaligned_atomics_trap)
{
    struct rig rig;

    for (uint32_t offset = 1; offset < 4; offset++) {
        uint32_t va = RIG_DATA + offset;

        rig_init(&rig);
        rig.hart.x[BASE] = va;
        rig_expect_trap(&rig, atomic(INSN_lr_w), CAUSE_LOAD_MISALIGNED, va);
        for (unsigned id = INSN_sc_w; id <= INSN_amomaxu_w; id++)
            rig_expect_trap(&rig, atomic((enum insn_id)id), CAUSE_STORE_MISALIGNED, va);
        rig.hart.x[BASE] = 0x1000 + offset; /* before it is even looked for */
        rig_expect_trap(&rig, atomic(INSN_amoadd_w), CAUSE_STORE_MISALIGNED, 0x1000 + offset);
        ck_assert_uint_eq(rig.writes, 0);
    }
}
END_TEST

START_TEST(atomics_on_devices)
{
    struct rig rig;

    rig_init(&rig);
    rig.device = 5;
    rig.hart.x[BASE] = RIG_DEVICE;
    rig.hart.x[FROM] = 2;
    ck_assert(rig_exec(&rig, atomic(INSN_amoadd_w)));
    ck_assert_uint_eq(rig.hart.x[TO], 5);
    ck_assert_uint_eq(rig.device, 7);
    rig_expect_trap(&rig, atomic(INSN_lr_w), CAUSE_LOAD_ACCESS, RIG_DEVICE);
    rig_expect_trap(&rig, atomic(INSN_sc_w), CAUSE_STORE_ACCESS, RIG_DEVICE);
    rig.device_store_fails = true;
    rig_expect_trap(&rig, atomic(INSN_amoadd_w), CAUSE_STORE_ACCESS, RIG_DEVICE);
    ck_assert_uint_eq(rig.device, 7);
}
END_TEST

/* ---- LR and SC ---- */

static void reserve(struct rig *rig)
{
    rig_init(rig);
    rig_poke(rig, RIG_DATA, 0x5555);
    rig_poke(rig, RIG_DATA + 4, 0x5555);
    rig->hart.x[BASE] = RIG_DATA;
    rig->hart.x[FROM] = 0x7777;
    ck_assert(rig_exec(rig, atomic(INSN_lr_w)));
    ck_assert_uint_eq(rig->hart.x[TO], 0x5555);
    ck_assert(rig->hart.reservation.valid);
}

/* Run SC and say whether it stored: rd, memory and phys.wrote() must tell the same story. */
static bool conditional(struct rig *rig, uint32_t va)
{
    uint32_t before = rig_peek(rig, va), after;
    unsigned writes = rig->writes;
    bool stored;

    rig->hart.x[BASE] = va;
    ck_assert(rig_exec(rig, atomic(INSN_sc_w)));
    ck_assert(!rig->hart.reservation.valid);
    after = rig_peek(rig, va);
    stored = rig->hart.x[TO] == 0;
    ck_assert_uint_eq(rig->hart.x[TO], stored ? 0 : 1);
    ck_assert_uint_eq(after, stored ? rig->hart.x[FROM] : before);
    ck_assert_uint_eq(rig->writes - writes, stored);
    return stored;
}

START_TEST(sc_succeeds_after_lr_and_once)
{
    struct rig rig;

    reserve(&rig);
    ck_assert(conditional(&rig, RIG_DATA));
    ck_assert(!conditional(&rig, RIG_DATA));
}
END_TEST

START_TEST(sc_fails_without_lr)
{
    struct rig rig;

    rig_init(&rig);
    rig.hart.x[FROM] = 1;
    ck_assert(!conditional(&rig, RIG_DATA));
}
END_TEST

START_TEST(sc_elsewhere_fails_and_loses_the_reservation)
{
    struct rig rig;

    reserve(&rig);
    ck_assert(!conditional(&rig, RIG_DATA + 4));
    ck_assert(!conditional(&rig, RIG_DATA));
}
END_TEST

/* The rule of hart.h: address and value. A store of another value breaks it, of the same not. */
START_TEST(stores_in_between)
{
    struct rig rig;

    reserve(&rig);
    ck_assert(rig_exec(&rig, encode_store(INSN_sw, FROM, BASE, 0)));
    ck_assert(!conditional(&rig, RIG_DATA));

    reserve(&rig);
    ck_assert(rig_exec(&rig, encode_store(INSN_sw, TO, BASE, 0)));
    ck_assert(conditional(&rig, RIG_DATA));

    reserve(&rig);
    ck_assert(rig_exec(&rig, encode_store(INSN_sw, FROM, BASE, 4)));
    ck_assert(conditional(&rig, RIG_DATA));
}
END_TEST

START_TEST(the_last_lr_counts)
{
    struct rig rig;

    reserve(&rig);
    rig.hart.x[BASE] = RIG_DATA + 4;
    ck_assert(rig_exec(&rig, atomic(INSN_lr_w)));
    ck_assert(!conditional(&rig, RIG_DATA));
}
END_TEST

START_TEST(traps_lose_the_reservation)
{
    static const struct trap trap = {.cause = CAUSE_INTERRUPT | IRQ_STIMER, .tval = 0};
    struct rig rig;

    reserve(&rig);
    hart_trap(&rig.hart, &trap);
    ck_assert(!conditional(&rig, RIG_DATA));
    reserve(&rig);
    ck_assert(rig_exec(&rig, insn_desc(INSN_sret)->match));
    rig.hart.mode = HART_SUPERVISOR;
    ck_assert(!conditional(&rig, RIG_DATA));
}
END_TEST

/* An SC that traps is not an SC that ran: what it found stays. */
START_TEST(sc_that_traps_keeps_the_reservation)
{
    struct rig rig;

    reserve(&rig);
    rig.hart.x[BASE] = RIG_DATA + 2;
    rig_expect_trap(&rig, atomic(INSN_sc_w), CAUSE_STORE_MISALIGNED, RIG_DATA + 2);
    ck_assert(conditional(&rig, RIG_DATA));
}
END_TEST

START_TEST(lr_changes_nothing_else)
{
    struct rig rig;
    struct hart expected;

    rig_init(&rig);
    rig_poke(&rig, RIG_DATA, 0x99);
    rig.hart.x[BASE] = RIG_DATA;
    expected = rig_next(&rig);
    expected.x[TO] = 0x99;
    expected.reservation = (struct reservation){true, RIG_DATA, 0x99};
    rig_expect_retired(&rig, atomic(INSN_lr_w), &expected);
    ck_assert_uint_eq(rig.writes, 0);
}
END_TEST

SUITE_MAIN("memory", loads_extend, misaligned_loads_just_work, a_load_to_x0_is_still_made,
           stores_change_their_bytes_only, accesses_across_pages,
           accesses_across_the_end_of_ram, nothing_there_is_an_access_fault,
           devices_take_what_they_take, misaligned_device_accesses_fault,
           atomics_compute_and_return_the_old_value, atomics_with_one_register_and_with_x0,
           misaligned_atomics_trap, atomics_on_devices, sc_succeeds_after_lr_and_once,
           sc_fails_without_lr, sc_elsewhere_fails_and_loses_the_reservation, stores_in_between,
           the_last_lr_counts, traps_lose_the_reservation, sc_that_traps_keeps_the_reservation,
           lr_changes_nothing_else)
