/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_second_stage.c - the second stage of translation, statement by statement (Privileged ISA 8.5
 * and 8.6): where its root is and how large, which accesses it translates, and as what kind; which
 * faults it causes; A and D in both stages. Also what sensitive instructions do in non-root mode.
 * Random walks are compared with another machine's in tests/cli/isa/isa_two_stage.sh.
 */
#include "isa/csr.h"
#include "isa/decode.h"
#include "isa/exec.h"
#include "isa/mem.h"
#include "tests/support/encode.h"
#include "tests/support/suite.h"

#define BASE 0x80000000u
#define PAGES 64u
#define PAGE(n) (BASE + (n)*PAGE_SIZE)

/* Physical pages. */
#define SECOND_ROOT PAGE(4) /* and three more */
#define TABLES PAGE(8)      /* of the second stage, as they are needed */
#define ROOT PAGE(32)       /* of the first */
#define TABLE PAGE(33)
#define DATA PAGE(34)
#define DATA2 PAGE(36)

/* Where the guest has them: far beyond 32 bits, each in another quarter of the root. */
#define ROOT_GPA 0x080001000ull
#define TABLE_GPA 0x140002000ull
#define DATA_GPA 0x3fffff000ull
#define DATA2_GPA 0x2c0004000ull
#define HOLE_GPA 0x200005000ull

#define VA 0x00400000u
#define VA2 (VA + PAGE_SIZE)
#define LEAF_VA (TABLE_GPA + 4 * SV32_INDEX(VA, 0))
#define LEAF_ROOT (ROOT_GPA + 4 * SV32_INDEX(VA, 1))

#define RWXU (PTE_V | PTE_R | PTE_W | PTE_X | PTE_U)
#define RWX (PTE_V | PTE_R | PTE_W | PTE_X)
#define AD (PTE_A | PTE_D)

struct bench {
    uint8_t ram[PAGES * PAGE_SIZE];
    struct phys phys;
    struct hart hart;
    struct exec_env env;
    struct sv32_space space;
    struct sv32_walk walk;
    uint32_t next; /* table of the second stage */
    unsigned writes;
    uint64_t wrote[8];
};

static struct bench b;

static void poke(uint64_t pa, uint32_t word)
{
    store_le32(b.ram + (pa - BASE), word);
}

static uint32_t peek(uint64_t pa)
{
    return load_le32(b.ram + (pa - BASE));
}

static void wrote(struct phys *phys, uint64_t pa, uint32_t len)
{
    (void)phys;
    ck_assert_uint_eq(len, 4);
    b.wrote[b.writes++ % 8] = pa;
}

/* The second stage's leaf entry for gpa: its physical address. */
static uint64_t second(uint64_t gpa)
{
    uint64_t root = SECOND_ROOT + 4 * SV32X4_INDEX_ROOT(gpa);

    if (!peek(root)) {
        poke(root, PTE_MAKE(b.next >> PAGE_SHIFT, PTE_V));
        b.next += PAGE_SIZE;
    }
    return ((uint64_t)PTE_PPN(peek(root)) << PAGE_SHIFT) + 4 * SV32_INDEX((uint32_t)gpa, 0);
}

static void map_second(uint64_t gpa, uint32_t pa, uint32_t flags)
{
    poke(second(gpa), PTE_MAKE(pa >> PAGE_SHIFT, flags));
}

static void map_first(uint32_t va, uint64_t gpa, uint32_t flags)
{
    poke(TABLE + 4 * SV32_INDEX(va, 0), PTE_MAKE(gpa >> PAGE_SHIFT, flags));
}

