/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_engine_in_place.c - engines with ENGINE_IN_PLACE against item 12 of the contract in
 * engine.h: which instructions of a virtual supervisor run in place, and which trap. Random
 * programs are compared in tests/agree/.
 */
#include "isa/csr_fields.h"
#include "isa/decode.h"
#include "isa/exec.h"
#include "isa/variant.h"
#include "tests/support/encode.h"
#include "tests/support/engine_suite.h"

#define SOME_SATP 0x80000000u /* a satp that nothing walks */

/* In place, the virtual hart in supervisor mode. False: the engine cannot. */
static bool begin(struct machine *machine)
{
    const struct engine_space space = {
        .deprivileged = true, .root = space_satp(&machine->space), .in_place = true};

    if (!(machine->engine->ops->abilities & ENGINE_IN_PLACE))
        return false;
    engine_set_space(machine->engine, &space);
    machine->hart.mode = HART_SUPERVISOR;
    machine->hart.satp = SOME_SATP;
    machine->hart.pc = CODE_VA;
    return true;
}

#define BEGIN_IN_PLACE(machine)                                                                \
    BEGIN_MACHINE(machine);                                                                    \
    if (!begin(&machine)) {                                                                    \
        END_MACHINE(machine);                                                                  \
        return;                                                                                \
    }

#define SWAP(number, rd, rs1) encode_csr(INSN_csrrw, rd, number, rs1)
#define SET_BITS(number, rd, rs1) encode_csr(INSN_csrrs, rd, number, rs1)
#define SET_IMM(number, rd, imm) encode_csr(INSN_csrrsi, rd, number, imm)
#define CLEAR_IMM(number, rd, imm) encode_csr(INSN_csrrci, rd, number, imm)

enum { SSTATUS = 0x100, SIE = 0x104, STVEC, SSCRATCH = 0x140, SEPC, SCAUSE, SIP = 0x144 };
enum {
    SATP = 0x180,
    CYCLE = 0xc00,
    TIME,
    INSTRET,
    CYCLEH = 0xc80,
    TIMEH,
    WFI = 0x10500073,
    SRET = 0x10200073
};
enum { SFENCE_VMA = 0x12000073, MSTATUS = 0x300 };

START_TEST(registers_are_read_and_written)
{
    BEGIN_IN_PLACE(machine);

    machine.hart.sscratch = 0x1234;
    machine.hart.x[5] = 0xffffffff;
    MACHINE_CODE(&machine, CODE_PA, SWAP(SSCRATCH, 6, 5), SWAP(SEPC, 0, 5), SWAP(STVEC, 5, 5),
                 SET_BITS(SCAUSE, 7, 0), CODE_ECALL);
    machine_run(&machine, 100);
    ck_trapped(&machine, CAUSE_ECALL_USER, 0, CODE_VA + 16, 4u);
    ck_assert_uint_eq(machine.hart.x[6], 0x1234);
    ck_assert_uint_eq(machine.hart.sscratch, 0xffffffff);
    ck_assert_uint_eq(machine.hart.sepc, 0xfffffffe);
    ck_assert_uint_eq(machine.hart.stvec, 0xfffffffd);
    ck_assert_uint_eq(machine.engine->translated, 4);
    END_MACHINE(machine);
}
END_TEST

/* In virtual user mode all of them trap; and without being asked. */
START_TEST(only_in_virtual_supervisor_mode)
{
    const uint32_t code = SWAP(SSCRATCH, 6, 5);
    BEGIN_IN_PLACE(machine);

    MACHINE_CODE(&machine, CODE_PA, CODE_NOP, code, CODE_ECALL);
    for (unsigned round = 0; round < 4; round++) {
        bool in_place = round & 1;

        machine.hart.pc = CODE_VA;
        machine.hart.retired = 0;
        machine.hart.mode = in_place ? HART_SUPERVISOR : HART_USER;
        machine_run(&machine, 100);
        if (in_place)
            ck_trapped(&machine, CAUSE_ECALL_USER, 0, CODE_VA + 8, 2u);
        else
            ck_trapped(&machine, CAUSE_ILLEGAL_INSN, code, CODE_VA + 4, 1u);
    }
    machine_enter(&machine, &machine.space);
    machine.hart.pc = CODE_VA;
    machine.hart.retired = 0;
    machine_run(&machine, 100);
    ck_trapped(&machine, CAUSE_ILLEGAL_INSN, code, CODE_VA + 4, 1u);
    END_MACHINE(machine);
}
END_TEST

