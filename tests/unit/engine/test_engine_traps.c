/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_engine_traps.c - every engine against item 2 of the contract in engine.h: each exception
 * that user mode can cause, with its cause, tval and pc, and nothing else changed; and item 6, that
 * only what is declared runs untrapped.
 */
#include "tests/support/encode.h"
#include "tests/support/engine_suite.h"
#include "tests/support/random.h"
#include "tests/support/samples.h"

/* One instruction behind two others, x10 = address, and how it must trap. */
struct fault {
    uint32_t code, x10;
    uint32_t cause, tval;
};

static void expect_fault(struct machine *machine, const struct fault *fault)
{
    struct hart before;

    MACHINE_CODE(machine, CODE_PA, CODE_NOP, CODE_C_NOP, fault->code, CODE_NOP);
    machine->hart.pc = CODE_VA;
    machine->hart.retired = 0;
    machine->hart.x[10] = fault->x10;
    before = machine->hart;
    machine_run(machine, 10);
    ck_trapped(machine, fault->cause, fault->tval, CODE_VA + 6, 2u);
    before.pc = CODE_VA + 6;
    before.retired = 2;
    ck_assert(hart_equal(&before, &machine->hart));
}

static void expect_faults(struct machine *machine, const struct fault *faults, size_t count)
{
    for (size_t i = 0; i < count; i++)
        expect_fault(machine, &faults[i]);
}
#define EXPECT_FAULTS(machine, faults)                                                         \
    expect_faults(machine, faults, sizeof(faults) / sizeof(faults)[0])

#define LOAD(id) encode_i(INSN_##id, 5, 10, 0)
#define STORE(id) encode_store(INSN_##id, 6, 10, 0)
#define AMO(id) encode_r(INSN_##id, 5, 10, 6)

START_TEST(test_system_instructions)
{
    static const uint32_t words[] = {
        0x10200073,                         /* sret */
        0x30200073,                         /* mret */
        0x00200073,                         /* uret */
        0x70200073,                         /* mnret */
        0x7b200073,                         /* dret */
        0x10500073,                         /* wfi */
        0x12000073,                         /* sfence.vma */
        0x12628073,                         /* sfence.vma x5, x6 */
        0x16000073,                         /* sinval.vma */
        0x22000073,                         /* hfence.vvma */
        0x62000073,                         /* hfence.gvma */
        0x60004073,                         /* hlv.b */
        0x00004073, 0x00000173, 0x00008073, /* ecall with an rd or rs1 */
    };
    BEGIN_MACHINE(machine);

    expect_fault(&machine, &(struct fault){CODE_ECALL, 0, CAUSE_ECALL_USER, 0});
    expect_fault(&machine, &(struct fault){0x00100073, 0, CAUSE_BREAKPOINT, CODE_VA + 6});
    expect_fault(&machine, &(struct fault){0x9002, 0, CAUSE_BREAKPOINT, CODE_VA + 6});
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        expect_fault(&machine, &(struct fault){words[i], 0, CAUSE_ILLEGAL_INSN, words[i]});
    END_MACHINE(machine);
}
END_TEST

/* Extensions that PZ32 does not have, and words that mean nothing. */
static const uint32_t illegal_words[] = {
    0x00002007,
    0x00003007,
    0x00002027,
    0x00003027, /* flw fld fsw fsd */
    0x00000053,
    0x02000053,
    0xe0000053,
    0xd0000053, /* fadd.s fadd.d fmv.x.w fcvt.s.w */
    0x00000043,
    0x00000047,
    0x0000004b,
    0x0000004f, /* fmadd and kin */
    0x00000057,
    0x0000705f,
    0x00000077, /* vectors */
    0x0000000b,
    0x0000002b,
    0x0000005b,
    0x0000007b, /* custom */
    0x0000001b,
    0x0000003b,
    0x00003003,
    0x00006003, /* RV64's */
    0x00003023,
    0x0000302f,
    0x02001013,
    0x02005013, /* RV64's */
    0x00007003,
    0x00004023,
    0x00002063,
    0x00001067, /* no such funct3 */
    0x08000033,
    0x40001033,
    0xffffffff,
    0x0000201f, /* no such funct7; long forms */
    0x0000202f | 9u << 27,
    0x1010202f, /* no such AMO; LR with an rs2 */
    0x2000,
    0x6000,
    0xa000,
    0xe000,
    0x2002,
    0x6002,
    0xa002,
    0xe002, /* c.fld and kin */
    0x8000,
    0x0004,
    0x6081,
    0x6101,
    0x9c01,
    0x9c41,
    0x8002,
    0x4002,
    0x1002, /* reserved */
};