/* VA leads to DATA, VA2 to DATA2, by both stages; all is allowed, nothing accessed or dirty. */
static void begin(enum hart_mode mode)
{
    memset(&b, 0, sizeof b);
    b.next = TABLES;
    b.phys = (struct phys){.ram = b.ram, .base = BASE, .size = sizeof b.ram, .wrote = wrote};
    hart_reset(&b.hart, VA);
    b.hart.mode = (uint8_t)mode;
    b.hart.satp = SATP_SV32 | (uint32_t)(ROOT_GPA >> PAGE_SHIFT);
    map_second(ROOT_GPA, ROOT, RWXU);
    map_second(TABLE_GPA, TABLE, RWXU);
    map_second(DATA_GPA, DATA, RWXU);
    map_second(DATA2_GPA, DATA2, RWXU);
    poke(ROOT + 4 * SV32_INDEX(VA, 1), PTE_MAKE(TABLE_GPA >> PAGE_SHIFT, PTE_V));
    map_first(VA, DATA_GPA, mode == HART_USER ? RWXU : RWX);
    map_first(VA2, DATA2_GPA, mode == HART_USER ? RWXU : RWX);
    b.env = (struct exec_env){
        .hart = &b.hart, .phys = &b.phys, .hgatp = SATP_SV32 | SECOND_ROOT >> PAGE_SHIFT};
    b.space = exec_space(&b.env);
}

static enum sv32_result translate(uint32_t va, enum access access)
{
    b.space = exec_space(&b.env);
    return sv32_translate(&b.space, va, access, &b.walk);
}

/* It is a fault of the second stage: of gpa, for the walk itself (`tinst`) or not. */
static void check_fault(uint32_t va, enum access access, uint64_t gpa, uint32_t tinst)
{
    static const uint32_t causes[] = {CAUSE_INSN_GUEST_PAGE_FAULT, CAUSE_LOAD_GUEST_PAGE_FAULT,
                                      CAUSE_STORE_GUEST_PAGE_FAULT};
    enum sv32_result result = translate(va, access);
    struct trap trap = sv32_trap(result, access, va, &b.walk);

    ck_assert_uint_eq(result, SV32_GUEST_PAGE_FAULT);
    ck_assert_uint_eq(trap.cause, causes[access]);
    ck_assert_uint_eq(trap.tval, va);
    ck_assert_uint_eq(trap_gpa(&trap), gpa & ~3ull);
    ck_assert_uint_eq(trap.tinst, tinst);
}

START_TEST(both_stages_translate)
{
    begin(HART_SUPERVISOR);
    ck_assert_uint_eq(translate(VA + 0x123, ACCESS_LOAD), SV32_OK);
    ck_assert_uint_eq(b.walk.pa, DATA + 0x123);
    ck_assert_uint_eq(b.walk.gpa, DATA_GPA + 0x123);
    ck_assert_uint_eq(b.walk.pte_pa, LEAF_VA);
    ck_assert_uint_eq(translate(VA2, ACCESS_LOAD), SV32_OK);
    ck_assert_uint_eq(b.walk.pa, DATA2);
}
END_TEST

/* 8.5: either stage can be switched off by itself. Without the first va is the gpa. */
START_TEST(stages_can_be_bare)
{
    begin(HART_SUPERVISOR);
    b.hart.satp = 0;
    map_second(VA, DATA, RWXU);
    ck_assert_uint_eq(translate(VA + 8, ACCESS_STORE), SV32_OK);
    ck_assert_uint_eq(b.walk.pa, DATA + 8);
    ck_assert_uint_eq(b.walk.gpa, VA + 8);
    check_fault(VA2, ACCESS_STORE, VA2, 0);
    b.env.hgatp = 1u << 22; /* MODE is Bare; a VMID */
    ck_assert_uint_eq(translate(VA2 + 4, ACCESS_FETCH), SV32_OK);
    ck_assert_uint_eq(b.walk.pa, VA2 + 4);
    b.env.hgatp = 0;
    ck_assert_uint_eq(translate(VA2 + 4, ACCESS_FETCH), SV32_OK);
    ck_assert_uint_eq(b.walk.gpa, b.walk.pa);
}
END_TEST

/* 8.5.1, 8.2.10: 16 KiB, at a multiple of that, so bits 1 and 0 of hgatp's PPN are nothing. */
START_TEST(root_is_aligned)
{
    begin(HART_SUPERVISOR);
    for (uint32_t low = 0; low < 4; low++) {
        b.env.hgatp = SATP_SV32 | SECOND_ROOT >> PAGE_SHIFT | low;
        ck_assert_uint_eq(translate(VA, ACCESS_LOAD), SV32_OK);
        ck_assert_uint_eq(b.walk.pa, DATA);
    }
}
END_TEST

