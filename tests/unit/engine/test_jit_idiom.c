/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_jit_idiom.c - rotations, addresses of elements and extensions, which the jit translates to
 * one host instruction, and branches over one instruction, which become conditional moves: with
 * every combination of equal registers, before every kind of code that may still see the halves,
 * and with every budget, the hart must be as `spec` leaves it.
 */
#include "tests/support/suite.h"

#if PZ_HAVE_JIT
#include "isa/engine/jit/jit.h"
#include "isa/engine/spec.h"
#include "isa/mem.h"
#include "tests/support/encode.h"
#include "tests/support/engines.h"

#define RAM (64u << 10)
#define CODE 0x1000u
#define LENGTH 8u
#define ECALL 0x73u

/* Two that have host registers, two that have none, and zero. */
static const uint8_t registers[] = {10, 11, 28, 29, 0};
#define REGISTERS (sizeof registers)

static uint8_t *ram;
static struct spec spec;
static struct jit *jit;

static void put(unsigned at, uint32_t insn)
{
    store_le32(ram + CODE + 4 * at, insn);
}

/* What follows: halves overwritten, read, looked at by a trap, and by another block. */
enum tail { TAIL_DEAD, TAIL_READ, TAIL_TRAP, TAIL_BRANCH, TAIL_LOAD_DEAD, TAILS };

static void put_tail(enum tail tail, unsigned t, unsigned u)
{
    const uint32_t dead_t = encode_i(INSN_addi, t, 0, 5), dead_u = encode_i(INSN_addi, u, 0, 6);

    put(3, tail == TAIL_TRAP        ? ECALL
           : tail == TAIL_READ      ? encode_r(INSN_xor, 5, t, u)
           : tail == TAIL_BRANCH    ? encode_branch(INSN_beq, t, u, 8)
           : tail == TAIL_LOAD_DEAD ? encode_i(INSN_lw, 6, 7, 0)
                                    : encode_i(INSN_xori, 5, 5, 1));
    put(4, dead_t);
    put(5, dead_u);
    put(6, encode_r(INSN_add, 5, 5, t));
    put(7, ECALL);
}

static void start(struct hart *hart, uint32_t address)
{
    hart_reset(hart, CODE);
    for (unsigned r = 1; r < 32; r++)
        hart->x[r] = 0x9e3779b9u * r;
    hart->x[7] = address;
}

/* Budget by budget, and in one go from a state where x7 points nowhere. */
static void compare(uint32_t address, uint64_t budget)
{
    struct engine_exit exits[2];
    struct hart harts[2];

    start(&harts[0], address);
    start(&harts[1], address);
    engine_run(&spec.engine, &harts[0], budget, &exits[0]);
    engine_run(jit_engine(jit), &harts[1], budget, &exits[1]);
    ck_assert(hart_equal(&harts[0], &harts[1]));
    ck_assert_int_eq(exits[0].stop, exits[1].stop);
    ck_assert_uint_eq(exits[0].trap.cause, exits[1].trap.cause);
}

static void compare_all(void)
{
    engine_code_changed(jit_engine(jit), CODE, 4 * LENGTH);
    for (uint64_t budget = 1; budget <= LENGTH; budget++)
        compare(0, budget);
    compare(0x80000000u, LENGTH);
}

static void check_rotation(enum tail tail, const unsigned reg[4], bool left_first)
{
    unsigned t = reg[0], u = reg[1], d = reg[2], x = reg[3];
    int32_t n = (int32_t)(1 + (t + 3 * u + 5 * d + 7 * x) % 31);

    put(0, encode_i(left_first ? INSN_slli : INSN_srli, t, x, n));
    put(1, encode_i(left_first ? INSN_srli : INSN_slli, u, x, 32 - n));
    put(2, encode_r(INSN_or, d, left_first ? t : u, left_first ? u : t));
    put_tail(tail, t, u);
    compare_all();
}

static void check_element(enum tail tail, const unsigned reg[4], bool scaled_first)
{
    unsigned t = reg[0], y = reg[1], d = reg[2], x = reg[3];
    int32_t n = (int32_t)((t + 3 * y + 5 * d + 7 * x) % 5);

    put(0, encode_i(INSN_slli, t, x, n));
    put(1, encode_r(INSN_add, d, scaled_first ? t : y, scaled_first ? y : t));
    put(2, encode_i(INSN_xori, 5, 5, 3));
    put_tail(tail, t, d);
    compare_all();
}

