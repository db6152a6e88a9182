/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_engine_non_root.c - every engine with non-root mode against item 11 of the contract in
 * engine.h: what stays in non-root mode and what leaves it, that counts are exact, that each second
 * stage has its own translations, and that a fence in one does not affect another.
 */
#include "isa/csr_fields.h"
#include "tests/support/encode.h"
#include "tests/support/engine_suite.h"

/* Two second stages: of all of RAM, page by page, but for DATA_PA, which each has elsewhere. */
#define SECOND(n) (0x200000u + (n)*0x10000u)
#define REGIONS (MACHINE_RAM >> 22)
#define ELSEWHERE(n) (0x130000u + (n)*PAGE_SIZE)
#define LEAF (PTE_USER | PTE_RWX)

#define HANDLER_PA CODE2_PA
#define SSTATUS 0x100
#define SCAUSE 0x142

struct bench {
    struct machine machine;
    unsigned delivered, most; /* of traps that stay: at the last of these the run ends */
};

static bool deliver(void *owner, struct hart *hart, const struct trap *trap)
{
    struct bench *bench = owner;

    hart_trap(hart, trap);
    return ++bench->delivered < bench->most;
}

static uint32_t entry_of(unsigned stage, uint32_t gpa)
{
    return SECOND(stage) + SV32X4_ROOT_PAGES * PAGE_SIZE + 4 * (gpa >> PAGE_SHIFT);
}

static void map(struct machine *machine, unsigned stage, uint32_t gpa, uint32_t pa,
                uint32_t flags)
{
    machine_poke(machine, entry_of(stage, gpa), PTE_MAKE(pa >> PAGE_SHIFT, flags));
}

static void make_stage(struct machine *machine, unsigned stage)
{
    uint32_t table = (SECOND(stage) >> PAGE_SHIFT) + SV32X4_ROOT_PAGES;

    for (uint32_t region = 0; region < REGIONS; region++)
        machine_poke(machine, SECOND(stage) + 4 * region, PTE_MAKE(table + region, PTE_V));
    for (uint32_t pa = 0; pa < MACHINE_RAM; pa += PAGE_SIZE)
        map(machine, stage, pa, pa, LEAF);
    map(machine, stage, DATA_PA, ELSEWHERE(stage), LEAF);
}

static void enter(struct machine *machine, unsigned stage)
{
    const struct engine_space space = {.hgatp = SATP_SV32 | SECOND(stage) >> PAGE_SHIFT};

    engine_set_space(machine->engine, &space);
}

/* In supervisor mode, without translation by the first stage; false: this engine cannot. */
static bool begin(struct bench *bench, int engine)
{
    struct machine *machine = &bench->machine;

    machine_init(machine, &engine_makers[engine]);
    bench->delivered = 0;
    bench->most = 1000;
    machine->hart.mode = HART_SUPERVISOR;
    machine->hart.pc = CODE_PA;
    machine->hart.stvec = HANDLER_PA;
    make_stage(machine, 0);
    make_stage(machine, 1);
    machine->engine->inside = (struct engine_inside){deliver, bench};
    enter(machine, 0);
    return machine->engine->ops->abilities & ENGINE_SECOND_STAGE;
}

static void end(struct bench *bench)
{
    machine_fini(&bench->machine);
}

static void check_left(const struct machine *machine, uint32_t cause, uint32_t tval,
                       uint32_t pc, uint64_t retired)
{
    ck_trapped(machine, cause, tval, pc, retired);
    ck_assert_uint_eq(machine->hart.scause, 0);
}