/* 8.5.1: as in user mode, whatever mode the hart is in; SUM and MXR of the first have no say. */
START_TEST(all_accesses_are_the_users)
{
    static const enum hart_mode modes[] = {HART_USER, HART_SUPERVISOR};

    for (unsigned i = 0; i < 2; i++)
        for (int access = ACCESS_FETCH; access <= ACCESS_STORE; access++) {
            begin(modes[i]);
            b.hart.sstatus = SSTATUS_SUM | SSTATUS_MXR;
            map_second(DATA_GPA, DATA, RWX);
            check_fault(VA + 4, (enum access)access, DATA_GPA + 4, 0);
        }
    begin(HART_SUPERVISOR);
    b.hart.sstatus = SSTATUS_MXR;
    map_first(VA, DATA_GPA, PTE_V | PTE_X);
    ck_assert_uint_eq(translate(VA, ACCESS_LOAD), SV32_OK);
    map_second(DATA_GPA, DATA, PTE_V | PTE_X | PTE_U);
    check_fault(VA, ACCESS_LOAD, DATA_GPA, 0);
    ck_assert_uint_eq(translate(VA, ACCESS_FETCH), SV32_OK);
}
END_TEST

/* Every combination of R, W, X and V, for every access. W alone is reserved, and so a fault. */
START_TEST(second_stage_checks_rights)
{
    static const uint32_t right[] = {PTE_X, PTE_R, PTE_W};

    for (uint32_t flags = 0; flags < 16; flags++)
        for (int access = ACCESS_FETCH; access <= ACCESS_STORE; access++) {
            bool leaf = (flags & PTE_V) && PTE_LEAF(flags);
            bool valid = leaf && (flags & (PTE_R | PTE_W)) != PTE_W;

            begin(HART_SUPERVISOR);
            map_second(DATA_GPA, DATA, flags | PTE_U | PTE_G); /* G is ignored */
            if (valid && (flags & right[access]))
                ck_assert_uint_eq(translate(VA, (enum access)access), SV32_OK);
            else
                check_fault(VA, (enum access)access, DATA_GPA, 0);
        }
}
END_TEST

/* The first stage's own faults come before the second is asked for the access. */
START_TEST(first_stage_faults_are_page_faults)
{
    begin(HART_SUPERVISOR);
    map_first(VA, HOLE_GPA, PTE_V | PTE_R);
    ck_assert_uint_eq(translate(VA, ACCESS_STORE), SV32_PAGE_FAULT);
    ck_assert_uint_eq(sv32_trap(SV32_PAGE_FAULT, ACCESS_STORE, VA, &b.walk).cause,
                      CAUSE_STORE_PAGE_FAULT);
    check_fault(VA + 8, ACCESS_LOAD, HOLE_GPA + 8, 0);
    map_first(VA, HOLE_GPA, 0);
    ck_assert_uint_eq(translate(VA, ACCESS_LOAD), SV32_PAGE_FAULT);
}
END_TEST

/* 8.5.1: entries are read as by loads; the fault is one of the original access. */
START_TEST(walk_is_a_load)
{
    for (int access = ACCESS_FETCH; access <= ACCESS_STORE; access++) {
        begin(HART_SUPERVISOR);
        map_second(ROOT_GPA, ROOT, PTE_V | PTE_X | PTE_U);
        check_fault(VA, (enum access)access, LEAF_ROOT, TINST_READ);
        map_second(ROOT_GPA, ROOT, PTE_V | PTE_R | PTE_U);
        map_second(TABLE_GPA, TABLE, 0);
        check_fault(VA2, (enum access)access, LEAF_VA + 4, TINST_READ);
    }
}
END_TEST

