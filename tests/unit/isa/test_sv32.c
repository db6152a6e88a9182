/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_sv32.c - the page-table walk check by check (Privileged ISA 4.3.2), and its effect on
 * instructions: faults of fetches, loads, stores and atomics, accesses across two pages, A and D.
 * Also phys_read() and phys_write(), by which physical memory is accessed.
 */
#include "isa/csr.h"
#include "isa/sv32.h"
#include "tests/support/encode.h"
#include "tests/support/rig.h"
#include "tests/support/suite.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define ROOT (RIG_BASE + 1 * PAGE_SIZE)
#define TABLE (RIG_BASE + 2 * PAGE_SIZE)
#define SATP (SATP_SV32 | ROOT >> PAGE_SHIFT)

/* Pages are mapped from here: index 1 of the root, through TABLE. */
#define VA 0x00400000u
/* Root index 2: for superpages. */
#define VA_SUPER 0x00800000u

#define RWX (PTE_R | PTE_W | PTE_X)
#define AD (PTE_A | PTE_D)

static uint32_t leaf_pa(uint32_t va)
{
    return TABLE + 4 * SV32_INDEX(va, 0);
}

static void map(struct rig *rig, uint32_t va, uint64_t pa, uint32_t flags)
{
    rig_poke(rig, leaf_pa(va), PTE_MAKE(pa >> PAGE_SHIFT, flags));
}

static void map_super(struct rig *rig, uint64_t pa, uint32_t flags)
{
    rig_poke(rig, ROOT + 4 * SV32_INDEX(VA_SUPER, 1), PTE_MAKE(pa >> PAGE_SHIFT, flags));
}

/* Translation on, nothing mapped but the way to TABLE. */
static void start(struct rig *rig, enum hart_mode mode)
{
    rig_init(rig);
    rig->hart.satp = SATP;
    rig->hart.mode = (uint8_t)mode;
    rig_poke(rig, ROOT + 4 * SV32_INDEX(VA, 1), PTE_MAKE(TABLE >> PAGE_SHIFT, PTE_V));
}

static enum sv32_result translate(struct rig *rig, uint32_t va, enum access access,
                                  struct sv32_walk *walk)
{
    struct sv32_space space = sv32_space_of(&rig->hart, &rig->phys);

    return sv32_translate(&space, va, access, walk);
}

static enum sv32_result try(struct rig *rig, uint32_t va, enum access access)
{
    struct sv32_walk walk;

    return translate(rig, va, access, &walk);
}

/* ---- Permissions ---- */

/* The manual's rules, said another way than sv32.c says them. */
static bool may(uint32_t pte, enum access access, enum hart_mode mode, bool sum, bool mxr)
{
    bool r = pte & PTE_R, w = pte & PTE_W, x = pte & PTE_X, u = pte & PTE_U;

    if (!(pte & PTE_V) || (w && !r) || !(r || w || x))
        return false;
    if (mode == HART_USER)
        u = !u; /* from here on: is the page the other mode's? */
    if (u && (mode == HART_USER || access == ACCESS_FETCH || !sum))
        return false;
    if (access == ACCESS_FETCH)
        return x;
    return access == ACCESS_STORE ? w : r || (mxr && x);
}

static void check_permission(uint32_t flags, enum access access, unsigned state)
{
    struct rig rig;
    enum sv32_result result;
    uint32_t before, after, wanted = PTE_A | (access == ACCESS_STORE ? PTE_D : 0);
    bool allowed, sum = state & 1, mxr = state & 2;
    enum hart_mode mode = state & 4 ? HART_SUPERVISOR : HART_USER;

    start(&rig, mode);
    rig.hart.sstatus = (sum ? SSTATUS_SUM : 0) | (mxr ? SSTATUS_MXR : 0);
    map(&rig, VA, RIG_DATA, flags);
    before = rig_peek(&rig, leaf_pa(VA));
    result = try(&rig, VA, access);
    after = rig_peek(&rig, leaf_pa(VA));
    allowed = may(flags, access, mode, sum, mxr);
    ck_assert_msg((result == SV32_OK) == allowed,
                  "flags %02x, access %d, mode %d, sum %d, mxr %d", flags, access, mode, sum,
                  mxr);
    ck_assert(allowed || result == SV32_PAGE_FAULT);
    /* A and D: what the access needs when it is allowed, nothing at all when it is not. */
    ck_assert_uint_eq(after, allowed ? before | wanted : before);
    ck_assert_uint_eq(rig.writes, after != before);
}

