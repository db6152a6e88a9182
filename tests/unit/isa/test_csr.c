/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_csr.c - CSR accesses: every CSR x operation x mode against a model written from the
 * manuals, the whole hart compared; and each WARL rule by known values. The model shares no code
 * with csr.c: masks are spelled out from Privileged ISA 4.1.
 */
#include "isa/csr.h"
#include "tests/support/encode.h"
#include "tests/support/rig.h"
#include "tests/support/suite.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What a CSR can hold. `hart` finds the field in a hart; NULL for what is no field. */
struct model {
    uint16_t number;
    uint32_t writable;
    uint32_t *(*field)(struct hart *hart);
    bool decides; /* mapping or interrupts depend on it */
};

#define FIELD(name)                                                                            \
    static uint32_t *name##_of(struct hart *hart)                                              \
    {                                                                                          \
        return &hart->name;                                                                    \
    }
FIELD(sstatus)
FIELD(sie)
FIELD(stvec)
FIELD(sscratch)
FIELD(sepc)
FIELD(scause)
FIELD(stval)
FIELD(sip)
FIELD(satp)
FIELD(scounteren)
FIELD(senvcfg)

static const struct model models[] = {
    {0x100, 0x000c0122, sstatus_of, true},     /* MXR SUM SPP SPIE SIE */
    {0x104, 0x00000222, sie_of, true},         /* SEIE STIE SSIE */
    {0x105, 0xfffffffd, stvec_of, false},      /* BASE, MODE 0 or 1 */
    {0x106, 0x00000007, scounteren_of, false}, /* CY TM IR */
    {0x10a, 0x00000001, senvcfg_of, false},    /* FIOM */
    {0x140, 0xffffffff, sscratch_of, false},
    {0x141, 0xfffffffe, sepc_of, false}, /* IALIGN is 16 */
    {0x142, 0xffffffff, scause_of, false},
    {0x143, 0xffffffff, stval_of, false},
    {0x144, 0x00000002, sip_of, true}, /* SSIP; SEIP and STIP only read */
    {0x180, 0xffffffff, satp_of, true},
    {0xc00, 0x00000000, NULL, false}, /* cycle */
    {0xc01, 0x00000000, NULL, false}, /* time */
    {0xc02, 0x00000000, NULL, false}, /* instret */
    {0xc80, 0x00000000, NULL, false}, /* cycleh */
    {0xc81, 0x00000000, NULL, false}, /* timeh */
    {0xc82, 0x00000000, NULL, false}, /* instreth */
};

/* ---- Every CSR x operation x mode ---- */

static const enum insn_id operations[] = {INSN_csrrw,  INSN_csrrs,  INSN_csrrc,
                                          INSN_csrrwi, INSN_csrrsi, INSN_csrrci};

static const struct model *model_of(uint32_t number)
{
    for (size_t i = 0; i < COUNT(models); i++)
        if (models[i].number == number)
            return &models[i];
    return NULL;
}

static uint32_t model_read(const struct model *model, struct hart *hart)
{
    uint64_t time = hart->retired + hart->skipped;

    if (model->field)
        return *model->field(hart);
    switch (model->number) {
    case 0xc00:
    case 0xc02: return (uint32_t)hart->retired;
    case 0xc80:
    case 0xc82: return (uint32_t)(hart->retired >> 32);
    case 0xc01: return (uint32_t)time;
    case 0xc81: return (uint32_t)(time >> 32);
    default: return 0;
    }
}

static uint32_t combine(enum insn_id id, uint32_t old, uint32_t operand)
{
    switch (id) {
    case INSN_csrrs:
    case INSN_csrrsi: return old | operand;
    case INSN_csrrc:
    case INSN_csrrci: return old & ~operand;
    default: return operand;
    }
}

/* One access: instruction, CSR number, rd, and rs1 or the immediate. */
struct access_case {
    enum insn_id id;
    uint32_t number;
    unsigned rd, source;
};