/* ...and written as by stores, to set A and D. Nothing is written if they may not be. */
START_TEST(update_is_a_store)
{
    uint32_t before;

    begin(HART_SUPERVISOR);
    map_second(TABLE_GPA, TABLE, PTE_V | PTE_R | PTE_U);
    before = peek(TABLE + 4 * SV32_INDEX(VA, 0));
    check_fault(VA, ACCESS_FETCH, LEAF_VA, TINST_WRITE);
    check_fault(VA, ACCESS_STORE, LEAF_VA, TINST_WRITE);
    ck_assert_uint_eq(peek(TABLE + 4 * SV32_INDEX(VA, 0)), before);
    map_first(VA, DATA_GPA, RWX | PTE_A);
    ck_assert_uint_eq(translate(VA, ACCESS_LOAD), SV32_OK);
    check_fault(VA, ACCESS_STORE, LEAF_VA, TINST_WRITE);
}
END_TEST

static uint32_t second_flags(uint64_t gpa)
{
    return peek(second(gpa)) & AD;
}

/* A of all that was read, D of what was written: of tables, when the walk has set A or D there. */
START_TEST(accessed_and_dirty_in_both_stages)
{
    begin(HART_SUPERVISOR);
    ck_assert_uint_eq(translate(VA, ACCESS_LOAD), SV32_OK);
    ck_assert_uint_eq(second_flags(ROOT_GPA), PTE_A);
    ck_assert_uint_eq(second_flags(TABLE_GPA), AD);
    ck_assert_uint_eq(second_flags(DATA_GPA), PTE_A);
    ck_assert_uint_eq(peek(TABLE + 4 * SV32_INDEX(VA, 0)) & AD, PTE_A);
    ck_assert_uint_eq(translate(VA, ACCESS_STORE), SV32_OK);
    ck_assert_uint_eq(second_flags(DATA_GPA), AD);
    ck_assert_uint_eq(peek(TABLE + 4 * SV32_INDEX(VA, 0)) & AD, AD);
    ck_assert_uint_eq(second_flags(DATA2_GPA), 0);
    b.writes = 0;
    ck_assert_uint_eq(translate(VA, ACCESS_STORE), SV32_OK);
    ck_assert_uint_eq(b.writes, 0);
    /* The table's page is clean, and nothing is to be set in it: it stays so. */
    map_second(TABLE_GPA, TABLE, RWXU | PTE_A);
    ck_assert_uint_eq(translate(VA, ACCESS_LOAD), SV32_OK);
    ck_assert_uint_eq(second_flags(TABLE_GPA), PTE_A);
}
END_TEST

/* Who is told of writes is told physical addresses. */
START_TEST(writes_are_told_by_physical_address)
{
    begin(HART_SUPERVISOR);
    map_second(ROOT_GPA, ROOT, RWXU | AD);
    map_second(TABLE_GPA, TABLE, RWXU | AD);
    map_second(DATA_GPA, DATA, RWXU | AD);
    ck_assert_uint_eq(translate(VA, ACCESS_STORE), SV32_OK);
    ck_assert_uint_eq(b.writes, 1);
    ck_assert_uint_eq(b.wrote[0], TABLE + 4 * SV32_INDEX(VA, 0));
}
END_TEST

START_TEST(probing_changes_nothing)
{
    static uint8_t before[sizeof b.ram];

    begin(HART_SUPERVISOR);
    memcpy(before, b.ram, sizeof before);
    ck_assert_uint_eq(sv32_probe(&b.space, VA, ACCESS_STORE, &b.walk), SV32_OK);
    ck_assert_uint_eq(b.walk.pa, DATA);
    map_second(TABLE_GPA, TABLE, PTE_V | PTE_R | PTE_U); /* A cannot be set, but need not be */
    ck_assert_uint_eq(sv32_probe(&b.space, VA, ACCESS_STORE, &b.walk), SV32_OK);
    map_second(TABLE_GPA, TABLE, RWXU);
    ck_assert_mem_eq(before, b.ram, sizeof before);
    ck_assert_uint_eq(b.writes, 0);
}
END_TEST