static void check_extension(enum tail tail, const unsigned reg[4], bool sign)
{
    static const uint8_t widths[] = {16, 24, 5, 1, 31};
    unsigned t = reg[0], d = reg[1], x = reg[2], mix = t + 3 * d + 5 * x + 7 * reg[3];
    int32_t n = widths[mix % sizeof widths],
            m = n + (mix % 3 && n < 30 ? (int32_t)(mix % 2) : 0);

    put(0, encode_i(INSN_slli, t, x, n));
    put(1, encode_i(sign ? INSN_srai : INSN_srli, d, t, m));
    put(2, encode_i(INSN_xori, 5, 5, 3));
    put_tail(tail, t, d);
    compare_all();
}

/* What a branch may skip: all forms that compute, with d, s and t of any registers. */
static uint32_t skippable(unsigned kind, unsigned d, unsigned s, unsigned t)
{
    static const uint8_t by_register[] = {INSN_add, INSN_sub,  INSN_xor, INSN_sll,
                                          INSN_slt, INSN_sltu, INSN_mul, INSN_and};
    static const uint8_t by_number[] = {INSN_addi, INSN_andi, INSN_sltiu, INSN_xori};

    if (kind < sizeof by_register)
        return encode_r((enum insn_id)by_register[kind], d, s, t);
    kind -= (unsigned)sizeof by_register;
    if (kind < sizeof by_number)
        return encode_i((enum insn_id)by_number[kind], d, s, kind == 0 ? 0 : 0x155);
    return kind == sizeof by_number ? d << 7 | 0x12345037u : encode_i(INSN_srai, d, s, 7);
}
#define SKIPPABLE 14u

static void check_skip(enum tail tail, const unsigned reg[4], unsigned kind)
{
    static const uint8_t branches[] = {INSN_beq, INSN_bne,  INSN_blt,
                                       INSN_bge, INSN_bltu, INSN_bgeu};
    unsigned d = reg[0], s = reg[1], t = reg[2], a = reg[3];
    unsigned b = kind % 2 ? 0 : registers[(kind + s) % REGISTERS];

    for (unsigned i = 0; i < sizeof branches; i++) {
        put(0, kind % 3 ? encode_i(INSN_addi, 5, 5, 1) : encode_i(INSN_addi, a, 0, i % 2));
        put(1, encode_branch((enum insn_id)branches[i], a, b, 8));
        put(2, skippable(kind, d, s, t));
        put_tail(tail, d, s);
        compare_all();
    }
}

static void check_registers(enum tail tail, unsigned number)
{
    unsigned reg[4], rest = number;

    for (unsigned i = 0; i < 4; i++, rest /= REGISTERS)
        reg[i] = registers[rest % REGISTERS];
    check_rotation(tail, reg, false);
    check_rotation(tail, reg, true);
    check_element(tail, reg, false);
    check_element(tail, reg, true);
    check_extension(tail, reg, false);
    check_extension(tail, reg, true);
    check_skip(tail, reg, (number + tail) % SKIPPABLE);
}

static void check_all(bool swap_always)
{
    const struct jit_options options = {.swap_always = swap_always};

    ram = ram_new(RAM);
    spec_init(&spec, ram, 0, RAM);
    ck_assert_int_eq(jit_create(ram, 0, RAM, &options, &jit), JIT_OK);
    for (unsigned tail = 0; tail < TAILS; tail++)
        for (unsigned i = 0; i < REGISTERS * REGISTERS * REGISTERS * REGISTERS; i++)
            check_registers((enum tail)tail, i);
    jit_destroy(jit);
    ram_free(ram, RAM);
}

START_TEST(test_idioms)
{
    check_all(false);
}
END_TEST

START_TEST(test_idioms_of_swapped_registers)
{
    check_all(true);
}
END_TEST

SUITE_MAIN("jit_idiom", test_idioms, test_idioms_of_swapped_registers)

#else

int main(void)
{
    return 77;
}

#endif
