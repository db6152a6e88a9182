/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_jit_loops.c - loops that have run for long, which the jit has laid out anew: wherever they
 * are left, by the budget or by a fault, the hart and memory must be as `spec` leaves them. So must
 * loops around a switch, whose jump is copied to each of its cases; and a state machine's, whose
 * copies guess where they go.
 */
#include "tests/support/suite.h"

#if PZ_HAVE_JIT
#include <string.h>

#include "isa/engine/jit/jit.h"
#include "isa/engine/spec.h"
#include "tests/support/encode.h"
#include "tests/support/engines.h"
#include "tests/support/space.h"

#define RAM (1u << 20)
#define CODE 0x10000u
#define DATA 0x20000u /* physical */
#define AT 0x400000u  /* virtual */
#define ECALL 0x73u
#define TURNS 2000000u /* of 20 instructions or more: many samples */
#define STEPS 400u     /* more than a few turns */

enum {
    SP = 2,
    T0 = 5,
    S0 = 8,
    A0 = 10,
    A1,
    A2,
    A3,
    A4,
    A5,
    S2 = 18,
    S4 = 20,
    S11 = 27,
    T3,
    T4
};

struct machine {
    uint8_t *ram;
    struct engine *engine;
    struct hart hart;
};

static struct spec spec;
static struct jit *jit;
static struct machine truth, mine;
static uint32_t head; /* where the code begins */
static uint32_t switch_at;
static unsigned switches; /* how often it has been translated */

/* ---- The code ---- */

/* The block before the tight loop is short enough to be copied, or not; another loop may follow. */
enum then { THEN_NOTHING, THEN_LONG, THEN_ODD_SWITCH, THEN_STATES, THEN_SWITCH };

static const struct shape {
    unsigned before;
    enum then then;
} shapes[] = {{1, THEN_NOTHING},    {9, THEN_NOTHING}, {1, THEN_LONG},
              {1, THEN_ODD_SWITCH}, {1, THEN_STATES},  {1, THEN_SWITCH}};
#define SHAPES (sizeof shapes / sizeof shapes[0])

static uint32_t code[128];
static unsigned length;

static void put(uint32_t insn)
{
    code[length++] = insn;
}

static void branch_to(enum insn_id id, unsigned rs1, unsigned rs2, unsigned target)
{
    put(encode_branch(id, rs1, rs2, 4 * ((int32_t)target - (int32_t)length)));
}

/* Three turns, which sum words; `before` instructions run into it. */
static void put_tight_loop(unsigned before)
{
    unsigned first;

    for (unsigned i = 0; i < before; i++)
        put(encode_i(INSN_addi, A4, 0, 3));
    first = length;
    put(encode_i(INSN_lw, A3, A2, 0));
    put(encode_r(INSN_add, A0, A0, A3));
    put(encode_i(INSN_addi, A2, A2, 4));
    put(encode_i(INSN_addi, A4, A4, -1));
    branch_to(INSN_bne, A4, 0, first);
}

/* Two turns; more registers than the host has. */
static void put_long_loop(void)
{
    unsigned first;

    put(encode_i(INSN_addi, T0, 0, 2));
    first = length;
    for (unsigned reg = S2; reg < S11; reg++) {
        put(encode_r(INSN_xor, reg, reg, A0));
        put(encode_r(INSN_add, reg, reg, reg + 1));
    }
    put(encode_store(INSN_sw, S2, A5, 0));
    put(encode_store(INSN_sw, S0, SP, 0)); /* two registers that have no other use */
    put(encode_i(INSN_slli, T3, S2, 3));
    put(encode_r(INSN_add, S11, S11, T3));
    put(encode_i(INSN_lw, T4, A5, 4));
    put(encode_r(INSN_add, A0, T4, S11));
    put(encode_i(INSN_addi, A5, A5, 4));
    put(encode_i(INSN_addi, T0, T0, -1));
    branch_to(INSN_bne, T0, 0, first);
}

#define CASES 4u

/*
 * Six turns, each to some case; from there back to the jump. Where its target is odd, JALR clears
 * the lowest bit.
 */