/* Superpages of the second stage, over superpages of the first; crooked ones are faults. */
START_TEST(superpages)
{
    const uint32_t mega = 4u << 20;
    uint64_t root = SECOND_ROOT + 4 * SV32X4_INDEX_ROOT(DATA_GPA);

    begin(HART_SUPERVISOR);
    poke(root, PTE_MAKE(BASE >> PAGE_SHIFT, RWXU));
    poke(ROOT + 4 * SV32_INDEX(VA, 1),
         PTE_MAKE((DATA_GPA & ~(uint64_t)(mega - 1)) >> PAGE_SHIFT, RWX));
    ck_assert_uint_eq(translate(VA + (DATA - BASE) + 4, ACCESS_STORE), SV32_OK);
    ck_assert_uint_eq(b.walk.pa, DATA + 4);
    ck_assert_uint_eq(b.walk.level, 1);
    ck_assert_uint_eq(peek(root) & AD, AD);
    poke(root, PTE_MAKE((BASE >> PAGE_SHIFT) + 1, RWXU));
    check_fault(VA + 4, ACCESS_STORE, (DATA_GPA & ~(uint64_t)(mega - 1)) + 4, 0);
    poke(root, PTE_MAKE(TABLES >> PAGE_SHIFT, PTE_V | PTE_U)); /* reserved in a pointer */
    check_fault(VA + 4, ACCESS_STORE, (DATA_GPA & ~(uint64_t)(mega - 1)) + 4, 0);
}
END_TEST

/* Tables of the second stage that are not memory are no guest's fault: access faults. */
START_TEST(tables_outside_memory)
{
    begin(HART_SUPERVISOR);
    b.env.hgatp = SATP_SV32 | 0x1000;
    ck_assert_uint_eq(translate(VA, ACCESS_LOAD), SV32_ACCESS_FAULT);
    ck_assert_uint_eq(sv32_trap(SV32_ACCESS_FAULT, ACCESS_LOAD, VA, &b.walk).tval2, 0);
}
END_TEST

/* 8.5.2: of an access over two pages stval and htval are those of the part that faults. */
START_TEST(access_across_pages)
{
    uint32_t value;

    begin(HART_SUPERVISOR);
    map_first(VA2, HOLE_GPA, RWX);
    ck_assert(!mem_load(&b.env, VA2 - 2, 4, &value));
    ck_assert_uint_eq(b.env.trap.cause, CAUSE_LOAD_GUEST_PAGE_FAULT);
    ck_assert_uint_eq(b.env.trap.tval, VA2);
    ck_assert_uint_eq(trap_gpa(&b.env.trap), HOLE_GPA);
    ck_assert(!mem_store(&b.env, VA2 - 1, 2, 0));
    ck_assert_uint_eq(b.env.trap.cause, CAUSE_STORE_GUEST_PAGE_FAULT);
    ck_assert_uint_eq(trap_gpa(&b.env.trap), HOLE_GPA);
    ck_assert_uint_eq(peek(DATA + PAGE_SIZE - 4), 0);
}
END_TEST

/* Of an instruction over two pages, too; or of the walk for its second part. */
START_TEST(fetch_across_pages)
{
    uint32_t raw;

    begin(HART_SUPERVISOR);
    poke(DATA + PAGE_SIZE - 4, 0x00730001); /* c.nop; the first half of one of 32 bits */
    map_first(VA2, HOLE_GPA, RWX);
    ck_assert(mem_fetch(&b.env, VA2 - 4, &raw));
    ck_assert(!mem_fetch(&b.env, VA2 - 2, &raw));
    ck_assert_uint_eq(b.env.trap.cause, CAUSE_INSN_GUEST_PAGE_FAULT);
    ck_assert_uint_eq(b.env.trap.tval, VA2);
    ck_assert_uint_eq(trap_gpa(&b.env.trap), HOLE_GPA);
    ck_assert_uint_eq(b.env.trap.tinst, 0);
    map_first(VA2, DATA2_GPA, RWX);
    map_second(TABLE_GPA, TABLE, PTE_V | PTE_R | PTE_U);
    ck_assert(!mem_fetch(&b.env, VA2 - 2, &raw));
    ck_assert_uint_eq(b.env.trap.cause, CAUSE_INSN_GUEST_PAGE_FAULT);
    ck_assert_uint_eq(b.env.trap.tval, VA2);
    ck_assert_uint_eq(trap_gpa(&b.env.trap), LEAF_VA + 4);
    ck_assert_uint_eq(b.env.trap.tinst, TINST_WRITE);
}
END_TEST