/* All flags x access x mode x SUM x MXR. */
START_TEST(permissions_and_ad)
{
    for (uint32_t flags = 0; flags < 256; flags++)
        for (unsigned state = 0; state < 8; state++) {
            check_permission(flags, ACCESS_FETCH, state);
            check_permission(flags, ACCESS_LOAD, state);
            check_permission(flags, ACCESS_STORE, state);
        }
}
END_TEST

START_TEST(software_s_bits_are_ignored_and_kept)
{
    struct rig rig;

    start(&rig, HART_SUPERVISOR);
    map(&rig, VA, RIG_DATA, PTE_V | RWX | PTE_G | 3u << 8);
    ck_assert_int_eq(try(&rig, VA, ACCESS_STORE), SV32_OK);
    ck_assert_uint_eq(rig_peek(&rig, leaf_pa(VA)),
                      PTE_MAKE(RIG_DATA >> 12, PTE_V | RWX | PTE_G | 3u << 8 | AD));
    ck_assert_uint_eq(rig.wrote[0].pa, leaf_pa(VA));
    ck_assert_uint_eq(rig.wrote[0].len, 4);
}
END_TEST

/* The probe tells the same and writes nothing. */
START_TEST(probing_leaves_a_and_d)
{
    struct rig rig;
    struct sv32_space space;
    struct sv32_walk walk;

    start(&rig, HART_SUPERVISOR);
    map(&rig, VA, RIG_DATA, PTE_V | RWX);
    space = sv32_space_of(&rig.hart, &rig.phys);
    ck_assert_int_eq(sv32_probe(&space, VA + 5, ACCESS_STORE, &walk), SV32_OK);
    ck_assert_uint_eq(walk.pa, RIG_DATA + 5);
    ck_assert_uint_eq(rig_peek(&rig, leaf_pa(VA)), PTE_MAKE(RIG_DATA >> 12, PTE_V | RWX));
    ck_assert_uint_eq(rig.writes, 0);
}
END_TEST

/* ---- The walk ---- */

START_TEST(translation_off_is_the_identity)
{
    struct rig rig;
    struct sv32_walk walk;

    start(&rig, HART_USER);
    rig.hart.satp &= ~SATP_SV32;
    for (unsigned access = ACCESS_FETCH; access <= ACCESS_STORE; access++) {
        ck_assert_int_eq(translate(&rig, 0xfedcba98, (enum access)access, &walk), SV32_OK);
        ck_assert_uint_eq(walk.pa, 0xfedcba98);
    }
    ck_assert_uint_eq(rig.writes, 0);
}
END_TEST

START_TEST(the_walk_tells_where_it_went)
{
    struct rig rig;
    struct sv32_walk walk;
    uint32_t va = VA + 0x3ff * PAGE_SIZE + 0xabc; /* the last entry of the table */

    start(&rig, HART_SUPERVISOR);
    map(&rig, va, RIG_DATA, PTE_V | PTE_R);
    ck_assert_int_eq(translate(&rig, va, ACCESS_LOAD, &walk), SV32_OK);
    ck_assert_uint_eq(walk.pa, RIG_DATA + 0xabc);
    ck_assert_uint_eq(walk.pte_pa, TABLE + 0xffc);
    ck_assert_uint_eq(walk.pte, PTE_MAKE(RIG_DATA >> 12, PTE_V | PTE_R | PTE_A));
    ck_assert_uint_eq(walk.level, 0);
    ck_assert_uint_eq(walk.table[1], ROOT);
    ck_assert_uint_eq(walk.table[0], TABLE);
}
END_TEST

