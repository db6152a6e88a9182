/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_engine_handler.c - every engine against item 7 of the contract in engine.h: a run whose
 * traps are handled by the handler gives the same result as one that stops at each, whatever
 * the handler does to the hart, the space and the code, and however short the budgets are.
 */
#include <unistd.h>

#include <sys/wait.h>

#include "isa/decode.h"
#include "tests/support/encode.h"
#include "tests/support/engine_suite.h"
#include "tests/support/random.h"

#define CODE_CSRRW 0x14029073u /* csrw sscratch, x5 */
#define CODE_C_EBREAK 0x9002u

/* A loop with a trap of each sort: decoded and not, in a block's middle, at its end, of a fetch. */
static void traps_of_all_sorts(struct machine *machine)
{
    MACHINE_CODE(machine, CODE_PA, encode_u(INSN_lui, 10, DATA_VA),
                 encode_u(INSN_lui, 11, HOLE_VA),                        /* 04 */
                 encode_i(INSN_addi, 5, 5, 1), CODE_ECALL,               /* 08, 0c: the loop */
                 encode_store(INSN_sw, 5, 10, 4), CODE_CSRRW,            /* 10, 14 */
                 CODE_C_NOP, CODE_C_EBREAK, encode_i(INSN_lw, 6, 11, 0), /* 18, 1a, 1c */
                 encode_r(INSN_add, 7, 7, 5), encode_i(INSN_jalr, 1, 11, 0), /* 20, 24 */
                 encode_jal(0, -0x20));                                      /* 28 */
}

/* What is done about traps: go on behind them, and remember how it looked. */
struct keeper {
    struct machine *machine;
    uint64_t end;     /* of the hart's count */
    unsigned left_at; /* the trap to leave at, from 1; 0: none */
    unsigned most;    /* budgets are from 1 to this; 0: what is left */
    struct rng rng;
    unsigned calls;
    uint64_t hash;
};

static void remember(struct keeper *keeper, uint64_t value)
{
    keeper->hash = (keeper->hash ^ value) * 0x100000001b3ull;
}

static uint64_t budget_of(struct keeper *keeper)
{
    uint64_t left = keeper->end - keeper->machine->hart.retired;
    uint64_t some = keeper->most ? 1 + rng_below(&keeper->rng, keeper->most) : left;

    return some < left ? some : left;
}

/* Behind the instruction; from where nothing can be fetched, back to the caller. */
static void skip(struct hart *hart, const struct trap *trap)
{
    if (trap->cause == CAUSE_INSN_PAGE_FAULT)
        hart->pc = hart->x[1];
    else
        hart->pc += trap->cause == CAUSE_BREAKPOINT ? 2 : 4;
    hart->retired++;
}

static uint32_t code_at(const struct machine *machine, uint32_t va)
{
    return load_le32(machine->ram + CODE_PA + (va - CODE_VA));
}

static bool keep(void *owner, const struct trap *trap, const struct insn *insn,
                 uint64_t *budget)
{
    struct keeper *keeper = owner;
    struct hart *hart = &keeper->machine->hart;

    if (insn)
        ck_assert_uint_eq(insn->raw, decode_insn(code_at(keeper->machine, hart->pc)).raw);
    keeper->calls++;
    remember(keeper, trap->cause);
    remember(keeper, trap->tval);
    remember(keeper, hart->pc);
    remember(keeper, hart->retired);
    for (unsigned i = 0; i < 32; i++)
        remember(keeper, hart->x[i]);
    skip(hart, trap);
    if (keeper->calls == keeper->left_at || hart->retired >= keeper->end)
        return false;
    *budget = budget_of(keeper);
    return true;
}

static void begin(struct keeper *keeper, struct machine *machine, uint64_t count)
{
    hart_reset(&machine->hart, CODE_VA);
    machine->hart.mode = HART_USER;
    machine_poke(machine, DATA_PA + 4, 0);
    *keeper = (struct keeper){.machine = machine, .end = count, .rng = {.state = count + 1}};
}

/* Up to the keeper's end, as often as it takes. */
static void run_kept(struct keeper *keeper)
{
    struct machine *machine = keeper->machine;
    const struct engine_handler handler = {.trap = keep, .owner = keeper};

    do {
        engine_run_handled(machine->engine, &machine->hart, budget_of(keeper), &handler,
                           &machine->exit);
        ck_assert(machine->exit.stop == ENGINE_BUDGET || machine->exit.stop == ENGINE_LEFT);
    } while (machine->hart.retired < keeper->end && !keeper->left_at);
}

