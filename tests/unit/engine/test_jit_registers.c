/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_jit_registers.c - loops for which the jit reassigns host registers: by whatever exit the
 * batch is left, the hart must be as `spec` leaves it.
 */
#include "tests/support/suite.h"

#if PZ_HAVE_JIT
#include "isa/engine/jit/jit.h"
#include "isa/engine/spec.h"
#include "tests/support/encode.h"
#include "tests/support/engines.h"

#define RAM (64u << 10)
#define CODE 0x1000u
#define HEAD (CODE + 0x100)
#define LONG (CODE + 0x200)
#define SIDE (CODE + 0x400)
#define PATH 127u /* one less than a batch has: what comes next is its last block */
#define ECALL 0x73u

enum { T0 = 5, A0 = 10, A3 = 13, A4 = 14 };

static uint8_t *ram;
static uint32_t at;

static void put(uint32_t insn)
{
    store_le32(ram + at, insn);
    at += 4;
}

/* Every fourth time round it goes by the side, which alone writes t0. */
static void put_loop(void)
{
    at = HEAD;
    for (unsigned i = 0; i < 4; i++)
        put(encode_r(INSN_add, A0, A0, T0));
    put(encode_i(INSN_addi, A3, A3, -1));
    put(encode_i(INSN_andi, A4, A3, 3));
    put(encode_i(INSN_addi, A4, A4, -2));
    put(encode_branch(INSN_beq, A4, 0, (int32_t)(SIDE - at)));
    put(encode_branch(INSN_bne, A3, 0, (int32_t)(HEAD - at)));
    put(ECALL);
}

/* The side belongs to another batch, which is full before it comes to the loop. */
static void put_way_in(void)
{
    at = LONG;
    for (unsigned i = 1; i < PATH; i++)
        put(encode_i(INSN_addi, A0, A0, 1));
    put(encode_jal(0, (int32_t)(SIDE - at)));
    at = SIDE;
    put(encode_i(INSN_addi, T0, T0, 1));
    put(encode_jal(0, (int32_t)(HEAD - at)));
}

static struct hart run(struct engine *engine)
{
    struct engine_exit exit;
    struct hart hart;

    hart_reset(&hart, LONG);
    hart.x[A3] = 40;
    engine_run(engine, &hart, 100000, &exit);
    ck_assert_int_eq(exit.stop, ENGINE_TRAP);
    return hart;
}

START_TEST(test_side_of_another_batch_writes)
{
    struct spec spec;
    struct hart truth, hart;
    struct jit *jit;

    ram = ram_new(RAM);
    spec_init(&spec, ram, 0, RAM);
    ck_assert_int_eq(jit_create(ram, 0, RAM, NULL, &jit), JIT_OK);
    put_loop();
    put_way_in();
    truth = run(&spec.engine);
    hart = run(jit_engine(jit));
    ck_assert_uint_eq(hart.x[T0], truth.x[T0]);
    ck_assert(hart_equal(&hart, &truth));
    jit_destroy(jit);
    ram_free(ram, RAM);
}
END_TEST

SUITE_MAIN("jit_registers", test_side_of_another_batch_writes)

#else

int main(void)
{
    return 77;
}

#endif
