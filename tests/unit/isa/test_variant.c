/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_variant.c - broken instruction sets: the table is consistent, every change is to an encoding
 * that PZ32 refuses, and engines run it as the specification does, with exact counts, on the real
 * CPU's state while deprivileged and on the hart's own otherwise.
 */
#include "isa/csr.h"
#include "isa/decode.h"
#include "isa/variant.h"
#include "tests/support/encode.h"
#include "tests/support/loops.h"
#include "tests/support/machine.h"
#include "tests/support/random.h"
#include "tests/support/rig.h"

enum { RD = 5, RS1 = 10, RA = 1 };

static const uint64_t exits = 3;

static uint32_t device(void *owner)
{
    (void)owner;
    return 0xdeb1ce;
}

static struct variant_cpu cpu_with(uint32_t set)
{
    return (struct variant_cpu){
        .set = set,
        .device = device,
        .real_sstatus = 0x22,
        .real_stvec = 0xfffff000,
        .real_device = 0x60,
        .exits = &exits,
        .exit_insns = 1000,
    };
}

/* The change's encoding with the operands RD and RS1, where it has them. */
static uint32_t encoding(const struct variant_change *change)
{
    return change->match | ((RD << 7 | RS1 << 15) & ~change->mask);
}

static uint32_t bit_of(const struct variant_change *change)
{
    return 1u << change->variant;
}

START_TEST(every_variant_changes_something)
{
    const struct variant_change *change;
    uint32_t seen = 0;

    for (unsigned i = 0; (change = variant_change_at(i)); i++) {
        ck_assert_msg(!(change->match & ~change->mask), "%s", change->function);
        ck_assert_ptr_eq(variant_find(bit_of(change), change->match)->exec, change->exec);
        seen |= bit_of(change);
    }
    ck_assert_uint_eq(seen, VARIANT_ALL);
    ck_assert_ptr_null(variant_find(0, 0x10200073));
    ck_assert_ptr_null(variant_find(VARIANT_ALL, 0x13));
}
END_TEST

/* With any operands: in user mode, and what is not an instruction at all in supervisor mode too. */
START_TEST(only_what_traps_is_changed)
{
    const struct variant_change *change;
    struct rng rng = rng_new(1);
    struct rig rig;

    rig_init(&rig);
    for (unsigned i = 0; (change = variant_change_at(i)); i++)
        for (unsigned n = 0; n < 200; n++) {
            uint32_t bits = change->match | (rng_next(&rng) & ~change->mask);
            struct insn insn = decode_insn(bits);

            rig.hart.mode = HART_USER;
            ck_assert_msg(!exec_insn(&rig.env, &insn), "%s %08x", change->function, bits);
            ck_assert_uint_eq(rig.env.trap.cause, CAUSE_ILLEGAL_INSN);
            ck_assert_uint_eq(rig.env.trap.tval, bits);
        }
}
END_TEST

/* The encoding behind two instructions, and some after it; ra is one of these. */
static void load(struct machine *machine, const struct variant_change *change)
{
    MACHINE_CODE(machine, CODE_PA, CODE_NOP, CODE_C_NOP, encoding(change),
                 encode_i(INSN_addi, 6, 6, 1), encode_i(INSN_addi, 7, 7, 1), CODE_C_NOP,
                 CODE_ECALL);
    machine->hart.x[RA] = CODE_VA + 14;
    machine->hart.x[RS1] = DATA_VA + 8;
}

static void run_both(const struct engine_maker *maker, const struct variant_change *change,
                     uint64_t budget)
{
    const struct engine_maker *makers[] = {&engine_makers[0], maker};
    struct variant_cpu cpu = cpu_with(bit_of(change));
    struct machine machines[2];

    for (unsigned k = 0; k < 2; k++) {
        machine_init(&machines[k], makers[k]);
        machines[k].engine->variant = &cpu;
        load(&machines[k], change);
        machine_run(&machines[k], budget);
        machine_run(&machines[k], 1);
    }
    ck_assert_msg(hart_equal(&machines[0].hart, &machines[1].hart), "%s, %s, budget %u",
                  maker->name, change->function, (unsigned)budget);
    ck_assert_int_eq(machines[0].exit.stop, machines[1].exit.stop);
    for (unsigned k = 0; k < 2; k++)
        machine_fini(&machines[k]);
}

START_TEST(engines_run_a_change_as_the_specification_does)
{
    const struct engine_maker *maker = &engine_makers[_i];
    const struct variant_change *change;

    for (unsigned i = 0; (change = variant_change_at(i)); i++)
        for (uint64_t budget = 1; budget <= 8; budget++)
            run_both(maker, change, budget);
}
END_TEST