/* The same by engine_run() alone. */
static void run_stopping(struct keeper *keeper)
{
    struct machine *machine = keeper->machine;
    uint64_t budget = keeper->end;

    do {
        machine_run(machine, budget);
        if (machine->exit.stop == ENGINE_TRAP)
            (void)keep(keeper, &machine->exit.trap, NULL, &budget);
        budget = budget_of(keeper);
    } while (machine->hart.retired < keeper->end);
}

static void same(const struct keeper *a, const struct keeper *b)
{
    ck_assert_uint_eq(a->calls, b->calls);
    ck_assert_uint_eq(a->hash, b->hash);
    ck_assert_msg(hart_equal(&a->machine->hart, &b->machine->hart), "%s: at %#x after %llu",
                  a->machine->maker->name, a->machine->hart.pc,
                  (unsigned long long)a->machine->hart.retired);
    ck_assert_uint_eq(machine_peek(a->machine, DATA_PA + 4),
                      machine_peek(b->machine, DATA_PA + 4));
}

#define LENGTHS 60u /* some rounds of the loop */

/* Each length, with budgets as long as can be and as short. */
START_TEST(test_comes_to_the_same)
{
    struct machine truth;
    struct keeper kept, stopping;
    BEGIN_MACHINE(machine);

    machine_init(&truth, &engine_makers[0]);
    traps_of_all_sorts(&machine);
    traps_of_all_sorts(&truth);
    for (unsigned most = 0; most < 8; most++) {
        for (unsigned count = 1; count <= LENGTHS; count++) {
            begin(&stopping, &truth, count);
            run_stopping(&stopping);
            begin(&kept, &machine, count);
            kept.most = most;
            run_kept(&kept);
            same(&kept, &stopping);
        }
    }
    machine_fini(&truth);
    END_MACHINE(machine);
}
END_TEST

/* At whichever trap it wants no more, the hart is as the handler left it. */
START_TEST(test_leaves_when_told)
{
    struct machine truth;
    struct keeper kept, other;
    BEGIN_MACHINE(machine);

    machine_init(&truth, &engine_makers[0]);
    traps_of_all_sorts(&machine);
    traps_of_all_sorts(&truth);
    for (unsigned at = 1; at < 24; at++) {
        begin(&kept, &machine, 1000);
        kept.left_at = at;
        run_kept(&kept);
        ck_assert_int_eq(machine.exit.stop, ENGINE_LEFT);
        ck_assert_uint_eq(kept.calls, at);
        begin(&other, &truth, machine.hart.retired);
        run_stopping(&other);
        same(&kept, &other);
    }
    machine_fini(&truth);
    END_MACHINE(machine);
}
END_TEST

/* ---- What a handler may do ---- */

static bool to_second_space(void *owner, const struct trap *trap, const struct insn *insn,
                            uint64_t *budget)
{
    struct machine *machine = owner;

    (void)insn;
    machine_enter(machine, machine->hart.x[8]++ & 1 ? &machine->space : &machine->second);
    skip(&machine->hart, trap);
    *budget = 2;
    return true;
}

/* A load before and after, from the page that the two spaces do not share. */
START_TEST(test_space_may_change)
{
    const struct engine_handler handler = {.trap = to_second_space};
    struct engine_handler own = handler;
    BEGIN_MACHINE(machine);

    own.owner = &machine;
    machine_poke(&machine, DATA_PA, 1);
    machine_poke(&machine, OTHER_PA, 2);
    MACHINE_CODE(&machine, CODE_PA, encode_u(INSN_lui, 10, DATA_VA),
                 encode_i(INSN_lw, 5, 10, 0), CODE_ECALL, encode_i(INSN_lw, 6, 10, 0),
                 CODE_NOP);
    for (unsigned turn = 0; turn < 4; turn++) {
        machine.hart.pc = CODE_VA;
        machine.hart.retired = machine.hart.x[8] = 0;
        machine_enter(&machine, &machine.space);
        engine_run_handled(machine.engine, &machine.hart, 10, &own, &machine.exit);
        ck_budget_used(&machine, CODE_VA + 20, 5u);
        ck_assert_uint_eq(machine.hart.x[5], 1);
        ck_assert_uint_eq(machine.hart.x[6], 2);
    }
    END_MACHINE(machine);
}
END_TEST

