/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_unicorn.c - what is specific to the engine `unicorn`: creation, destruction, and its
 * workarounds for the library. What all engines share is tested in test_engine*.c.
 */
#include "tests/support/suite.h"

#if PZ_HAVE_UNICORN
#include "isa/engine/unicorn.h"
#include "tests/support/encode.h"
#include "tests/support/machine.h"

static const struct engine_maker *maker(void)
{
    for (unsigned i = 0; i < engine_maker_count; i++)
        if (strcmp(engine_makers[i].name, "unicorn") == 0)
            return &engine_makers[i];
    return NULL;
}

static struct unicorn *unicorn_of(struct machine *machine)
{
    return (struct unicorn *)machine->engine;
}

START_TEST(test_bad_ram)
{
    struct unicorn *unicorn;
    uint8_t *ram = ram_new(2 * PAGE_SIZE);

    ck_assert_int_eq(unicorn_create(ram, 0, &unicorn), UNICORN_BAD_RAM);
    ck_assert_int_eq(unicorn_create(ram, 100, &unicorn), UNICORN_BAD_RAM);
    ck_assert_int_eq(unicorn_create(ram + 1, PAGE_SIZE, &unicorn), UNICORN_BAD_RAM);
    ck_assert_int_eq(unicorn_create(ram, 1ull << 32, &unicorn), UNICORN_BAD_RAM);
    ck_assert_ptr_null(unicorn);
    ck_assert_ptr_nonnull(unicorn_error_text(UNICORN_BAD_RAM));
    unicorn_destroy(NULL);
    ram_free(ram, 2 * PAGE_SIZE);
}
END_TEST

/* As much RAM as there can be, and a page. */
START_TEST(test_extreme_ram)
{
    const uint64_t sizes[] = {PAGE_SIZE, UNICORN_RAM_LIMIT};

    for (unsigned i = 0; i < 2; i++) {
        struct unicorn *unicorn;
        uint8_t *ram = ram_new(sizes[i]);

        ck_assert_int_eq(unicorn_create(ram, sizes[i], &unicorn), UNICORN_OK);
        ck_assert_uint_ge(unicorn_version(unicorn)[0], '2');
        unicorn_destroy(unicorn);
        ram_free(ram, sizes[i]);
    }
}
END_TEST

START_TEST(test_many_engines)
{
    for (unsigned i = 0; i < 40; i++) {
        struct machine machine;

        machine_init(&machine, maker());
        MACHINE_CODE(&machine, CODE_PA, CODE_NOP, CODE_ECALL);
        machine_run(&machine, 10);
        ck_assert_uint_eq(machine.hart.retired, 1);
        machine_fini(&machine);
    }
}
END_TEST

/* What can run on the CPU does, and what had to be interpreted is told. */
START_TEST(test_interpreted)
{
    struct machine machine;

    machine_init(&machine, maker());
    MACHINE_CODE(&machine, CODE_PA, CODE_NOP, encode_r(INSN_amoadd_w, 5, 10, 6),
                 encode_jal(0, -8));
    machine.hart.x[10] = DATA_VA;
    machine_run(&machine, 3000);
    ck_assert_uint_eq(machine.engine->interpreted, 0);
    machine_run(&machine, 2);
    ck_assert_uint_eq(machine.engine->interpreted, 2);
    MACHINE_CODE(&machine, CODE_PA, encode_r(INSN_lr_w, 5, 10, 0), encode_jal(0, 4), CODE_NOP,
                 encode_jal(0, -4));
    machine.hart.pc = CODE_VA;
    machine_run(&machine, 1002);
    ck_assert_uint_eq(machine.engine->interpreted, 4);
    ck_assert_uint_eq(unicorn_failures(unicorn_of(&machine)), 0);
    machine_fini(&machine);
}
END_TEST

/* Long blocks run on the CPU too: it is not mistaken for one that ends for no good reason. */
START_TEST(test_long_blocks)
{
    const uint32_t insns[] = {encode_i(INSN_addi, 5, 5, 1), encode_i(INSN_lw, 6, 10, 0),
                              encode_store(INSN_sw, 6, 10, 4),
                              encode_r(INSN_amomaxu_w, 6, 10, 7), 0x0405 /* c.addi x8, 1 */};
    struct machine machine;

    machine_init(&machine, maker());
    for (unsigned i = 0; i < sizeof insns / sizeof insns[0]; i++) {
        uint32_t len = insn_is_wide(insns[i]) ? 4 : 2, at;

        for (at = 0; at < 1000 * len; at += len)
            MACHINE_CODE(&machine, CODE_PA + at, insns[i]);
        MACHINE_CODE(&machine, CODE_PA + at, CODE_ECALL);
        machine.hart.pc = CODE_VA;
        machine.hart.x[10] = DATA_VA;
        machine_run(&machine, 2000);
        ck_assert_uint_eq(machine.exit.trap.cause, CAUSE_ECALL_USER);
    }
    ck_assert_uint_eq(machine.engine->interpreted, 0);
    ck_assert_uint_eq(machine.hart.retired, 5000);
    machine_fini(&machine);
}
END_TEST

/* The library's buffer must not fill up: the CPU is renewed in time, and nobody can tell. */
START_TEST(test_renewal)
{
    struct machine machine;
    unsigned turns;

    machine_init(&machine, maker());
    MACHINE_CODE(&machine, CODE_PA + 2000, encode_store(INSN_sw, 5, 10, 0), CODE_ECALL);
    for (unsigned i = 0; i < 500; i++)
        MACHINE_CODE(&machine, CODE_PA + 4 * i, encode_branch(INSN_bne, 5, 0, 4));
    for (turns = 0; unicorn_renewals(unicorn_of(&machine)) < 3; turns++) {
        ck_assert_uint_lt(turns, 10000);
        engine_code_changed(machine.engine, CODE_PA, PAGE_SIZE);
        machine.hart.pc = CODE_VA;
        machine.hart.x[5] = turns;
        machine.hart.x[10] = DATA_VA;
        machine_run(&machine, 1000);
        ck_assert_uint_eq(machine.exit.trap.cause, CAUSE_ECALL_USER);
        ck_assert_uint_eq(machine_peek(&machine, DATA_PA), turns);
    }
    ck_assert_uint_eq(machine.hart.retired, 501 * turns);
    machine_fini(&machine);
}
END_TEST

SUITE_MAIN("unicorn", test_bad_ram, test_extreme_ram, test_many_engines, test_interpreted,
           test_long_blocks, test_renewal)
#else
int main(void)
{
    return 77; /* skipped: this build is without the library */
}
#endif