static void put_switch(bool odd)
{
    unsigned first, out;

    put(encode_i(INSN_addi, T0, 0, 7));
    first = length;
    switch_at = CODE + 4 * first;
    put(encode_i(INSN_addi, T0, T0, -1));
    out = length++;
    put(encode_i(INSN_lw, T4, A5, 0));
    put(encode_r(INSN_add, A0, A0, T4));
    put(encode_i(INSN_andi, T3, A0, CASES - 1));
    put(encode_i(INSN_slli, T3, T3, 3));
    put(encode_u(INSN_auipc, T4, 0));
    put(encode_r(INSN_add, T3, T3, T4));
    put(encode_i(INSN_jalr, 0, T3, odd ? 13 : 12));
    for (unsigned i = 0; i < CASES; i++) {
        put(encode_i(i % 2 ? INSN_addi : INSN_xori, A0, A0, (int32_t)i + 5));
        put(encode_jal(0, 4 * ((int32_t)first - (int32_t)length)));
    }
    code[out] = encode_branch(INSN_beq, T0, 0, 4 * ((int32_t)length - (int32_t)out));
}

#define CASE_INSNS 8u

/* Leads to `next` by one of three ways back to the switch. */
static void put_state(unsigned next, unsigned first)
{
    put(encode_i(INSN_addi, A4, 0, (int32_t)next));
    put(next ? encode_i(INSN_addi, A0, A0, (int32_t)next + 5) : encode_r(INSN_xor, S2, S2, S4));
    put(encode_i(INSN_andi, T4, A0, 1));
    branch_to(INSN_bne, T4, 0, first);
    put(encode_i(INSN_andi, T4, A0, 2));
    put(encode_i(INSN_addi, A4, 0, (int32_t)next));
    branch_to(INSN_beq, T4, 0, first);
    put(encode_jal(0, 4 * ((int32_t)first - (int32_t)length)));
}

/*
 * A machine of four states, which makes 13 steps. Each has one successor; but there are two sets of
 * them, and s2, which says where they are, changes from one to the other.
 */
static void put_states(void)
{
    unsigned base = length, first, out;

    put(encode_u(INSN_auipc, S2, 0));
    put(encode_i(INSN_addi, S2, S2, 4 * 13));
    put(encode_i(INSN_addi, S4, S2, 4 * CASES * CASE_INSNS));
    put(encode_r(INSN_xor, S4, S4, S2));
    put(encode_i(INSN_addi, A4, 0, 0));
    put(encode_i(INSN_addi, T0, 0, 14));
    first = length;
    put(encode_i(INSN_addi, T0, T0, -1));
    out = length++;
    put(encode_i(INSN_lw, T4, A5, 0));
    put(encode_r(INSN_add, A0, A0, T4));
    put(encode_i(INSN_slli, T3, A4, 5));
    put(encode_r(INSN_add, T3, T3, S2));
    put(encode_i(INSN_jalr, 0, T3, 0));
    ck_assert_uint_eq(length, base + 13);
    for (unsigned i = 0; i < 2 * CASES; i++)
        put_state((i + 1) % CASES, first);
    code[out] = encode_branch(INSN_beq, T0, 0, 4 * ((int32_t)length - (int32_t)out));
}

/* a1 turns. The last instructions of each come before the first ones. */
static void put_code(const struct shape *shape)
{
    unsigned end;

    length = 0;
    put(encode_i(INSN_addi, A1, A1, -1));
    end = length++;
    put_tight_loop(shape->before);
    if (shape->then == THEN_LONG)
        put_long_loop();
    else if (shape->then == THEN_STATES)
        put_states();
    else if (shape->then != THEN_NOTHING)
        put_switch(shape->then == THEN_ODD_SWITCH);
    put(encode_i(INSN_andi, A2, A2, -64)); /* from the tops of pages on ... */
    put(encode_i(INSN_andi, A5, A5, -64));
    put(encode_jal(0, -4 * (int32_t)length));
    code[end] = encode_branch(INSN_beq, A1, 0, 4 * ((int32_t)length - (int32_t)end));
    put(ECALL);
    head = CODE + 4 * (end + 1);
}

/* ---- Two machines ---- */

static void set_up_machine(struct machine *machine, uint8_t *ram, struct engine *engine)
{
    struct space space = space_new(ram, 0x1000);
    struct engine_space where;

    machine->ram = ram;
    machine->engine = engine;
    space_map(&space, CODE, CODE, PTE_USER | PTE_RWX);
    space_map(&space, AT, DATA, PTE_USER | PTE_RWX);
    where = (struct engine_space){.deprivileged = true, .root = space_satp(&space)};
    engine_set_space(engine, &where);
    for (unsigned i = 0; i < length; i++)
        store_le32(ram + CODE + 4 * i, code[i]);
    for (unsigned i = 0; i < PAGE_SIZE; i += 4)
        store_le32(ram + DATA + i, i * 0x9e3779b1u);
}