static bool write_code(void *owner, const struct trap *trap, const struct insn *insn,
                       uint64_t *budget)
{
    struct machine *machine = owner;

    (void)insn;
    machine->hart.x[9]++;
    MACHINE_CODE(machine, CODE_PA + 8, encode_i(INSN_addi, 5, 0, (int)machine->hart.x[9]));
    skip(&machine->hart, trap);
    *budget = 2;
    return true;
}

START_TEST(test_code_may_change)
{
    struct engine_handler handler = {.trap = write_code};
    BEGIN_MACHINE(machine);

    handler.owner = &machine;
    machine.hart.x[9] = 0;
    MACHINE_CODE(&machine, CODE_PA, CODE_NOP, CODE_ECALL, CODE_NOP, CODE_NOP);
    for (uint32_t turn = 1; turn < 4; turn++) {
        machine.hart.pc = CODE_VA;
        machine.hart.retired = 0;
        engine_run_handled(machine.engine, &machine.hart, 10, &handler, &machine.exit);
        ck_budget_used(&machine, CODE_VA + 16, 4u);
        ck_assert_uint_eq(machine.hart.x[5], turn);
    }
    END_MACHINE(machine);
}
END_TEST

/* The store's page goes at the first trap; the store then traps, and there it ends. */
static bool take_page(void *owner, const struct trap *trap, const struct insn *insn,
                      uint64_t *budget)
{
    struct machine *machine = owner;

    (void)insn;
    *budget = 10;
    if (trap->cause != CAUSE_ECALL_USER)
        return false;
    space_map(&machine->space, DATA_VA, DATA_PA, PTE_USER | PTE_R);
    engine_drop_page(machine->engine, space_satp(&machine->space), DATA_VA);
    skip(&machine->hart, trap);
    return true;
}

START_TEST(test_mapping_may_go)
{
    struct engine_handler handler = {.trap = take_page};
    BEGIN_MACHINE(machine);

    handler.owner = &machine;
    MACHINE_CODE(&machine, CODE_PA, encode_u(INSN_lui, 10, DATA_VA),
                 encode_store(INSN_sw, 10, 10, 0), CODE_ECALL, encode_store(INSN_sw, 0, 10, 0));
    engine_run_handled(machine.engine, &machine.hart, 10, &handler, &machine.exit);
    ck_assert_int_eq(machine.exit.stop, ENGINE_LEFT);
    ck_assert_uint_eq(machine.hart.pc, CODE_VA + 12);
    ck_assert_uint_eq(machine.hart.retired, 3);
    ck_assert_uint_eq(machine_peek(&machine, DATA_PA), DATA_VA);
    END_MACHINE(machine);
}
END_TEST

static bool no_budget(void *owner, const struct trap *trap, const struct insn *insn,
                      uint64_t *budget)
{
    (void)owner, (void)trap, (void)insn;
    *budget = 0;
    return true;
}

START_TEST(test_budget_of_nothing)
{
    const struct engine_handler handler = {.trap = no_budget};
    BEGIN_MACHINE(machine);

    MACHINE_CODE(&machine, CODE_PA, CODE_NOP, CODE_ECALL);
    engine_run_handled(machine.engine, &machine.hart, 10, &handler, &machine.exit);
    ck_budget_used(&machine, CODE_VA + 4, 1u);
    machine_run(&machine, 10); /* the handler is forgotten */
    ck_trapped(&machine, CAUSE_ECALL_USER, 0u, CODE_VA + 4, 1u);
    END_MACHINE(machine);
}
END_TEST

static bool run_again(void *owner, const struct trap *trap, const struct insn *insn,
                      uint64_t *budget)
{
    (void)trap, (void)insn, (void)budget;
    machine_run(owner, 1);
    _exit(0);
}

START_TEST(test_runs_do_not_nest)
{
    struct engine_handler handler = {.trap = run_again};
    int status;
    pid_t pid;
    BEGIN_MACHINE(machine);

    handler.owner = &machine;
    MACHINE_CODE(&machine, CODE_PA, CODE_ECALL);
    pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        (void)close(STDERR_FILENO);
        engine_run_handled(machine.engine, &machine.hart, 1, &handler, &machine.exit);
        _exit(0);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(!WIFEXITED(status) || WEXITSTATUS(status) != 0);
    END_MACHINE(machine);
}
END_TEST

ENGINE_SUITE_MAIN("engine_handler", test_comes_to_the_same, test_leaves_when_told,
                  test_space_may_change, test_code_may_change, test_mapping_may_go,
                  test_budget_of_nothing, test_runs_do_not_nest)