/* An instruction of the mix: a change with any operands, or something ordinary beside it. */
static uint32_t any_insn(struct rng *rng)
{
    unsigned rd = 12 + rng_below(rng, 4);
    const struct variant_change *change = variant_change_at(rng_below(rng, 20));

    if (change)
        return change->match | ((rd << 7 | RS1 << 15) & ~change->mask);
    switch (rng_below(rng, 4)) {
    case 0: return encode_store(INSN_sw, rd, RS1, 0);
    case 1: return encode_i(INSN_lw, rd, RS1, 0);
    case 2: return CODE_ECALL;
    default: return encode_i(INSN_addi, rd, rd, 1);
    }
}

enum { MIX = 60 };

static void load_mix(struct machine *machine, uint64_t seed)
{
    struct rng rng = rng_new(seed);
    uint32_t code[MIX + 1] = {0};

    for (unsigned i = 0; i < MIX; i++)
        code[i] = any_insn(&rng);
    machine_code(machine, CODE_PA, code);
    machine->hart.x[RS1] = DATA_VA + 8;
    machine->hart.x[RA] = CODE_VA + 4 * rng_below(&rng, MIX);
}

/* A piece of a run; traps are stepped over, and the end of the code leads back to its start. */
static void run_piece(struct machine *machine, uint64_t budget)
{
    machine_run(machine, budget);
    if (machine->exit.stop == ENGINE_TRAP)
        machine->hart.pc += 4;
    if (machine->hart.pc >= CODE_VA + 4 * MIX)
        machine->hart.pc = CODE_VA;
}

START_TEST(engines_agree_on_mixes)
{
    struct rng rng = rng_new(rng_seed(7) + (uint64_t)_i);
    struct variant_cpu cpu = cpu_with(0);
    struct machine spec, other;

    machine_init(&spec, &engine_makers[0]);
    machine_init(&other, &engine_makers[_i]);
    spec.engine->variant = other.engine->variant = &cpu;
    for (unsigned round = 0; round < 40; round++) {
        uint64_t seed = rng_next(&rng);

        cpu.set = rng_next(&rng) & VARIANT_ALL;
        load_mix(&spec, seed);
        load_mix(&other, seed);
        for (unsigned n = 0; n < 60; n++) {
            uint64_t budget = rng_below(&rng, 12);

            run_piece(&spec, budget);
            run_piece(&other, budget);
            ck_assert_msg(hart_equal(&spec.hart, &other.hart) &&
                              spec.exit.stop == other.exit.stop,
                          "%s, seed %u, piece %u", other.maker->name, (unsigned)seed, n);
        }
    }
    machine_fini(&spec);
    machine_fini(&other);
}
END_TEST

/* rd, deprivileged, after the change's encoding. */
static uint32_t deprivileged(const struct engine_maker *maker,
                             const struct variant_change *change, uint32_t set)
{
    struct variant_cpu cpu = cpu_with(set);
    struct machine machine;
    uint32_t value;

    machine_init(&machine, maker);
    machine.engine->variant = &cpu;
    load(&machine, change);
    machine.hart.sstatus = SSTATUS_SUM;
    machine.hart.stvec = 0x1234;
    machine.hart.satp = 0x5678;
    machine_run(&machine, 3);
    ck_assert_int_eq(machine.exit.stop, ENGINE_BUDGET);
    ck_assert_uint_eq(machine.hart.retired, 3);
    value = machine.hart.x[RD];
    machine_fini(&machine);
    return value;
}

static const struct variant_change *change_of(enum variant_id id, unsigned n)
{
    const struct variant_change *change;

    for (unsigned i = 0; (change = variant_change_at(i)); i++)
        if (change->variant == id && n-- == 0)
            return change;
    return NULL;
}

static uint32_t found(const struct engine_maker *maker, enum variant_id id, unsigned n)
{
    return deprivileged(maker, change_of(id, n), 1u << id);
}