static void note_block(void *owner, const struct jit_block *block)
{
    (void)owner;
    switches += block->va == switch_at;
}

static void set_up(const struct shape *shape)
{
    const struct jit_options options = {.translated = note_block};
    uint8_t *ram = ram_new(RAM), *shared = ram_new_shared(RAM);

    put_code(shape);
    spec_init(&spec, ram, 0, RAM);
    ck_assert_int_eq(jit_create(shared, 0, RAM, &options, &jit), JIT_OK);
    set_up_machine(&truth, ram, &spec.engine);
    set_up_machine(&mine, shared, jit_engine(jit));
}

static void tear_down(void)
{
    jit_destroy(jit);
    ram_free(truth.ram, RAM);
    ram_free(mine.ram, RAM);
}

static struct engine_exit run(struct machine *machine, uint32_t turns, uint32_t data,
                              uint64_t budget)
{
    struct engine_exit exit;

    hart_reset(&machine->hart, head);
    for (unsigned reg = 1; reg < 32; reg++)
        machine->hart.x[reg] = reg * 0x01010101u;
    machine->hart.x[A1] = turns;
    machine->hart.x[SP] = AT + PAGE_SIZE / 2;
    machine->hart.x[A2] = data;
    machine->hart.x[A5] = data;
    engine_run(machine->engine, &machine->hart, budget, &exit);
    return exit;
}

/* Once the code has been found to run for long, and its loops are known. */
static void warm_up(void)
{
    struct engine_exit exit = run(&mine, TURNS, AT, UINT32_MAX);

    ck_assert_int_eq(exit.stop, ENGINE_TRAP);
    ck_assert_uint_ge(jit_stats(jit)->windowed, 1);
    memcpy(mine.ram + DATA, truth.ram + DATA, PAGE_SIZE);
}

static void agree(uint32_t turns, uint32_t data, uint64_t budget)
{
    struct engine_exit wanted = run(&truth, turns, data, budget);
    struct engine_exit exit = run(&mine, turns, data, budget);

    ck_assert_int_eq(exit.stop, wanted.stop);
    ck_assert_uint_eq(exit.trap.cause, wanted.trap.cause);
    ck_assert_uint_eq(exit.trap.tval, wanted.trap.tval);
    ck_assert(hart_equal(&mine.hart, &truth.hart));
    ck_assert(!memcmp(mine.ram + DATA, truth.ram + DATA, PAGE_SIZE));
}

static void any_budget(const struct shape *shape)
{
    set_up(shape);
    warm_up();
    for (uint64_t budget = 1; budget < STEPS; budget++)
        agree(4, AT, budget);
    tear_down();
}

START_TEST(test_any_budget)
{
    for (unsigned i = 0; i < SHAPES; i++)
        any_budget(&shapes[i]);
}
END_TEST

/* The end of the page is met in the one loop or in the other, by loads and by stores. */
static void any_fault(const struct shape *shape)
{
    set_up(shape);
    warm_up();
    for (uint32_t left = 4; left <= 64; left += 4)
        agree(40, AT + PAGE_SIZE - left, UINT32_MAX);
    tear_down();
}

START_TEST(test_any_fault)
{
    for (unsigned i = 0; i < SHAPES; i++)
        any_fault(&shapes[i]);
}
END_TEST

START_TEST(test_copied_switch)
{
    switches = 0;
    set_up(&shapes[SHAPES - 1]);
    warm_up();
    ck_assert_uint_ge(switches, CASES);
    tear_down();
}
END_TEST

/* There are more ways back to the switch than states. */
START_TEST(test_guesses)
{
    set_up(&shapes[SHAPES - 2]);
    warm_up();
    ck_assert_uint_gt(jit_stats(jit)->guesses, CASES);
    tear_down();
}
END_TEST

/* An interpreter's next operation depends on the program: each guess would be wrong. */
START_TEST(test_no_guesses)
{
    set_up(&shapes[SHAPES - 1]);
    warm_up();
    ck_assert_uint_eq(jit_stats(jit)->guesses, 0);
    tear_down();
}
END_TEST

SUITE_MAIN("jit_loops", test_any_budget, test_any_fault, test_copied_switch, test_guesses,
           test_no_guesses)

#else

int main(void)
{
    return 77;
}

#endif
