/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_bare.c - the bare machine's loop: limits, stops at traps, devices that the engine does
 * not see, waiting; on every engine that can run a hart natively.
 */
#include "isa/csr.h"
#include "tests/support/boards.h"
#include "tests/support/encode.h"
#include "tests/support/engines.h"
#include "tests/support/loops.h"
#include "vmm/board/bare.h"

#define SIZE (1u << 20)
#define NOP 0x00000013u
#define ECALL 0x00000073u
#define EBREAK 0x00100073u
#define WFI 0x10500073u
#define LOOP 0x0000006fu /* j . */

static struct boards host;
static struct bare bare;
static struct engine *engine;
static uint8_t *ram;

/* False: this engine has no supervisor mode of its own. */
static bool begin(int index, const uint32_t *code)
{
    const struct board_host calls = {.console_out = boards_out,
                                     .console_in = boards_in,
                                     .observe = boards_observe,
                                     .owner = &host};

    boards_init(&host, "typed");
    ram = ram_new(SIZE);
    engine = engine_makers[index].create(ram, SIZE);
    ck_assert_ptr_nonnull(engine);
    bare_init(&bare, engine, &calls);
    for (uint32_t at = 0; *code; at += 4, code++)
        store_le32(ram + at, *code);
    bare_boot(&bare, 0, 0x1234);
    return engine->ops->abilities & ENGINE_NATIVE;
}

static void end(int index)
{
    engine_makers[index].destroy(engine);
    ram_free(ram, SIZE);
}

#define CODE(...)                                                                              \
    (const uint32_t[])                                                                         \
    {                                                                                          \
        __VA_ARGS__, 0                                                                         \
    }

START_TEST(a_limit_is_exact)
{
    if (begin(_i, CODE(NOP, NOP, LOOP))) {
        ck_assert_uint_eq(bare.hart.x[11], 0x1234);
        for (uint64_t limit = 1; limit < 2000; limit = limit * 3 + 1) {
            ck_assert_uint_eq(bare_run(&bare, limit), BOARD_ON);
            ck_assert_uint_eq(bare.hart.retired, limit);
            ck_assert_uint_eq(bare.hart.pc, limit < 2 ? 4 : 8);
        }
        ck_assert_uint_eq(bare_run(&bare, 5), BOARD_ON); /* passed already */
        ck_assert_uint_eq(host.traps, 0);
    }
    end(_i);
}
END_TEST

START_TEST(it_stops_after_each_trap)
{
    if (begin(_i, CODE(NOP, EBREAK, ECALL, EBREAK))) {
        bare.hart.stvec = 8;
        bare.hart.x[17] = 0x10;
        (void)bare_run_to_trap(&bare, 1000);
        ck_assert_uint_eq(host.traps, 1);
        ck_assert_uint_eq(host.last.cause, CAUSE_BREAKPOINT);
        ck_assert_uint_eq(bare.hart.pc, 8);
        ck_assert_uint_eq(bare.hart.sepc, 4);
        (void)bare_run_to_trap(&bare, 1000);
        ck_assert_uint_eq(host.traps, 2);
        ck_assert_uint_eq(bare.hart.pc, 12);
        ck_assert_uint_eq(bare.hart.retired, 1);
    }
    end(_i);
}
END_TEST

/* A device access retires as one instruction; where there is none it is an access fault. */
START_TEST(devices_answer)
{
    if (begin(_i, CODE(encode_u(INSN_lui, 5, BOARD_UART_BASE), encode_i(INSN_addi, 6, 0, 'y'),
                       encode_store(INSN_sb, 6, 5, 0), encode_i(INSN_lbu, 7, 5, 0),
                       encode_i(INSN_lbu, 7, 5, 0), encode_i(INSN_lw, 7, 5, 8), LOOP))) {
        bare.hart.stvec = 24;
        (void)bare_run_to_trap(&bare, 100);
        ck_assert_uint_eq(bare.hart.retired, 5);
        ck_assert_uint_eq(bare.hart.x[7], 'y');
        ck_assert_uint_eq(host.out_len, 1);
        ck_assert_uint_eq(host.out[0], 'y');
        ck_assert_uint_eq(host.last.cause, CAUSE_LOAD_ACCESS);
        ck_assert_uint_eq(host.last.tval, BOARD_UART_BASE + 8);
        ck_assert_uint_eq(bare.hart.pc, 24);
    }
    end(_i);
}
END_TEST

START_TEST(wfi_moves_the_time)
{
    if (begin(_i, CODE(WFI, NOP, LOOP))) {
        bare.board.deadline = 1000;
        bare.hart.sie = IRQ_BIT(IRQ_STIMER);
        ck_assert_uint_eq(bare_run(&bare, 1), BOARD_ON);
        ck_assert_uint_eq(bare.hart.retired, 1);
        ck_assert_uint_eq(bare.hart.skipped, 999);
        bare.hart.sstatus = SSTATUS_SIE;
        bare.hart.stvec = 8;
        (void)bare_run_to_trap(&bare, 100);
        ck_assert_uint_eq(bare.hart.sepc, 4);
        ck_assert_uint_eq(bare.hart.scause, CAUSE_INTERRUPT | IRQ_STIMER);
    }
    end(_i);
}
END_TEST

START_TEST(nothing_to_wait_for_ends_it)
{
    if (begin(_i, CODE(NOP, WFI, LOOP))) {
        ck_assert_uint_eq(bare_run(&bare, 1000), BOARD_IDLE);
        ck_assert_uint_eq(bare.hart.retired, 2);
        ck_assert_uint_eq(bare_run(&bare, 1000), BOARD_IDLE);
        ck_assert_uint_eq(bare.hart.retired, 2);
    }
    end(_i);
}
END_TEST

/* What firmware writes into code is run as it is now. */
START_TEST(firmware_writes_are_seen)
{
    const uint32_t li = encode_i(INSN_addi, 5, 0, 7);

    if (begin(_i, CODE(NOP, LOOP))) {
        (void)bare_run(&bare, 10);
        ck_assert(phys_write(&bare.phys, 0, &li, 4));
        bare.hart.pc = 0;
        (void)bare_run(&bare, 20);
        ck_assert_uint_eq(bare.hart.x[5], 7);
    }
    end(_i);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {a_limit_is_exact, engine_maker_count},
        {it_stops_after_each_trap, engine_maker_count},
        {devices_answer, engine_maker_count},
        {wfi_moves_the_time, engine_maker_count},
        {nothing_to_wait_for_ends_it, engine_maker_count},
        {firmware_writes_are_seen, engine_maker_count},
    };

    return LOOPS_RUN("bare", loops);
}