START_TEST(deprivileged_it_is_the_real_cpu_that_is_seen)
{
    const struct engine_maker *maker = &engine_makers[_i];

    ck_assert_uint_eq(found(maker, VARIANT_move_sr, 0), 0x22);
    ck_assert_uint_eq(found(maker, VARIANT_smsw, 0), 0x22);
    ck_assert_uint_eq(found(maker, VARIANT_smsw, 1), 0xfffff000);
    ck_assert_uint_eq(found(maker, VARIANT_smsw, 2), 0x80000001); /* the tables at 0x1000 */
    ck_assert_uint_eq(found(maker, VARIANT_counters, 0), 3002);
    ck_assert_uint_eq(found(maker, VARIANT_counters, 3), 0);
    ck_assert_uint_eq(found(maker, VARIANT_lra, 0), DATA_PA + 8);
    ck_assert_uint_eq(found(maker, VARIANT_io_probe, 0), 0x60);
}
END_TEST

static uint32_t native(struct rig *rig, enum variant_id id, unsigned n)
{
    struct variant_cpu cpu = cpu_with(1u << id);
    struct insn insn = decode_insn(encoding(change_of(id, n)));

    rig->env.variant = &cpu;
    ck_assert(exec_insn(&rig->env, &insn));
    rig->env.variant = NULL;
    return rig->hart.x[RD];
}

START_TEST(natively_it_is_the_hart_that_is_seen)
{
    struct rig rig;

    rig_init(&rig);
    rig.hart.mode = HART_USER;
    rig.hart.sstatus = SSTATUS_SUM;
    rig.hart.stvec = 0x1234;
    rig.hart.satp = 0x5678;
    rig.hart.retired = 0x300000007;
    ck_assert_uint_eq(native(&rig, VARIANT_move_sr, 0), SSTATUS_SUM);
    ck_assert_uint_eq(native(&rig, VARIANT_smsw, 1), 0x1234);
    ck_assert_uint_eq(native(&rig, VARIANT_smsw, 2), 0x5678);
    ck_assert_uint_eq(native(&rig, VARIANT_counters, 1), 10); /* three have retired since */
    ck_assert_uint_eq(native(&rig, VARIANT_counters, 2), 3);
    ck_assert_uint_eq(native(&rig, VARIANT_io_probe, 0), 0xdeb1ce);
    rig.hart.x[RS1] = 0x44;
    ck_assert_uint_eq(native(&rig, VARIANT_lra, 0), 0x44); /* translation is off */
}
END_TEST

/* Mode and interrupts stay as they are where PZ32's supervisor would have changed them. */
START_TEST(ignored_is_ignored)
{
    struct hart before;
    struct rig rig;

    rig_init(&rig);
    rig.hart.mode = HART_USER;
    rig.hart.sstatus = SSTATUS_SPIE;
    rig.hart.sepc = 0x100;
    rig.hart.x[RA] = 0x201;
    for (enum variant_id id = VARIANT_popf; id <= VARIANT_cps; id += VARIANT_cps - VARIANT_popf)
        for (unsigned n = 0; n < 2; n++) {
            before = rig.hart;
            (void)native(&rig, id, n);
            before.pc += 4;
            before.retired++;
            ck_assert(hart_equal(&before, &rig.hart));
        }
    (void)native(&rig, VARIANT_jrst, 0);
    ck_assert_uint_eq(rig.hart.pc, 0x200);
    ck_assert_uint_eq(rig.hart.mode, HART_USER);
    ck_assert_uint_eq(rig.hart.sstatus, SSTATUS_SPIE);
}
END_TEST

/* An address that a load could not use is refused as that load would be. */
START_TEST(lra_traps_as_a_load_does)
{
    const struct engine_maker *maker = &engine_makers[_i];
    struct variant_cpu cpu = cpu_with(VARIANT_BIT(lra));
    struct machine machine;

    machine_init(&machine, maker);
    machine.engine->variant = &cpu;
    load(&machine, change_of(VARIANT_lra, 0));
    machine.hart.x[RS1] = HOLE_VA;
    machine_run(&machine, 10);
    ck_assert_int_eq(machine.exit.stop, ENGINE_TRAP);
    ck_assert_uint_eq(machine.exit.trap.cause, CAUSE_LOAD_PAGE_FAULT);
    ck_assert_uint_eq(machine.exit.trap.tval, HOLE_VA);
    ck_assert_uint_eq(machine.hart.retired, 2);
    machine_fini(&machine);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {every_variant_changes_something, 1},
        {only_what_traps_is_changed, 1},
        {engines_run_a_change_as_the_specification_does, engine_maker_count},
        {engines_agree_on_mixes, engine_maker_count},
        {deprivileged_it_is_the_real_cpu_that_is_seen, engine_maker_count},
        {natively_it_is_the_hart_that_is_seen, 1},
        {ignored_is_ignored, 1},
        {lra_traps_as_a_load_does, engine_maker_count},
    };

    return LOOPS_RUN("variant", loops);
}