START_TEST(the_asid_is_no_part_of_the_root)
{
    struct rig rig;

    start(&rig, HART_SUPERVISOR);
    map(&rig, VA, RIG_DATA, PTE_V | PTE_R);
    rig.hart.satp |= SATP_ASID_MASK << SATP_ASID_SHIFT;
    ck_assert_int_eq(try(&rig, VA, ACCESS_LOAD), SV32_OK);
}
END_TEST

START_TEST(superpages)
{
    struct rig rig;
    struct sv32_walk walk;

    start(&rig, HART_SUPERVISOR);
    map_super(&rig, RIG_BASE, PTE_V | RWX);
    ck_assert_int_eq(translate(&rig, VA_SUPER + 0x3fabcd, ACCESS_STORE, &walk), SV32_OK);
    ck_assert_uint_eq(walk.pa, RIG_BASE + 0x3fabcd);
    ck_assert_uint_eq(walk.level, 1);
    ck_assert_uint_eq(walk.pte_pa, ROOT + 8);
    ck_assert_uint_eq(rig_peek(&rig, ROOT + 8), PTE_MAKE(RIG_BASE >> 12, PTE_V | RWX | AD));
    map_super(&rig, 0x3ffc00000, PTE_V | PTE_R); /* the last one of 34 bits */
    ck_assert_int_eq(translate(&rig, VA_SUPER + 0x3ff123, ACCESS_LOAD, &walk), SV32_OK);
    ck_assert_uint_eq(walk.pa, 0x3fffff123);
}
END_TEST

/* Who keeps the answer for a page has to drop it by its superpage. */
START_TEST(locating_tells_superpages)
{
    struct sv32_space space;
    struct rig rig;

    start(&rig, HART_SUPERVISOR);
    map_super(&rig, RIG_BASE, PTE_V | RWX);
    map(&rig, VA, RIG_DATA, PTE_V | RWX);
    space = sv32_space_of(&rig.hart, &rig.phys);
    ck_assert_uint_eq(sv32_locate(&space, VA_SUPER + 0x3fabcd, ACCESS_STORE),
                      SV32_SUPER | (RIG_BASE + 0x3fabcd));
    ck_assert_uint_eq(sv32_locate(&space, VA + 5, ACCESS_STORE), RIG_DATA + 5);
    ck_assert_uint_eq(sv32_locate(&space, VA + PAGE_SIZE, ACCESS_LOAD), SV32_NOWHERE);
}
END_TEST

START_TEST(misaligned_superpages_fault)
{
    struct rig rig;

    start(&rig, HART_SUPERVISOR);
    for (uint32_t bit = 0; bit < 10; bit++) {
        uint64_t pa = RIG_BASE + (PAGE_SIZE << bit);

        map_super(&rig, pa, PTE_V | RWX);
        ck_assert_int_eq(try(&rig, VA_SUPER, ACCESS_LOAD), SV32_PAGE_FAULT);
        ck_assert_uint_eq(rig_peek(&rig, ROOT + 8), PTE_MAKE(pa >> 12, PTE_V | RWX));
    }
}
END_TEST

START_TEST(a_pointer_at_the_last_level_faults)
{
    struct rig rig;

    start(&rig, HART_SUPERVISOR);
    map(&rig, VA, RIG_DATA, PTE_V);
    ck_assert_int_eq(try(&rig, VA, ACCESS_LOAD), SV32_PAGE_FAULT);
    map(&rig, VA, RIG_DATA, PTE_V | AD | PTE_U);
    ck_assert_int_eq(try(&rig, VA, ACCESS_LOAD), SV32_PAGE_FAULT);
}
END_TEST

START_TEST(bad_root_entries_fault)
{
    struct rig rig;

    start(&rig, HART_SUPERVISOR);
    map(&rig, VA, RIG_DATA, PTE_V | RWX);
    rig_poke(&rig, ROOT + 4, PTE_MAKE(TABLE >> 12, 0));
    ck_assert_int_eq(try(&rig, VA, ACCESS_LOAD), SV32_PAGE_FAULT);
    rig_poke(&rig, ROOT + 4, PTE_MAKE(RIG_BASE >> 12, PTE_V | PTE_W | PTE_X));
    ck_assert_int_eq(try(&rig, VA, ACCESS_LOAD), SV32_PAGE_FAULT);
}
END_TEST