/* An AMO is a store, whichever right is missing, and LR a load. */
START_TEST(atomics_are_stores)
{
    static const struct {
        enum insn_id id;
        uint32_t flags, cause;
    } all[] = {
        {INSN_amoadd_w, 0, CAUSE_STORE_GUEST_PAGE_FAULT},
        {INSN_amoadd_w, PTE_V | PTE_R | PTE_U, CAUSE_STORE_GUEST_PAGE_FAULT},
        {INSN_sc_w, PTE_V | PTE_R | PTE_U, CAUSE_STORE_GUEST_PAGE_FAULT},
        {INSN_lr_w, 0, CAUSE_LOAD_GUEST_PAGE_FAULT},
        {INSN_lr_w, PTE_V | PTE_X | PTE_U, CAUSE_LOAD_GUEST_PAGE_FAULT},
    };

    for (unsigned i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct insn insn = decode_insn(encode_r(all[i].id, 5, 10, 0));

        begin(HART_SUPERVISOR);
        b.hart.x[10] = VA + 4;
        map_second(DATA_GPA, DATA, all[i].flags);
        ck_assert(!exec_insn(&b.env, &insn));
        ck_assert_uint_eq(b.env.trap.cause, all[i].cause);
        ck_assert_uint_eq(b.env.trap.tval, VA + 4);
        ck_assert_uint_eq(trap_gpa(&b.env.trap), DATA_GPA + 4);
        ck_assert_uint_eq(b.env.trap.tinst, 0);
    }
}
END_TEST

static struct sv32_kept kept;

/* As begin(), and what the second stage answers is kept. */
static void begin_kept(void)
{
    begin(HART_SUPERVISOR);
    sv32_forget(&kept);
    b.env.kept = &kept;
}

/* Kept are the answers for this access, page and second stage, until they are forgotten. */
START_TEST(answers_are_kept)
{
    begin_kept();
    ck_assert_uint_eq(translate(VA + 4, ACCESS_LOAD), SV32_OK);
    map_second(DATA_GPA, DATA2, RWXU);
    ck_assert_uint_eq(translate(VA + 8, ACCESS_LOAD), SV32_OK);
    ck_assert_uint_eq(b.walk.pa, DATA + 8);
    ck_assert_uint_eq(b.walk.gpa, DATA_GPA + 8);
    ck_assert_uint_eq(sv32_probe(&b.space, VA, ACCESS_LOAD, &b.walk), SV32_OK);
    ck_assert_uint_eq(b.walk.pa, DATA);
    ck_assert_uint_eq(sv32_locate(&b.space, VA2, ACCESS_LOAD), DATA2);
    b.env.hgatp |= 1; /* another, though it says the same */
    ck_assert_uint_eq(translate(VA, ACCESS_LOAD), SV32_OK);
    ck_assert_uint_eq(b.walk.pa, DATA2);
    b.env.hgatp &= ~1u;
    sv32_forget(&kept);
    ck_assert_uint_eq(translate(VA, ACCESS_LOAD), SV32_OK);
    ck_assert_uint_eq(b.walk.pa, DATA2);
}
END_TEST

/* What is added to the table counts at once, and nothing is kept before A and D are set. */
START_TEST(no_fault_is_kept)
{
    begin_kept();
    map_first(VA, HOLE_GPA, RWX);
    check_fault(VA, ACCESS_LOAD, HOLE_GPA, 0);
    map_second(HOLE_GPA, DATA, PTE_V | PTE_R | PTE_U);
    ck_assert_uint_eq(sv32_probe(&b.space, VA, ACCESS_LOAD, &b.walk), SV32_OK);
    ck_assert_uint_eq(second_flags(HOLE_GPA), 0);
    ck_assert_uint_eq(translate(VA, ACCESS_LOAD), SV32_OK);
    ck_assert_uint_eq(second_flags(HOLE_GPA), PTE_A);
    check_fault(VA, ACCESS_STORE, HOLE_GPA, 0);
    check_fault(VA, ACCESS_FETCH, HOLE_GPA, 0);
    map_second(HOLE_GPA, DATA, RWXU | PTE_A);
    ck_assert_uint_eq(translate(VA, ACCESS_STORE), SV32_OK);
    ck_assert_uint_eq(second_flags(HOLE_GPA), AD);
}
END_TEST