START_TEST(test_illegal_instructions)
{
    BEGIN_MACHINE(machine);

    for (size_t i = 0; i < sizeof illegal_words / sizeof illegal_words[0]; i++)
        expect_fault(&machine, &(struct fault){illegal_words[i], 0, CAUSE_ILLEGAL_INSN,
                                               illegal_words[i]});
    END_MACHINE(machine);
}
END_TEST

START_TEST(test_load_page_faults)
{
    static const uint32_t nowhere[] = {HOLE_VA,    EXEC_VA,    SUPERVISOR_VA,      RESERVED_VA,
                                       0x30000000, CROOKED_VA, CROOKED_VA + 0x1234};
    BEGIN_MACHINE(machine);

    for (size_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++) {
        const uint32_t va = nowhere[i];
        const struct fault faults[] = {
            {LOAD(lb), va + 1, CAUSE_LOAD_PAGE_FAULT, va + 1},
            {LOAD(lhu), va + 3, CAUSE_LOAD_PAGE_FAULT, va + 3},
            {LOAD(lw), va, CAUSE_LOAD_PAGE_FAULT, va},
            {encode_i(INSN_lw, 0, 10, -4), va + 8, CAUSE_LOAD_PAGE_FAULT, va + 4},
            {0x4108 /* c.lw x10, 0(x10) */, va, CAUSE_LOAD_PAGE_FAULT, va},
            {AMO(lr_w) & ~(31u << 20), va & ~3u, CAUSE_LOAD_PAGE_FAULT, va & ~3u},
        };

        EXPECT_FAULTS(&machine, faults);
    }
    END_MACHINE(machine);
}
END_TEST

START_TEST(test_store_page_faults)
{
    static const uint32_t nowhere[] = {HOLE_VA,     READ_VA, EXEC_VA,   SUPERVISOR_VA,
                                       RESERVED_VA, CODE_VA, CROOKED_VA};
    BEGIN_MACHINE(machine);

    for (size_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++) {
        const uint32_t va = nowhere[i];
        const struct fault faults[] = {
            {STORE(sb), va + 1, CAUSE_STORE_PAGE_FAULT, va + 1},
            {STORE(sh), va + 5, CAUSE_STORE_PAGE_FAULT, va + 5},
            {STORE(sw), va, CAUSE_STORE_PAGE_FAULT, va},
            {0xc108 /* c.sw x10, 0(x10) */, va, CAUSE_STORE_PAGE_FAULT, va},
            {AMO(amoadd_w), va, CAUSE_STORE_PAGE_FAULT, va},
            {AMO(amomaxu_w), va + 4, CAUSE_STORE_PAGE_FAULT, va + 4},
            {AMO(sc_w), va, CAUSE_STORE_PAGE_FAULT, va},
        };

        EXPECT_FAULTS(&machine, faults);
    }
    END_MACHINE(machine);
}
END_TEST