/* In a pointer only V, G and the software's bits may be set; none of them is ever updated. */
START_TEST(what_a_pointer_may_hold)
{
    struct rig rig;

    start(&rig, HART_SUPERVISOR);
    rig.hart.sstatus = SSTATUS_SUM;
    map(&rig, VA, RIG_DATA, PTE_V | RWX | AD);
    for (uint32_t flags = 0; flags < 1024; flags++) {
        uint32_t pointer = PTE_MAKE(TABLE >> 12, flags);
        bool sound = (flags & 0xff & ~PTE_G) == PTE_V;

        if (PTE_LEAF(flags))
            continue;
        rig_poke(&rig, ROOT + 4, pointer);
        for (unsigned access = ACCESS_FETCH; access <= ACCESS_STORE; access++)
            ck_assert_msg(try(&rig, VA, (enum access)access) ==
                              (sound ? SV32_OK : SV32_PAGE_FAULT),
                          "flags %03x, access %u", flags, access);
        ck_assert_uint_eq(rig_peek(&rig, ROOT + 4), pointer);
    }
    ck_assert_uint_eq(rig.writes, 0);
}
END_TEST

/* What is reserved in a pointer is looked at before the table that it points to. */
START_TEST(a_reserved_pointer_out_of_ram_is_a_page_fault)
{
    struct rig rig;

    start(&rig, HART_SUPERVISOR);
    rig_poke(&rig, ROOT + 4, PTE_MAKE(0x1000 >> 12, PTE_V | PTE_A));
    ck_assert_int_eq(try(&rig, VA, ACCESS_LOAD), SV32_PAGE_FAULT);
}
END_TEST

/* Page tables where there is no RAM: an access fault, of the kind of the original access. */
START_TEST(tables_outside_ram)
{
    struct rig rig;

    start(&rig, HART_SUPERVISOR);
    rig_poke(&rig, ROOT + 4, PTE_MAKE(0x1000 >> 12, PTE_V));
    ck_assert_int_eq(try(&rig, VA, ACCESS_LOAD), SV32_ACCESS_FAULT);
    rig.hart.x[10] = VA;
    rig_expect_trap(&rig, encode_i(INSN_lw, 11, 10, 0), CAUSE_LOAD_ACCESS, VA);
    rig_expect_trap(&rig, encode_store(INSN_sw, 11, 10, 0), CAUSE_STORE_ACCESS, VA);
    rig.hart.satp = SATP_SV32 | RIG_DEVICE >> 12; /* a device is no page table */
    rig_expect_trap(&rig, encode_i(INSN_lw, 11, 10, 0), CAUSE_LOAD_ACCESS, VA);
    ck_assert_uint_eq(rig.device_loads, 0);
    rig.hart.satp = SATP_SV32 | SATP_PPN; /* RIG_HIGH: 34 bits, RAM, empty */
    rig_expect_trap(&rig, encode_i(INSN_lw, 11, 10, 0), CAUSE_LOAD_PAGE_FAULT, VA);
}
END_TEST

/* A table in read-only memory serves as long as A and D are set already. */
START_TEST(tables_that_cannot_be_written)
{
    struct rig rig;

    start(&rig, HART_SUPERVISOR);
    rig_poke(&rig, ROOT + 4, PTE_MAKE(RIG_ROM >> 12, PTE_V));
    rig_poke(&rig, RIG_ROM, PTE_MAKE(RIG_DATA >> 12, PTE_V | RWX | PTE_A));
    ck_assert_int_eq(try(&rig, VA, ACCESS_LOAD), SV32_OK);
    ck_assert_int_eq(try(&rig, VA, ACCESS_STORE), SV32_ACCESS_FAULT);
}
END_TEST