/* Each at any place in a block, and when the budget ends around it. */
START_TEST(time_is_exact)
{
    BEGIN_IN_PLACE(machine);

    MACHINE_CODE(&machine, CODE_PA, CODE_NOP, SET_BITS(TIME, 5, 0), CODE_NOP, CODE_NOP,
                 SET_BITS(TIME, 6, 0), SET_BITS(TIMEH, 7, 0), SET_BITS(INSTRET, 8, 0),
                 SET_BITS(CYCLE, 9, 0), SET_BITS(CYCLEH, 11, 0), CODE_ECALL);
    machine.hart.skipped = 0x7fffffff0ull;
    for (uint64_t budget = 1; budget <= 11; budget++) {
        machine.hart.pc = CODE_VA;
        machine.hart.retired = 0;
        while (machine_run(&machine, budget), machine.exit.stop == ENGINE_BUDGET)
            continue;
        ck_trapped(&machine, CAUSE_ECALL_USER, 0, CODE_VA + 36, 9u);
        ck_assert_uint_eq(machine.hart.x[5], 0xfffffff1);
        ck_assert_uint_eq(machine.hart.x[6], 0xfffffff4);
        ck_assert_uint_eq(machine.hart.x[7], 7);
        ck_assert_uint_eq(machine.hart.x[8], 6);
        ck_assert_uint_eq(machine.hart.x[9], 7);
        ck_assert_uint_eq(machine.hart.x[11], 0);
    }
    END_MACHINE(machine);
}
END_TEST

/* One instruction that somebody has to act on: it traps, and nothing has changed. */
static void expect_refused(struct machine *machine, uint32_t code)
{
    struct hart before;

    MACHINE_CODE(machine, CODE_PA, CODE_NOP, code, CODE_ECALL);
    machine->hart.pc = CODE_VA;
    machine->hart.retired = 0;
    before = machine->hart;
    machine_run(machine, 100);
    ck_trapped(machine, CAUSE_ILLEGAL_INSN, code, CODE_VA + 4, 1u);
    before.pc = CODE_VA + 4;
    before.retired = 1;
    ck_assert(hart_equal(&before, &machine->hart));
}

static void expect_run(struct machine *machine, uint32_t code)
{
    MACHINE_CODE(machine, CODE_PA, CODE_NOP, code, CODE_ECALL);
    machine->hart.pc = CODE_VA;
    machine->hart.retired = 0;
    machine_run(machine, 100);
    ck_trapped(machine, CAUSE_ECALL_USER, 0, CODE_VA + 8, 2u);
}

START_TEST(what_changes_the_mapping_traps)
{
    BEGIN_IN_PLACE(machine);

    machine.hart.x[5] = SSTATUS_SUM;
    machine.hart.x[6] = SSTATUS_SPIE | SSTATUS_SPP;
    machine.hart.x[7] = SOME_SATP;
    expect_refused(&machine, SET_BITS(SSTATUS, 8, 5));
    expect_refused(&machine, SWAP(SATP, 0, 5));
    expect_refused(&machine, SRET); /* to user mode */
    expect_refused(&machine, SFENCE_VMA);
    expect_run(&machine, SET_BITS(SSTATUS, 8, 6));
    expect_run(&machine, SWAP(SATP, 9, 7)); /* what it was */
    machine.hart.sstatus |= SSTATUS_SUM;
    expect_run(&machine, SET_BITS(SSTATUS, 8, 5));
    expect_refused(&machine, SWAP(SSTATUS, 0, 6));
    END_MACHINE(machine);
}
END_TEST

START_TEST(sret_within_supervisor_mode_runs)
{
    BEGIN_IN_PLACE(machine);

    machine.hart.sstatus = SSTATUS_SPP;
    machine.hart.sepc = CODE_VA + 8;
    expect_run(&machine, SRET);
    ck_assert_uint_eq(machine.hart.sstatus, SSTATUS_SPIE);
    END_MACHINE(machine);
}
END_TEST

START_TEST(what_makes_an_interrupt_deliverable_traps)
{
    BEGIN_IN_PLACE(machine);

    machine.hart.x[5] = IRQ_BIT(IRQ_SEXT);
    machine.hart.sip = IRQ_BIT(IRQ_SEXT);
    expect_run(&machine, SET_IMM(SSTATUS, 0, SSTATUS_SIE)); /* none is enabled */
    expect_refused(&machine, SET_BITS(SIE, 0, 5));
    expect_run(&machine, CLEAR_IMM(SSTATUS, 0, SSTATUS_SIE));
    expect_run(&machine, SET_BITS(SIE, 0, 5));
    expect_refused(&machine, SET_IMM(SSTATUS, 0, SSTATUS_SIE));
    machine.hart.sip = 0;
    expect_run(&machine, SET_IMM(SSTATUS, 0, SSTATUS_SIE));
    machine.hart.sie = IRQ_BIT(IRQ_SSOFT);
    expect_refused(&machine, SET_IMM(SIP, 0, IRQ_BIT(IRQ_SSOFT)));
    machine.hart.sie = 0;
    expect_run(&machine, SET_IMM(SIP, 0, IRQ_BIT(IRQ_SSOFT)));
    END_MACHINE(machine);
}
END_TEST