/* tval is the address in the page that faults; nothing is stored in the other. */
START_TEST(test_accesses_across_pages)
{
    const struct fault faults[] = {
        {LOAD(lw), HOLE_VA - 1, CAUSE_LOAD_PAGE_FAULT, HOLE_VA},
        {LOAD(lw), HOLE_VA - 3, CAUSE_LOAD_PAGE_FAULT, HOLE_VA},
        {LOAD(lh), HOLE_VA - 1, CAUSE_LOAD_PAGE_FAULT, HOLE_VA},
        {LOAD(lw), DATA_VA - 2, CAUSE_LOAD_PAGE_FAULT, DATA_VA - 2},
        {LOAD(lw), EXEC_VA - 2, CAUSE_LOAD_PAGE_FAULT, EXEC_VA},
        {LOAD(lw), 0xffffffff - PAGE_SIZE, CAUSE_LOAD_PAGE_FAULT, 0xffffffff - PAGE_SIZE},
        {STORE(sw), HOLE_VA - 1, CAUSE_STORE_PAGE_FAULT, HOLE_VA},
        {STORE(sw), HOLE_VA - 3, CAUSE_STORE_PAGE_FAULT, HOLE_VA},
        {STORE(sh), HOLE_VA - 1, CAUSE_STORE_PAGE_FAULT, HOLE_VA},
        {STORE(sw), DATA_VA - 2, CAUSE_STORE_PAGE_FAULT, DATA_VA - 2},
        {STORE(sw), EXEC_VA - 2, CAUSE_STORE_PAGE_FAULT, EXEC_VA - 2},
        {STORE(sw), 0xffffffff, CAUSE_STORE_PAGE_FAULT, 0xffffffff},
    };
    BEGIN_MACHINE(machine);

    EXPECT_FAULTS(&machine, faults);
    for (uint32_t at = 0; at < PAGE_SIZE; at += 4) {
        ck_assert_uint_eq(machine_peek(&machine, DATA_PA + at), 0);
        ck_assert_uint_eq(machine_peek(&machine, DATA2_PA + at), 0);
    }
    END_MACHINE(machine);
}
END_TEST

/* Loads and stores may be misaligned, atomics not; that comes before the page fault. */
START_TEST(test_misaligned_atomics)
{
    BEGIN_MACHINE(machine);

    for (uint32_t off = 1; off < 4; off++) {
        const struct fault faults[] = {
            {AMO(amoadd_w), DATA_VA + off, CAUSE_STORE_MISALIGNED, DATA_VA + off},
            {AMO(amoswap_w), HOLE_VA + off, CAUSE_STORE_MISALIGNED, HOLE_VA + off},
            {AMO(sc_w), READ_VA + off, CAUSE_STORE_MISALIGNED, READ_VA + off},
            {AMO(lr_w) & ~(31u << 20), DATA_VA + off, CAUSE_LOAD_MISALIGNED, DATA_VA + off},
        };

        EXPECT_FAULTS(&machine, faults);
    }
    END_MACHINE(machine);
}
END_TEST

/* Item 4: outside RAM, access faults; also where only the second page is. */
START_TEST(test_fetch_outside_ram)
{
    BEGIN_MACHINE(machine);

    machine.hart.pc = OUTSIDE_VA + 4;
    machine_run(&machine, 10);
    ck_trapped(&machine, CAUSE_INSN_ACCESS, OUTSIDE_VA + 4, OUTSIDE_VA + 4, 0u);
    END_MACHINE(machine);
}
END_TEST

START_TEST(test_data_outside_ram)
{
    static const uint32_t outside[] = {OUTSIDE_VA, FAR_VA};
    BEGIN_MACHINE(machine);

    for (size_t i = 0; i < 2 && !machine.maker->ram_only; i++) {
        const uint32_t va = outside[i];
        const struct fault faults[] = {
            {LOAD(lw), va, CAUSE_LOAD_ACCESS, va},
            {LOAD(lb), va + 0xfff, CAUSE_LOAD_ACCESS, va + 0xfff},
            {LOAD(lh), va + 1, CAUSE_LOAD_ACCESS, va + 1},
            {STORE(sw), va + 8, CAUSE_STORE_ACCESS, va + 8},
            {STORE(sb), va + 1, CAUSE_STORE_ACCESS, va + 1},
            {AMO(amoadd_w), va, CAUSE_STORE_ACCESS, va},
            {AMO(sc_w), va, CAUSE_STORE_ACCESS, va},
            {AMO(lr_w) & ~(31u << 20), va, CAUSE_LOAD_ACCESS, va},
        };

        EXPECT_FAULTS(&machine, faults);
        machine.hart.pc = va + 2;
        machine.hart.retired = 0;
        machine_run(&machine, 10);
        ck_trapped(&machine, CAUSE_INSN_ACCESS, va + 2, va + 2, 0u);
    }
    END_MACHINE(machine);
}
END_TEST