START_TEST(pages_above_4_gib)
{
    struct rig rig;

    start(&rig, HART_SUPERVISOR);
    map(&rig, VA, RIG_HIGH, PTE_V | RWX);
    rig.hart.x[10] = VA + 0x10;
    ck_assert(rig_exec(&rig, encode_store(INSN_sw, 31, 10, 0)));
    ck_assert_uint_eq(load_le32(rig.high + 0x10), rig.hart.x[31]);
    ck_assert_uint_eq(rig.wrote[1].pa, RIG_HIGH + 0x10);
    map(&rig, VA, RIG_HIGH - PAGE_SIZE, PTE_V | RWX);
    rig_expect_trap(&rig, encode_store(INSN_sw, 31, 10, 0), CAUSE_STORE_ACCESS, VA + 0x10);
}
END_TEST

START_TEST(memory_that_may_only_be_read)
{
    struct rig rig;

    start(&rig, HART_SUPERVISOR);
    map(&rig, VA, RIG_ROM, PTE_V | RWX | AD);
    rig_poke(&rig, RIG_ROM, 0xfeedbeef);
    rig.hart.x[10] = VA;
    ck_assert(rig_exec(&rig, encode_r(INSN_lr_w, 11, 10, 0)));
    ck_assert_uint_eq(rig.hart.x[11], 0xfeedbeef);
    rig_expect_trap(&rig, encode_store(INSN_sw, 0, 10, 0), CAUSE_STORE_ACCESS, VA);
    rig_expect_trap(&rig, encode_r(INSN_sc_w, 11, 10, 0), CAUSE_STORE_ACCESS, VA);
    rig_expect_trap(&rig, encode_r(INSN_amoor_w, 11, 10, 0), CAUSE_STORE_ACCESS, VA);
}
END_TEST

/* ---- Instructions and their faults ---- */

START_TEST(causes_by_access)
{
    struct rig rig;

    start(&rig, HART_SUPERVISOR);
    rig.hart.x[10] = VA + 8;
    rig_expect_trap(&rig, encode_i(INSN_lb, 11, 10, 1), CAUSE_LOAD_PAGE_FAULT, VA + 9);
    rig_expect_trap(&rig, encode_store(INSN_sb, 11, 10, 1), CAUSE_STORE_PAGE_FAULT, VA + 9);
    rig_expect_trap(&rig, encode_r(INSN_lr_w, 11, 10, 0), CAUSE_LOAD_PAGE_FAULT, VA + 8);
    rig_expect_trap(&rig, encode_r(INSN_sc_w, 11, 10, 0), CAUSE_STORE_PAGE_FAULT, VA + 8);
    rig_expect_trap(&rig, encode_r(INSN_amomax_w, 11, 10, 0), CAUSE_STORE_PAGE_FAULT, VA + 8);
}
END_TEST

/* An atomic needs a store's rights even for its load: on a read-only page, a store fault. */
START_TEST(atomics_need_a_store_s_rights)
{
    struct rig rig;

    start(&rig, HART_SUPERVISOR);
    map(&rig, VA, RIG_DATA, PTE_V | PTE_R);
    rig.hart.x[10] = VA;
    rig_expect_trap(&rig, encode_r(INSN_amoadd_w, 11, 10, 0), CAUSE_STORE_PAGE_FAULT, VA);
    rig_expect_trap(&rig, encode_r(INSN_sc_w, 11, 10, 0), CAUSE_STORE_PAGE_FAULT, VA);
    ck_assert(rig_exec(&rig, encode_r(INSN_lr_w, 11, 10, 0)));
    ck_assert_uint_eq(rig_peek(&rig, leaf_pa(VA)) & AD, PTE_A);
}
END_TEST