/* On the bare machine too, or more than the hart is concerned. */
START_TEST(the_rest_traps_as_always)
{
    static const uint32_t words[] = {WFI, SFENCE_VMA, 0x30200073 /* mret */};
    BEGIN_IN_PLACE(machine);

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        expect_refused(&machine, words[i]);
    expect_refused(&machine, SWAP(MSTATUS, 5, 0));
    expect_refused(&machine, SWAP(TIME, 5, 0)); /* is read-only */
    ck_assert_uint_eq(machine.engine->translated, 0);
    END_MACHINE(machine);
}
END_TEST

/* For the user to run them: all trap, what a broken instruction set changes too. */
START_TEST(asked_all_trap)
{
    const struct variant_cpu broken = {.set = VARIANT_ALL, .real_sstatus = 0x22};
    struct engine_space space;
    BEGIN_IN_PLACE(machine);

    space = machine.engine->space;
    space.asked = true;
    for (unsigned round = 0; round < 2; round++) {
        machine.engine->variant = round ? &broken : NULL;
        engine_set_space(machine.engine, &space);
        expect_refused(&machine, SET_BITS(SSTATUS, 5, 0));
        expect_refused(&machine, SWAP(SSCRATCH, 5, 6));
        space.asked = false;
        engine_set_space(machine.engine, &space);
        machine.hart.x[5] = 1;
        expect_run(&machine, SET_BITS(SSTATUS, 5, 0));
        ck_assert_uint_eq(machine.hart.x[5], 0); /* the virtual one's */
        space.asked = true;
    }
    ck_assert_uint_eq(machine.engine->translated, 2);
    END_MACHINE(machine);
}
END_TEST

/* ---- Every access, as exec_in_place() makes it ---- */

/* Nothing pending and nothing set, or all that can be without an interrupt being deliverable. */
static void set_all(struct hart *hart, bool set)
{
    hart->sstatus = set ? SSTATUS_SPIE | SSTATUS_SPP | SSTATUS_SUM | SSTATUS_MXR : 0;
    hart->sie = hart->sip =
        set ? IRQ_BIT(IRQ_SSOFT) | IRQ_BIT(IRQ_STIMER) | IRQ_BIT(IRQ_SEXT) : 0;
    hart->stvec = set ? 0xfffffffd : 0;
    hart->sscratch = hart->scause = hart->stval = set ? UINT32_MAX : 0;
    hart->sepc = set ? 0xfffffffe : 0;
    hart->scounteren = set ? 7 : 0;
    hart->senvcfg = set;
}

static void check_access(struct machine *machine, uint32_t code)
{
    struct hart meant;
    struct exec_env env = {
        .hart = &meant, .phys = &machine->engine->phys, .deprivileged = true, .in_place = true};
    struct insn insn = decode_insn(code);

    MACHINE_CODE(machine, CODE_PA, CODE_NOP, code, CODE_ECALL);
    machine->hart.pc = CODE_VA;
    machine->hart.retired = 0;
    meant = machine->hart;
    meant.pc += 4;
    meant.retired = 1;
    if (exec_in_place(&env, &insn))
        ck_assert_uint_eq(meant.pc, CODE_VA + 8);
    machine_run(machine, 100);
    ck_assert_msg(hart_equal(&meant, &machine->hart), "%08x: another hart", code);
}

START_TEST(every_access_is_as_defined)
{
    static const uint32_t operands[] = {0, UINT32_MAX, 0x55555555, 0x80000222};
    static const enum insn_id ids[] = {INSN_csrrw,  INSN_csrrs,  INSN_csrrc,
                                       INSN_csrrwi, INSN_csrrsi, INSN_csrrci};
    BEGIN_IN_PLACE(machine);

    for (unsigned round = 0; round < 2 * CSR_COUNT * 6 * 4; round++) {
        enum insn_id id = ids[round / 4 % 6];
        uint32_t number = csr_desc((enum csr_id)(round / 24 % CSR_COUNT))->number;
        bool immediate = id >= INSN_csrrwi;

        for (unsigned rd = 0; rd < 6; rd += 5) { /* none, and the operand's own */
            set_all(&machine.hart, round >= CSR_COUNT * 24);
            machine.hart.satp = SOME_SATP;
            machine.hart.x[5] = operands[round % 4];
            check_access(&machine,
                         encode_csr(id, rd, number, immediate ? operands[round % 4] & 31 : 5));
        }
    }
    END_MACHINE(machine);
}
END_TEST

ENGINE_SUITE_MAIN("engine, in place", registers_are_read_and_written,
                  every_access_is_as_defined, only_in_virtual_supervisor_mode, time_is_exact,
                  what_changes_the_mapping_traps, sret_within_supervisor_mode_runs,
                  what_makes_an_interrupt_deliverable_traps, the_rest_traps_as_always,
                  asked_all_trap)