static bool is_write(const struct access_case *c)
{
    return c->id == INSN_csrrw || c->id == INSN_csrrwi || c->source != 0;
}

/* In user mode, a counter whose bit in scounteren is set. */
static bool is_open(const struct access_case *c, const struct hart *hart)
{
    return c->number >= 0xc00 && (hart->scounteren >> (c->number & 0x7f) & 1);
}

static bool is_allowed(const struct access_case *c, const struct rig *rig)
{
    return model_of(c->number) && !rig->env.deprivileged &&
           (rig->hart.mode == HART_SUPERVISOR || is_open(c, &rig->hart)) &&
           !(is_write(c) && c->number >= 0xc00);
}

/* The hart after the access, by the model. */
static struct hart modelled(const struct access_case *c, const struct rig *rig)
{
    bool immediate = c->id == INSN_csrrwi || c->id == INSN_csrrsi || c->id == INSN_csrrci;
    const struct model *model = model_of(c->number);
    struct hart after = rig_next(rig), before = rig->hart;
    uint32_t old = model_read(model, &before);
    uint32_t operand = immediate ? c->source : before.x[c->source];

    if (is_write(c) && model->field) {
        uint32_t *field = model->field(&after);

        *field = (old & ~model->writable) | (combine(c->id, old, operand) & model->writable);
    }
    if (c->rd)
        after.x[c->rd] = old;
    return after;
}

static void run_access(struct rig *rig, const struct access_case *c)
{
    uint32_t raw = encode_csr(c->id, c->rd, c->number, c->source);
    struct hart expected;

    if (!is_allowed(c, rig)) {
        rig_expect_trap(rig, raw, CAUSE_ILLEGAL_INSN, raw);
        return;
    }
    expected = modelled(c, rig);
    rig_expect_retired(rig, raw, &expected);
    ck_assert_int_eq(rig->env.event,
                     is_write(c) && model_of(c->number)->decides ? EXEC_CSR : EXEC_NOTHING);
}

/* A hart whose every CSR holds bits to lose; x12 is zero, x13 all ones, x14 mixed. */
static void prepare(struct rig *rig, bool full)
{
    rig_init(rig);
    rig->hart.sstatus = full ? 0x000c0122 : 0x00040100;
    rig->hart.sie = full ? 0x222 : 0x020;
    rig->hart.sip = full ? 0x222 : 0x200;
    rig->hart.stvec = full ? 0xfffffffd : 0x80001000;
    rig->hart.sscratch = 0x5a5a1234;
    rig->hart.sepc = full ? 0xfffffffe : 0x80000002;
    rig->hart.scause = 0x80000005;
    rig->hart.stval = 0xdeadbeef;
    rig->hart.satp = full ? 0x8ff12345 : 0x00000001;
    rig->hart.senvcfg = full;
    rig->hart.retired = 0x1fffffff0ull;
    rig->hart.skipped = 0x20;
    rig->hart.reservation = (struct reservation){true, RIG_DATA, 5};
    rig->hart.x[12] = 0;
    rig->hart.x[13] = 0xffffffff;
    rig->hart.x[14] = 0x000c3703;
}

static void run_everything(enum hart_mode mode, bool deprivileged, uint32_t scounteren)
{
    static const uint8_t sources[] = {0, 12, 13, 14, 31}, destinations[] = {0, 10, 14};
    struct rig rig;

    for (size_t i = 0; i < COUNT(models) * COUNT(operations); i++)
        for (size_t s = 0; s < COUNT(sources); s++)
            for (size_t d = 0; d < 2 * COUNT(destinations); d++) {
                struct access_case c = {operations[i % COUNT(operations)],
                                        models[i / COUNT(operations)].number,
                                        destinations[d / 2], sources[s]};

                prepare(&rig, d % 2);
                rig.hart.mode = (uint8_t)mode;
                rig.hart.scounteren = scounteren;
                rig.env.deprivileged = deprivileged;
                run_access(&rig, &c);
            }
}