/* The second page faults: its address is told, the first one's A and D are set, no byte moves. */
START_TEST(data_across_pages_faults_on_the_second)
{
    struct rig rig;
    const uint32_t edge = VA + PAGE_SIZE;

    for (uint32_t first = 1; first < 4; first++) {
        start(&rig, HART_SUPERVISOR);
        map(&rig, VA, RIG_DATA, PTE_V | RWX);
        map(&rig, edge, RIG_DATA + PAGE_SIZE, 0);
        rig_poke(&rig, RIG_DATA + PAGE_SIZE - 4, 0xaaaaaaaa);
        rig.hart.x[10] = edge - first;
        rig_expect_trap(&rig, encode_i(INSN_lw, 11, 10, 0), CAUSE_LOAD_PAGE_FAULT, edge);
        ck_assert_uint_eq(rig_peek(&rig, leaf_pa(VA)) & AD, PTE_A);
        rig_expect_trap(&rig, encode_store(INSN_sw, 11, 10, 0), CAUSE_STORE_PAGE_FAULT, edge);
        ck_assert_uint_eq(rig_peek(&rig, leaf_pa(VA)) & AD, AD);
        ck_assert_uint_eq(rig_peek(&rig, leaf_pa(edge)) & AD, 0);
        ck_assert_uint_eq(rig_peek(&rig, RIG_DATA + PAGE_SIZE - 4), 0xaaaaaaaa);
    }
}
END_TEST

START_TEST(data_across_pages_faults_on_the_first)
{
    struct rig rig;
    const uint32_t edge = VA + PAGE_SIZE;

    start(&rig, HART_SUPERVISOR);
    map(&rig, VA, RIG_DATA, PTE_V | PTE_R);
    map(&rig, edge, RIG_DATA + PAGE_SIZE, PTE_V | RWX);
    rig.hart.x[10] = edge - 2;
    rig_expect_trap(&rig, encode_store(INSN_sw, 11, 10, 0), CAUSE_STORE_PAGE_FAULT, edge - 2);
    ck_assert_uint_eq(rig_peek(&rig, leaf_pa(edge)) & AD, 0);
}
END_TEST

/* Neighbours in virtual memory that are not in physical memory. */
START_TEST(data_across_pages_far_apart)
{
    struct rig rig;
    const uint32_t edge = VA + PAGE_SIZE;

    start(&rig, HART_SUPERVISOR);
    map(&rig, VA, RIG_DATA, PTE_V | RWX);
    map(&rig, edge, RIG_HIGH, PTE_V | RWX);
    rig.hart.x[10] = edge - 1;
    rig.hart.x[11] = 0x11223344;
    ck_assert(rig_exec(&rig, encode_store(INSN_sw, 11, 10, 0)));
    ck_assert_uint_eq(rig_peek(&rig, RIG_DATA + PAGE_SIZE - 4), 0x44000000);
    ck_assert_uint_eq(rig_peek(&rig, RIG_HIGH), 0x00112233);
    ck_assert(rig_exec(&rig, encode_i(INSN_lw, 12, 10, 0)));
    ck_assert_uint_eq(rig.hart.x[12], 0x11223344);
}
END_TEST

/* ---- Fetching ---- */

static void expect_fetch_trap(struct rig *rig, uint32_t pc, uint32_t cause, uint32_t tval)
{
    struct hart before;

    rig->hart.pc = pc;
    before = rig->hart;
    ck_assert(!exec_step(&rig->env));
    ck_assert_uint_eq(rig->env.trap.cause, cause);
    ck_assert_uint_eq(rig->env.trap.tval, tval);
    rig_expect_hart(&rig->hart, &before);
}

START_TEST(fetch_faults)
{
    struct rig rig;

    start(&rig, HART_SUPERVISOR);
    expect_fetch_trap(&rig, VA, CAUSE_INSN_PAGE_FAULT, VA);
    map(&rig, VA, RIG_DATA, PTE_V | PTE_R | PTE_W); /* readable is not executable */
    expect_fetch_trap(&rig, VA, CAUSE_INSN_PAGE_FAULT, VA);
    map(&rig, VA, RIG_DATA, PTE_V | RWX | PTE_U); /* SUM is not for fetches */
    rig.hart.sstatus = SSTATUS_SUM;
    expect_fetch_trap(&rig, VA, CAUSE_INSN_PAGE_FAULT, VA);
    map(&rig, VA, RIG_DEVICE, PTE_V | RWX);
    expect_fetch_trap(&rig, VA, CAUSE_INSN_ACCESS, VA);
    rig.hart.satp = 0;
    expect_fetch_trap(&rig, 0x1000, CAUSE_INSN_ACCESS, 0x1000);
    ck_assert_uint_eq(rig.device_loads, 0);
}
END_TEST