static uint32_t any_flags(uint32_t *seed)
{
    uint32_t flags = *seed >> 20;

    *seed = *seed * 1664525 + 1013904223;
    return (flags & (PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)) | PTE_V |
           (flags & 0x300 ? PTE_U : 0);
}

/* Whoever keeps answers gets the results that he gets without, and the same A and D. */
START_TEST(what_is_kept_changes_nothing)
{
    static const uint32_t places[] = {VA, VA2 + 4, VA + 8, VA2};
    static struct bench twin;
    uint32_t seed = 1;

    for (unsigned round = 0; round < 2000; round++) {
        begin_kept();
        map_second(TABLE_GPA, TABLE, any_flags(&seed) | PTE_U | PTE_R);
        map_second(DATA_GPA, DATA, any_flags(&seed));
        map_first(VA2, seed & 0x1000000 ? DATA_GPA : DATA2_GPA, any_flags(&seed) & ~PTE_U);
        twin = b;
        for (unsigned i = 0; i < 12; i++, seed = seed * 1664525 + 1013904223) {
            struct sv32_space space = exec_space(&b.env);
            enum access access = (enum access)((seed >> 16) % 3);
            enum sv32_result result = translate(places[seed >> 30], access), other;
            struct sv32_walk walk = b.walk;

            space.kept = NULL;
            space.phys = &twin.phys;
            twin.phys.ram = twin.ram;
            other = sv32_translate(&space, places[seed >> 30], access, &twin.walk);
            ck_assert_uint_eq(result, other);
            ck_assert_uint_eq(walk.pa, twin.walk.pa);
            ck_assert_uint_eq(walk.gpa, twin.walk.gpa);
            ck_assert_uint_eq(walk.pte, twin.walk.pte);
            ck_assert_uint_eq(walk.tinst, twin.walk.tinst);
        }
        ck_assert_mem_eq(b.ram, twin.ram, sizeof b.ram);
    }
}
END_TEST

static void check_trap(enum hart_mode mode, uint32_t raw, uint32_t cause)
{
    struct insn insn = decode_insn(raw);

    begin(mode);
    ck_assert_msg(!exec_insn(&b.env, &insn), "%08x does not trap", raw);
    ck_assert_msg(b.env.trap.cause == cause, "%08x traps with cause %u, not %u", raw,
                  b.env.trap.cause, cause);
    ck_assert_uint_eq(b.env.trap.tval,
                      cause == CAUSE_ILLEGAL_INSN || cause == CAUSE_VIRTUAL_INSN ? raw : 0);
}

/* 8.6.1: which instructions trap in non-root mode, and with which cause. */
START_TEST(instructions_that_trap)
{
    const uint32_t ecall = insn_desc(INSN_ecall)->match, wfi = insn_desc(INSN_wfi)->match;
    const uint32_t sret = insn_desc(INSN_sret)->match;
    const uint32_t fence = insn_desc(INSN_sfence_vma)->match;
    const uint32_t read_only = encode_csr(INSN_csrrw, 0, 0xc01, 1);

    check_trap(HART_SUPERVISOR, ecall, CAUSE_ECALL_VIRTUAL);
    check_trap(HART_USER, ecall, CAUSE_ECALL_USER);
    check_trap(HART_SUPERVISOR, wfi, CAUSE_VIRTUAL_INSN);
    check_trap(HART_USER, wfi, CAUSE_VIRTUAL_INSN);
    check_trap(HART_USER, sret, CAUSE_VIRTUAL_INSN);
    check_trap(HART_USER, fence, CAUSE_VIRTUAL_INSN);
    check_trap(HART_USER, encode_csr(INSN_csrrs, 5, 0x100, 0), CAUSE_VIRTUAL_INSN);
    check_trap(HART_USER, encode_csr(INSN_csrrs, 5, 0xc01, 0), CAUSE_VIRTUAL_INSN);
    check_trap(HART_SUPERVISOR, read_only, CAUSE_ILLEGAL_INSN);
    /* Supervisor mode could not have run these either. */
    check_trap(HART_USER, read_only, CAUSE_ILLEGAL_INSN);
    check_trap(HART_USER, encode_csr(INSN_csrrsi, 5, 0xc80, 1), CAUSE_ILLEGAL_INSN);
    check_trap(HART_USER, 0xffffffff, CAUSE_ILLEGAL_INSN);
    check_trap(HART_SUPERVISOR, encode_csr(INSN_csrrs, 5, 0xc03, 0), CAUSE_ILLEGAL_INSN);
    /* The CPU has no hstatus, vsstatus and hfence.gvma: its hypervisor is no program of it. */
    check_trap(HART_SUPERVISOR, encode_csr(INSN_csrrs, 5, 0x600, 0), CAUSE_ILLEGAL_INSN);
    check_trap(HART_SUPERVISOR, encode_csr(INSN_csrrs, 5, 0x200, 0), CAUSE_ILLEGAL_INSN);
    check_trap(HART_SUPERVISOR, 0x62000073, CAUSE_ILLEGAL_INSN);
}
END_TEST