/* The CSRs are the hart's own, and are written without a trap. */
START_TEST(runs_in_its_own_mode)
{
    static struct bench bench;
    struct machine *machine = &bench.machine;

    if (begin(&bench, _i)) {
        MACHINE_CODE(machine, CODE_PA, encode_csr(INSN_csrrw, 0, 0x140, 6),
                     encode_csr(INSN_csrrs, 5, 0x140, 0), CODE_ECALL);
        machine_run(machine, 100);
        check_left(machine, CAUSE_ECALL_VIRTUAL, 0, CODE_PA + 8, 2);
        ck_assert_uint_eq(machine->hart.x[5], machine->hart.x[6]);
        ck_assert_uint_eq(bench.delivered, 0);
    }
    end(&bench);
}
END_TEST

START_TEST(waiting_leaves)
{
    static struct bench bench;
    struct machine *machine = &bench.machine;
    const uint32_t wfi = insn_desc(INSN_wfi)->match;

    if (begin(&bench, _i)) {
        MACHINE_CODE(machine, CODE_PA, CODE_NOP, wfi);
        machine_run(machine, 100);
        check_left(machine, CAUSE_VIRTUAL_INSN, wfi, CODE_PA + 4, 1);
    }
    end(&bench);
}
END_TEST

/*
 * A call from user mode, an illegal instruction and a page fault: the handler gets them within the
 * run, and comes back by SRET; what they cost of the budget is what the handler retires.
 */
START_TEST(own_traps_stay)
{
    static struct bench bench;
    struct machine *machine = &bench.machine;

    if (begin(&bench, _i)) {
        MACHINE_CODE(machine, HANDLER_PA, encode_csr(INSN_csrrs, 7, SCAUSE, 0),
                     encode_r(INSN_add, 8, 8, 7), encode_csr(INSN_csrrs, 9, 0x141, 0),
                     encode_i(INSN_addi, 9, 9, 4), encode_csr(INSN_csrrw, 0, 0x141, 9),
                     insn_desc(INSN_sret)->match);
        MACHINE_CODE(machine, CODE_PA, CODE_ECALL, 0x00100073u, 0xfe000033u, CODE_NOP);
        machine->hart.mode = HART_USER;
        machine->hart.x[8] = 0;
        for (uint64_t budget = 1; budget < 20; budget++) {
            machine->hart.pc = CODE_PA;
            machine->hart.mode = HART_USER;
            machine->hart.retired = 0;
            bench.delivered = 0;
            machine_run(machine, budget);
            ck_assert_uint_eq(machine->exit.stop, ENGINE_BUDGET);
            ck_assert_uint_eq(machine->hart.retired, budget);
            ck_assert_uint_eq(bench.delivered,
                              (budget - 1) / 6 + 1 > 3 ? 3 : (budget - 1) / 6 + 1);
        }
        ck_assert_uint_eq(machine->hart.pc, CODE_PA + 16);
        ck_assert_uint_eq(machine->hart.scause, CAUSE_ILLEGAL_INSN);
    }
    end(&bench);
}
END_TEST

/* A handler that traps has the run end when who delivers says so: with nothing retired. */
START_TEST(endless_traps_end)
{
    static struct bench bench;
    struct machine *machine = &bench.machine;

    if (begin(&bench, _i)) {
        MACHINE_CODE(machine, CODE_PA, CODE_NOP, 0xffffffffu);
        machine->hart.stvec = HANDLER_PA + 0x800;
        machine_poke(machine, HANDLER_PA + 0x800, 0);
        bench.most = 50;
        machine_run(machine, 100);
        ck_assert_uint_eq(machine->exit.stop, ENGINE_LEFT);
        ck_assert_uint_eq(bench.delivered, 50);
        ck_assert_uint_eq(machine->hart.retired, 1);
        ck_assert_uint_eq(machine->hart.pc, HANDLER_PA + 0x800);
        ck_assert_uint_eq(machine->hart.sepc, HANDLER_PA + 0x800);
    }
    end(&bench);
}
END_TEST