/* A wide instruction's halves in two pages; a compressed one at the edge needs the first only. */
START_TEST(fetch_across_pages)
{
    struct rig rig;
    const uint32_t edge = VA + PAGE_SIZE, last = RIG_DATA + PAGE_SIZE - 4;

    start(&rig, HART_SUPERVISOR);
    map(&rig, VA, RIG_DATA, PTE_V | PTE_X);
    rig_poke(&rig, last, 0x05130000); /* low half of addi a0, zero, 5 */
    expect_fetch_trap(&rig, edge - 2, CAUSE_INSN_PAGE_FAULT, edge);
    ck_assert_uint_eq(rig_peek(&rig, leaf_pa(VA)) & AD, PTE_A);

    map(&rig, edge, RIG_HIGH, PTE_V | PTE_X);
    rig_poke(&rig, RIG_HIGH, 0xffff0050);
    ck_assert(exec_step(&rig.env));
    ck_assert_uint_eq(rig.hart.x[10], 5);
    ck_assert_uint_eq(rig.hart.pc, edge + 2);
    ck_assert_uint_eq(rig_peek(&rig, leaf_pa(edge)) & AD, PTE_A);

    map(&rig, edge, RIG_HIGH, 0);
    rig_poke(&rig, last, 0x451d0000); /* c.li a0, 7 */
    rig.hart.pc = edge - 2;
    ck_assert(exec_step(&rig.env));
    ck_assert_uint_eq(rig.hart.x[10], 7);
    ck_assert_uint_eq(rig.hart.pc, edge);
}
END_TEST

START_TEST(fetch_across_the_end_of_ram)
{
    struct rig rig;
    const uint32_t end = RIG_BASE + RIG_SIZE;

    rig_init(&rig);
    rig_poke(&rig, end - 4, 0x00130000);
    expect_fetch_trap(&rig, end - 2, CAUSE_INSN_ACCESS, end);
}
END_TEST

/* ---- Deprivileged: user mode under another root, whatever the hart says ---- */

START_TEST(deprivileged_space)
{
    struct rig rig;
    struct sv32_space space;

    start(&rig, HART_SUPERVISOR);
    rig.hart.satp = 0;
    rig.hart.sstatus = SSTATUS_SUM | SSTATUS_MXR;
    rig.env.deprivileged = true;
    rig.env.root = SATP;
    map(&rig, VA, RIG_DATA, PTE_V | PTE_X | PTE_U | PTE_A);
    map(&rig, VA + PAGE_SIZE, RIG_DATA, PTE_V | RWX);
    space = exec_space(&rig.env);
    ck_assert_uint_eq(space.satp, SATP);
    ck_assert(space.mode == HART_USER && !space.sum && !space.mxr);
    rig.hart.x[10] = VA; /* the hart's MXR does not count */
    rig_expect_trap(&rig, encode_i(INSN_lw, 11, 10, 0), CAUSE_LOAD_PAGE_FAULT, VA);
    rig.hart.x[10] = VA + PAGE_SIZE; /* nor its mode */
    rig_expect_trap(&rig, encode_i(INSN_lw, 11, 10, 0), CAUSE_LOAD_PAGE_FAULT, VA + PAGE_SIZE);
}
END_TEST

/* ---- The door to physical memory ---- */

START_TEST(phys_copies_across_pages)
{
    struct rig rig;
    uint8_t out[9000], in[9000];

    rig_init(&rig);
    for (size_t i = 0; i < sizeof out; i++)
        out[i] = (uint8_t)(i * 7);
    ck_assert(phys_write(&rig.phys, RIG_DATA + 100, out, sizeof out));
    ck_assert_mem_eq(rig.ram + (RIG_DATA - RIG_BASE) + 100, out, sizeof out);
    ck_assert_uint_eq(rig.writes, 3);
    ck_assert_uint_eq(rig.wrote[0].len + rig.wrote[1].len + rig.wrote[2].len, sizeof out);
    ck_assert_uint_eq(rig.wrote[1].pa, RIG_DATA + PAGE_SIZE);
    ck_assert(phys_read(&rig.phys, RIG_DATA + 100, in, sizeof in));
    ck_assert_mem_eq(in, out, sizeof in);
}
END_TEST