START_TEST(test_data_partly_outside_ram)
{
    BEGIN_MACHINE(machine);

    space_map(&machine.space, OUTSIDE_VA - PAGE_SIZE, DATA2_PA, PTE_USER | PTE_R | PTE_W);
    for (uint32_t off = 1; off < 4 && !machine.maker->ram_only; off++) {
        const struct fault faults[] = {
            {LOAD(lw), OUTSIDE_VA - off, CAUSE_LOAD_ACCESS, OUTSIDE_VA},
            {STORE(sw), OUTSIDE_VA - off, CAUSE_STORE_ACCESS, OUTSIDE_VA},
        };

        EXPECT_FAULTS(&machine, faults);
    }
    ck_assert_uint_eq(machine_peek(&machine, DATA2_PA + PAGE_SIZE - 4), 0);
    END_MACHINE(machine);
}
END_TEST

START_TEST(test_fetch_faults)
{
    static const uint32_t nowhere[] = {HOLE_VA,     DATA_VA,    READ_VA,     SUPERVISOR_VA,
                                       RESERVED_VA, CROOKED_VA, 0x30000000u, ALIAS_VA};
    BEGIN_MACHINE(machine);

    MACHINE_CODE(&machine, CODE_PA, CODE_NOP, encode_i(INSN_jalr, 0, 10, 0));
    for (size_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++) {
        const uint32_t va = nowhere[i] + 2;

        machine.hart.pc = CODE_VA;
        machine.hart.x[10] = va;
        machine.hart.retired = 0;
        machine_run(&machine, 10);
        ck_trapped(&machine, CAUSE_INSN_PAGE_FAULT, va, va, 2u);
        machine_run(&machine, 10);
        ck_trapped(&machine, CAUSE_INSN_PAGE_FAULT, va, va, 2u);
    }
    END_MACHINE(machine);
}
END_TEST

/* A wide instruction whose second half is on a page that may not be fetched: tval says which. */
START_TEST(test_fetch_across_pages)
{
    const uint32_t last = CODE2_VA + PAGE_SIZE - 2;
    BEGIN_MACHINE(machine);

    machine_poke(&machine, CODE2_PA + PAGE_SIZE - 8, CODE_NOP);
    machine_poke(&machine, CODE2_PA + PAGE_SIZE - 4, CODE_C_NOP | 0x0513u << 16);
    engine_code_changed(machine.engine, CODE2_PA, PAGE_SIZE);
    for (unsigned turn = 0; turn < 2; turn++) {
        machine.hart.pc = last - 6;
        machine.hart.retired = 0;
        machine_run(&machine, 10);
        ck_trapped(&machine, CAUSE_INSN_PAGE_FAULT, last + 2, last, 2u);
    }
    space_map(&machine.space, last + 2, DATA2_PA, PTE_USER | PTE_X);
    machine_poke(&machine, DATA2_PA, 0x0015); /* addi x10, x10, 1; illegal */
    machine.hart.x[10] = 41;
    machine_run(&machine, 10);
    ck_trapped(&machine, CAUSE_ILLEGAL_INSN, 0u, last + 4, 3u);
    ck_assert_uint_eq(machine.hart.x[10], 42);
    space_map(&machine.space, last + 2, MACHINE_RAM, PTE_USER | PTE_X);
    engine_drop_page(machine.engine, space_satp(&machine.space), last + 2);
    machine.hart.pc = last;
    machine_run(&machine, 10);
    ck_trapped(&machine, CAUSE_INSN_ACCESS, last + 2, last, 3u);
    END_MACHINE(machine);
}
END_TEST

/* ---- Everything at once, against `spec` ---- */

/* Two machines that run the same word: one of the engine, one of `spec`. */
struct pair {
    struct machine truth, machine;
    bool zeros; /* in all registers */
    unsigned compared;
};

static bool same(const struct machine *a, const struct machine *b)
{
    return a->exit.stop == b->exit.stop && a->exit.trap.cause == b->exit.trap.cause &&
           a->exit.trap.tval == b->exit.trap.tval && hart_equal(&a->hart, &b->hart) &&
           memcmp(a->ram + DATA_PA, b->ram + DATA_PA, PAGE_SIZE) == 0;
}