/* Of a load, a store and a fetch; the access goes on when the entry has been added. */
START_TEST(guest_page_faults_leave)
{
    static struct bench bench;
    struct machine *machine = &bench.machine;

    if (begin(&bench, _i)) {
        MACHINE_CODE(machine, CODE_PA, encode_i(INSN_lw, 5, 10, 8),
                     encode_store(INSN_sw, 5, 11, 12), encode_i(INSN_jalr, 0, 12, 0));
        machine->hart.x[10] = DATA_PA;
        machine->hart.x[11] = DATA2_PA;
        machine->hart.x[12] = HANDLER_PA;
        MACHINE_CODE(machine, HANDLER_PA, CODE_ECALL);
        machine_poke(machine, ELSEWHERE(0) + 8, 0x1234);
        map(machine, 0, DATA_PA, 0, 0);
        map(machine, 0, DATA2_PA, DATA2_PA, PTE_USER | PTE_R);
        map(machine, 0, HANDLER_PA, HANDLER_PA, PTE_USER | PTE_R);
        machine_run(machine, 100);
        check_left(machine, CAUSE_LOAD_GUEST_PAGE_FAULT, DATA_PA + 8, CODE_PA, 0);
        ck_assert_uint_eq(trap_gpa(&machine->exit.trap), DATA_PA + 8);
        map(machine, 0, DATA_PA, ELSEWHERE(0), LEAF);
        machine_run(machine, 100);
        check_left(machine, CAUSE_STORE_GUEST_PAGE_FAULT, DATA2_PA + 12, CODE_PA + 4, 1);
        map(machine, 0, DATA2_PA, DATA2_PA, LEAF);
        machine_run(machine, 100);
        check_left(machine, CAUSE_INSN_GUEST_PAGE_FAULT, HANDLER_PA, HANDLER_PA, 3);
        map(machine, 0, HANDLER_PA, HANDLER_PA, LEAF);
        machine_run(machine, 100);
        check_left(machine, CAUSE_ECALL_VIRTUAL, 0, HANDLER_PA, 3);
        ck_assert_uint_eq(machine_peek(machine, DATA2_PA + 12), 0x1234);
    }
    end(&bench);
}
END_TEST

/* The first stage's table is reached through the second: here its root is not. */
START_TEST(walks_pass_the_second_stage)
{
    static struct bench bench;
    struct machine *machine = &bench.machine;
    uint32_t root;

    if (begin(&bench, _i)) {
        root = space_satp(&machine->space) << PAGE_SHIFT;
        machine->hart.satp = space_satp(&machine->space);
        machine->hart.mode = HART_USER;
        machine->hart.pc = CODE_VA;
        MACHINE_CODE(machine, CODE_PA, encode_i(INSN_lw, 5, 10, 0), CODE_ECALL);
        machine->hart.x[10] = DATA_VA;
        machine_poke(machine, ELSEWHERE(0), 77);
        map(machine, 0, root, root, 0);
        machine_run(machine, 100);
        check_left(machine, CAUSE_INSN_GUEST_PAGE_FAULT, CODE_VA, CODE_VA, 0);
        ck_assert_uint_eq(trap_gpa(&machine->exit.trap), root + 4 * SV32_INDEX(CODE_VA, 1));
        ck_assert_uint_eq(machine->exit.trap.tinst, TINST_READ);
        map(machine, 0, root, root, LEAF);
        machine_run(machine, 1);
        ck_assert_uint_eq(machine->hart.x[5], 77);
    }
    end(&bench);
}
END_TEST

/* The same satp means other memory under another second stage; fences there change nothing here. */
START_TEST(second_stages_are_apart)
{
    static struct bench bench;
    struct machine *machine = &bench.machine;

    if (begin(&bench, _i)) {
        MACHINE_CODE(machine, CODE_PA, encode_i(INSN_lw, 5, 10, 0),
                     insn_desc(INSN_sfence_vma)->match, encode_jal(0, -8));
        machine->hart.x[10] = DATA_PA;
        machine_poke(machine, ELSEWHERE(0), 100);
        machine_poke(machine, ELSEWHERE(1), 101);
        machine_poke(machine, DATA_PA, 102);
        for (unsigned turn = 0; turn < 9; turn++) {
            if (turn % 3 < 2)
                enter(machine, turn % 3);
            else
                engine_set_space(machine->engine, &(struct engine_space){.hgatp = 0});
            machine_run(machine, 30);
            ck_assert_uint_eq(machine->hart.x[5], 100 + turn % 3);
        }
    }
    end(&bench);
}
END_TEST