/* What does not fit is refused whole, with lengths and addresses that overflow as well. */
START_TEST(phys_refuses_what_is_not_all_ram)
{
    static const struct {
        uint64_t pa;
        uint32_t len;
    } bad[] = {
        {RIG_BASE + RIG_SIZE - 4, 5},
        {RIG_BASE + RIG_SIZE, 1},
        {RIG_BASE - 1, 2},
        {RIG_BASE, RIG_SIZE + 1},
        {RIG_BASE, UINT32_MAX},
        {0, 1},
        {RIG_HIGH, PAGE_SIZE + 1},
        {RIG_HIGH + PAGE_SIZE, 1},
        {RIG_HIGH - 1, 2},
        {UINT64_MAX, 1},
        {UINT64_MAX - 3, 8},
        {RIG_HIGH + 1, UINT32_MAX},
        {(1ull << 34) + RIG_BASE, 4},
        {RIG_BASE + (1ull << 32), 4},
        {RIG_DEVICE, 4},
    };
    struct rig rig;
    uint8_t bytes[2 * PAGE_SIZE] = {0xaa};

    rig_init(&rig);
    for (size_t i = 0; i < COUNT(bad); i++) {
        ck_assert_msg(!phys_read(&rig.phys, bad[i].pa, bytes, bad[i].len), "read %zu", i);
        ck_assert_msg(!phys_write(&rig.phys, bad[i].pa, bytes, bad[i].len), "write %zu", i);
    }
    ck_assert_uint_eq(bytes[0], 0xaa);
    ck_assert_uint_eq(rig.writes, 0);
    for (size_t i = 0; i < RIG_SIZE; i++)
        ck_assert_uint_eq(rig.ram[i], 0);
}
END_TEST

START_TEST(phys_edges_that_are_fine)
{
    struct rig rig;
    uint8_t bytes[PAGE_SIZE] = {1, 2, 3, 4};

    rig_init(&rig);
    ck_assert(phys_write(&rig.phys, RIG_BASE + RIG_SIZE - 4, bytes, 4));
    ck_assert_uint_eq(rig_peek(&rig, RIG_BASE + RIG_SIZE - 4), 0x04030201);
    ck_assert(phys_write(&rig.phys, RIG_HIGH, bytes, PAGE_SIZE));
    ck_assert_uint_eq(load_le32(rig.high), 0x04030201);
    ck_assert(phys_read(&rig.phys, RIG_BASE, bytes, 0));
    ck_assert(phys_read(&rig.phys, RIG_ROM, bytes, PAGE_SIZE));
    ck_assert(!phys_write(&rig.phys, RIG_ROM, bytes, 1));
}
END_TEST

SUITE_MAIN("sv32", permissions_and_ad, software_s_bits_are_ignored_and_kept,
           probing_leaves_a_and_d, translation_off_is_the_identity,
           the_walk_tells_where_it_went, the_asid_is_no_part_of_the_root, superpages,
           locating_tells_superpages, misaligned_superpages_fault,
           a_pointer_at_the_last_level_faults, bad_root_entries_fault, what_a_pointer_may_hold,
           a_reserved_pointer_out_of_ram_is_a_page_fault, tables_outside_ram,
           tables_that_cannot_be_written, pages_above_4_gib, memory_that_may_only_be_read,
           causes_by_access, atomics_need_a_store_s_rights,
           data_across_pages_faults_on_the_second, data_across_pages_faults_on_the_first,
           data_across_pages_far_apart, fetch_faults, fetch_across_pages,
           fetch_across_the_end_of_ram, deprivileged_space, phys_copies_across_pages,
           phys_refuses_what_is_not_all_ram, phys_edges_that_are_fine)