START_TEST(supervisor_accesses)
{
    run_everything(HART_SUPERVISOR, false, 0);
    run_everything(HART_SUPERVISOR, false, 7);
}
END_TEST

/* But of the counters that scounteren opens. */
START_TEST(user_accesses_are_illegal)
{
    for (uint32_t scounteren = 0; scounteren < 8; scounteren++)
        run_everything(HART_USER, false, scounteren);
}
END_TEST

/* The CPU under a monitor is in user mode, whatever the virtual hart believes. */
START_TEST(deprivileged_accesses_are_illegal)
{
    run_everything(HART_SUPERVISOR, true, 7);
    run_everything(HART_USER, true, 7);
}
END_TEST

START_TEST(every_other_number_is_illegal)
{
    struct rig rig;

    prepare(&rig, true);
    for (uint32_t number = 0; number < 4096; number++)
        for (size_t i = 0; i < COUNT(operations); i++) {
            struct access_case c = {operations[i], number, 10, 0};

            if (!model_of(number))
                run_access(&rig, &c);
        }
}
END_TEST

/* ---- Rules worth a test of their own ---- */

static uint32_t written(enum csr_id id, uint32_t value)
{
    struct rig rig;

    rig_init(&rig);
    rig.hart.x[5] = value;
    ck_assert(rig_exec(&rig, encode_csr(INSN_csrrw, 0, csr_desc(id)->number, 5)));
    return csr_read(&rig.hart, id);
}

START_TEST(warl_values)
{
    ck_assert_uint_eq(written(CSR_sstatus, 0xffffffff), 0x000c0122);
    ck_assert_uint_eq(written(CSR_sie, 0xffffffff), 0x222);
    ck_assert_uint_eq(written(CSR_sip, 0xffffffff), 0x002);
    ck_assert_uint_eq(written(CSR_sepc, 0x80000003), 0x80000002);
    ck_assert_uint_eq(written(CSR_sepc, 0x80000001), 0x80000000);
    ck_assert_uint_eq(written(CSR_scounteren, 0xffffffff), 7);
    ck_assert_uint_eq(written(CSR_senvcfg, 0xffffffff), 1);
    ck_assert_uint_eq(written(CSR_satp, 0xffffffff), 0xffffffff); /* 9 ASID bits exist */
    ck_assert_uint_eq(written(CSR_scause, 0xffffffff), 0xffffffff);
}
END_TEST

START_TEST(stvec_never_holds_a_reserved_mode)
{
    for (uint32_t mode = 0; mode < 4; mode++) {
        uint32_t held = written(CSR_stvec, 0x80001000 | mode);

        ck_assert_uint_lt(held & 3, 2);
        ck_assert_uint_eq(held & ~3u, 0x80001000);
        if (mode < 2)
            ck_assert_uint_eq(held & 3, mode);
    }
}
END_TEST

/* CSRRS and CSRRC with rs1 = x0 must not write; with a register that holds zero they do. */
START_TEST(the_register_s_number_decides_not_its_value)
{
    struct rig rig;
    uint32_t by_value = encode_csr(INSN_csrrs, 10, 0xc01, 12);

    prepare(&rig, true);
    ck_assert(rig_exec(&rig, encode_csr(INSN_csrrs, 10, 0xc01, 0)));
    ck_assert(rig_exec(&rig, encode_csr(INSN_csrrc, 10, 0xc01, 0)));
    ck_assert(rig_exec(&rig, encode_csr(INSN_csrrsi, 10, 0xc01, 0)));
    ck_assert_uint_eq(rig.hart.x[12], 0);
    rig_expect_trap(&rig, by_value, CAUSE_ILLEGAL_INSN, by_value);
}
END_TEST