static void report(const struct machine *a, const struct machine *b, uint32_t raw)
{
    for (unsigned i = 0; i < 32; i++)
        if (a->hart.x[i] != b->hart.x[i])
            ck_abort_msg("%s: %#x: x%u is %#x, not %#x", a->maker->name, raw, i, a->hart.x[i],
                         b->hart.x[i]);
    ck_abort_msg("%s: %#x: stop %d cause %u tval %#x pc %#x retired %u, not %d %u %#x %#x %u",
                 a->maker->name, raw, a->exit.stop, a->exit.trap.cause, a->exit.trap.tval,
                 a->hart.pc, (unsigned)a->hart.retired, b->exit.stop, b->exit.trap.cause,
                 b->exit.trap.tval, b->hart.pc, (unsigned)b->hart.retired);
}

/* Addresses in most registers, so that a good part of the loads and stores succeed. */
static void set_registers(struct hart *hart)
{
    for (uint32_t i = 1; i < 32; i++)
        hart->x[i] = i % 4 == 3 ? i * 0x91234567u : DATA_VA + 0x800 + i * 4 + i % 4;
}

static void run_one(struct machine *machine, uint32_t raw, bool zeros)
{
    hart_reset(&machine->hart, CODE_VA + 0x800);
    machine->hart.mode = HART_USER;
    if (!zeros)
        set_registers(&machine->hart);
    MACHINE_CODE(machine, CODE_PA + 0x800, raw, CODE_ECALL);
    machine_run(machine, 8);
}

/* Wherever it jumps to, ECALL or zeros, both of which trap, wait. */
static void compare(void *context, uint32_t raw)
{
    struct pair *pair = context;

    if (raw == 0 || engine_leaves_untrapped(pair->machine.engine, raw))
        return;
    run_one(&pair->truth, raw, pair->zeros);
    run_one(&pair->machine, raw, pair->zeros);
    if (!same(&pair->machine, &pair->truth))
        report(&pair->machine, &pair->truth, raw);
    pair->compared++;
}

static void pair_init(struct pair *pair, int maker)
{
    machine_init(&pair->truth, &engine_makers[0]);
    machine_init(&pair->machine, &engine_makers[maker]);
    pair->zeros = false;
    pair->compared = 0;
}

static void pair_fini(struct pair *pair)
{
    machine_fini(&pair->truth);
    machine_fini(&pair->machine);
}

/*
 * All 4096 CSR numbers with all six instructions: item 6, but for what is declared. Whether a
 * register is written depends on rs1's number, not on what it holds.
 */
START_TEST(test_all_csr_accesses)
{
    struct pair pair;

    pair_init(&pair, _i);
    samples_csr(compare, &pair);
    ck_assert_uint_gt(pair.compared, 4096 * 6);
    pair.zeros = true;
    samples_csr(compare, &pair);
    pair_fini(&pair);
}
END_TEST

START_TEST(test_all_compressed_instructions)
{
    struct pair pair;

    pair_init(&pair, _i);
    samples_compressed(compare, &pair);
    ck_assert_uint_ge(pair.compared, 49151);
    pair_fini(&pair);
}
END_TEST

START_TEST(test_many_wide_instructions)
{
    struct pair pair;
    struct rng rng = rng_new(rng_seed(1));

    pair_init(&pair, _i);
    samples_wide(32, compare, &pair);
    for (unsigned id = 0; id < INSN_COUNT; id++)
        for (unsigned i = 0; i < 300; i++) {
            uint32_t operands = rng_next(&rng) & ~insn_desc((enum insn_id)id)->mask;

            compare(&pair, operands | insn_desc((enum insn_id)id)->match);
        }
    pair_fini(&pair);
}
END_TEST

ENGINE_SUITE_MAIN("engine traps", test_system_instructions, test_illegal_instructions,
                  test_load_page_faults, test_store_page_faults, test_accesses_across_pages,
                  test_misaligned_atomics, test_fetch_outside_ram, test_data_outside_ram,
                  test_data_partly_outside_ram, test_fetch_faults, test_fetch_across_pages,
                  test_all_csr_accesses, test_all_compressed_instructions,
                  test_many_wide_instructions)