/* VTSR and VTVM of hstatus are 0: these are the guest's own (8.2.1). */
START_TEST(instructions_that_do_not)
{
    const uint32_t own[] = {insn_desc(INSN_sret)->match, insn_desc(INSN_sfence_vma)->match,
                            encode_csr(INSN_csrrw, 5, 0x180, 10),
                            encode_csr(INSN_csrrs, 5, 0xc80, 0)};

    for (unsigned i = 0; i < sizeof own / sizeof own[0]; i++) {
        struct insn insn = decode_insn(own[i]);

        begin(HART_SUPERVISOR);
        ck_assert_msg(exec_insn(&b.env, &insn), "%08x traps", own[i]);
    }
}
END_TEST

/* 8.2.1: hstatus.GVA tells whether stval has a guest-virtual address. */
START_TEST(addresses_of_the_guest)
{
    static const uint32_t with[] = {
        CAUSE_INSN_MISALIGNED,       CAUSE_INSN_ACCESS,           CAUSE_BREAKPOINT,
        CAUSE_LOAD_MISALIGNED,       CAUSE_LOAD_ACCESS,           CAUSE_STORE_MISALIGNED,
        CAUSE_STORE_ACCESS,          CAUSE_INSN_PAGE_FAULT,       CAUSE_LOAD_PAGE_FAULT,
        CAUSE_STORE_PAGE_FAULT,      CAUSE_INSN_GUEST_PAGE_FAULT, CAUSE_LOAD_GUEST_PAGE_FAULT,
        CAUSE_STORE_GUEST_PAGE_FAULT};
    static const uint32_t without[] = {CAUSE_ILLEGAL_INSN, CAUSE_ECALL_USER,
                                       CAUSE_ECALL_VIRTUAL, CAUSE_VIRTUAL_INSN};

    for (unsigned i = 0; i < sizeof with / sizeof with[0]; i++)
        ck_assert(trap_gva(&(struct trap){.cause = with[i], .tval = VA}));
    for (unsigned i = 0; i < sizeof without / sizeof without[0]; i++)
        ck_assert(!trap_gva(&(struct trap){.cause = without[i], .tval = 0x73}));
    ck_assert(!trap_gva(&(struct trap){.cause = CAUSE_INTERRUPT | IRQ_STIMER}));
}
END_TEST

SUITE_MAIN("second_stage", both_stages_translate, stages_can_be_bare, root_is_aligned,
           all_accesses_are_the_users, second_stage_checks_rights,
           first_stage_faults_are_page_faults, walk_is_a_load, update_is_a_store,
           accessed_and_dirty_in_both_stages, writes_are_told_by_physical_address,
           probing_changes_nothing, superpages, tables_outside_memory, access_across_pages,
           fetch_across_pages, atomics_are_stores, answers_are_kept, no_fault_is_kept,
           what_is_kept_changes_nothing, instructions_that_trap, instructions_that_do_not,
           addresses_of_the_guest)