START_TEST(csrrw_with_one_register_swaps)
{
    struct rig rig;
    struct hart expected;

    prepare(&rig, false);
    expected = rig_next(&rig);
    expected.sscratch = rig.hart.x[14];
    expected.x[14] = rig.hart.sscratch;
    rig_expect_retired(&rig, encode_csr(INSN_csrrw, 14, 0x140, 14), &expected);
}
END_TEST

static uint32_t read_number(struct rig *rig, uint32_t number)
{
    ck_assert(rig_exec(rig, encode_csr(INSN_csrrs, 10, number, 0)));
    return rig->hart.x[10];
}

/* time counts what has retired before the read, and what WFI slept. */
START_TEST(time_is_retired_and_skipped)
{
    struct rig rig;

    rig_init(&rig);
    rig.hart.retired = 5;
    ck_assert_uint_eq(read_number(&rig, 0xc01), 5);
    ck_assert_uint_eq(read_number(&rig, 0xc01), 6);
    rig.hart.skipped = 100;
    ck_assert_uint_eq(read_number(&rig, 0xc01), 107);
    ck_assert_uint_eq(read_number(&rig, 0xc81), 0);
}
END_TEST

/* cycle and instret do not count what WFI slept. */
START_TEST(cycle_and_instret_are_retired)
{
    static const uint32_t numbers[] = {0xc00, 0xc02};
    struct rig rig;

    for (size_t i = 0; i < COUNT(numbers); i++) {
        rig_init(&rig);
        rig.hart.retired = 0xfffffffeull;
        rig.hart.skipped = 100;
        ck_assert_uint_eq(read_number(&rig, numbers[i]), 0xfffffffe);
        ck_assert_uint_eq(read_number(&rig, numbers[i] + 0x80), 0);
        ck_assert_uint_eq(read_number(&rig, numbers[i] + 0x80), 1);
        ck_assert_uint_eq(read_number(&rig, numbers[i]), 1);
    }
}
END_TEST

START_TEST(time_carries_into_timeh)
{
    struct rig rig;

    rig_init(&rig);
    rig.hart.retired = 0xffffffffull;
    ck_assert_uint_eq(read_number(&rig, 0xc81), 0);
    ck_assert_uint_eq(read_number(&rig, 0xc81), 1);
    ck_assert_uint_eq(read_number(&rig, 0xc01), 1);
    rig.hart.retired = 0xfffffff0ull; /* the carry of the sum, not of either part */
    rig.hart.skipped = 0x2fffffff0ull;
    ck_assert_uint_eq(read_number(&rig, 0xc81), 3);
    ck_assert_uint_eq(read_number(&rig, 0xc01), 0xffffffe1);
}
END_TEST

/* Pending bits that belong to the platform come and go without software's write. */
START_TEST(sip_shows_what_software_cannot_write)
{
    struct rig rig;

    rig_init(&rig);
    rig.hart.sip = 0x220;
    ck_assert(rig_exec(&rig, encode_csr(INSN_csrrw, 11, 0x144, 0)));
    ck_assert_uint_eq(rig.hart.x[11], 0x220);
    ck_assert_uint_eq(rig.hart.sip, 0x220);
    ck_assert(rig_exec(&rig, encode_csr(INSN_csrrsi, 0, 0x144, 2)));
    ck_assert_uint_eq(rig.hart.sip, 0x222);
    ck_assert(rig_exec(&rig, encode_csr(INSN_csrrci, 0, 0x144, 2)));
    ck_assert_uint_eq(rig.hart.sip, 0x220);
}
END_TEST

SUITE_MAIN("csr", supervisor_accesses, user_accesses_are_illegal,
           deprivileged_accesses_are_illegal, every_other_number_is_illegal, warl_values,
           stvec_never_holds_a_reserved_mode, the_register_s_number_decides_not_its_value,
           csrrw_with_one_register_swaps, time_is_retired_and_skipped,
           cycle_and_instret_are_retired, time_carries_into_timeh,
           sip_shows_what_software_cannot_write)