/* An entry that is moved is, when all has been dropped. */
START_TEST(dropping_is_enough)
{
    static struct bench bench;
    struct machine *machine = &bench.machine;

    if (begin(&bench, _i)) {
        MACHINE_CODE(machine, CODE_PA, encode_i(INSN_lw, 5, 10, 0), encode_jal(0, -4));
        machine->hart.x[10] = DATA_PA;
        machine_poke(machine, ELSEWHERE(0), 100);
        machine_poke(machine, ELSEWHERE(1), 101);
        for (unsigned turn = 0; turn < 4; turn++) {
            map(machine, 0, DATA_PA, ELSEWHERE(turn % 2), LEAF);
            engine_drop_all(machine->engine);
            machine_run(machine, 20);
            ck_assert_uint_eq(machine->hart.x[5], 100 + turn % 2);
        }
    }
    end(&bench);
}
END_TEST

/* An interrupt that becomes deliverable ends the run behind the instruction, as natively. */
START_TEST(interrupts_end_the_run)
{
    static struct bench bench;
    struct machine *machine = &bench.machine;

    if (begin(&bench, _i)) {
        MACHINE_CODE(machine, CODE_PA, CODE_NOP, encode_csr(INSN_csrrsi, 0, SSTATUS, 2),
                     CODE_NOP);
        machine->hart.sie = machine->hart.sip = IRQ_BIT(IRQ_STIMER);
        machine_run(machine, 100);
        ck_assert_uint_eq(machine->exit.stop, ENGINE_EVENT);
        ck_assert_uint_eq(machine->hart.retired, 2);
        ck_assert_uint_eq(hart_interrupt(&machine->hart), CAUSE_INTERRUPT | IRQ_STIMER);
    }
    end(&bench);
}
END_TEST

/* Stops are for virtual addresses, and watches for physical ones: behind both stages. */
START_TEST(stops_and_watches)
{
    static struct bench bench;
    struct machine *machine = &bench.machine;
    static const uint32_t at[] = {CODE_PA + 8};
    static const struct engine_watch watch = {
        .at = ELSEWHERE(0), .len = 4, .physical = true, .stores = true};
    static struct engine_stops stops;

    if (begin(&bench, _i)) {
        stops =
            (struct engine_stops){.at = at, .count = 1, .watches = &watch, .watch_count = 1};
        stops_index(&stops);
        MACHINE_CODE(machine, CODE_PA, encode_store(INSN_sw, 5, 10, 8),
                     encode_store(INSN_sw, 5, 10, 0), CODE_NOP, CODE_NOP);
        machine->hart.x[10] = DATA_PA;
        engine_set_stops(machine->engine, &stops);
        machine_run(machine, 100);
        ck_assert_uint_eq(machine->exit.stop, ENGINE_AT_STOP);
        ck_assert_uint_eq(machine->hart.pc, CODE_PA + 4);
        engine_pass(machine->engine, &machine->hart, true);
        machine_run(machine, 100);
        ck_assert_uint_eq(machine->exit.stop, ENGINE_AT_STOP);
        ck_assert_uint_eq(machine->hart.pc, CODE_PA + 8);
        engine_set_stops(machine->engine, NULL);
    }
    end(&bench);
}
END_TEST

ENGINE_SUITE_MAIN("engine_non_root", runs_in_its_own_mode, waiting_leaves, own_traps_stay,
                  endless_traps_end, guest_page_faults_leave, walks_pass_the_second_stage,
                  second_stages_are_apart, dropping_is_enough, interrupts_end_the_run,
                  stops_and_watches)
