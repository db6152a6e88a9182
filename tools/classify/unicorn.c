/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unicorn.c - a hart's whole state into the library's CPU, one instruction, and the
 * whole state back. What was found of the library (2.0.1 and 2.1.4), beside what
 * isa/engine/unicorn_cpu.c says:
 *
 *  - Below machine mode the CSRs cannot be read from outside. But a saved context holds the mode
 *    as a word; where, is found by saving it in each mode. With machine mode put there, and
 *    restored, everything else is as it was and can be read.
 *  - satp is always written with ASID 1, also with translation off: only a change of the ASID
 *    flushes the TLB.
 *  - Traps change nothing: the hook is called instead.
 *  - Of what it cannot decode at the end of a translated page, 2.0.1 says that it cannot be
 *    fetched.
 */
#include "tools/classify/unicorn.h"

#include <stdlib.h>

#include "isa/csr.h"
#include "isa/decode.h"
#include "isa/engine/unicorn_library.h"
#include "isa/variant.h"
#include "tools/classify/classify.h"

#define ENTRY_PC 0xfffff000u
#define MRET 0x30200073u
#define MACHINE 3u
#define MSTATUS_MPP_SHIFT 11
#define IRQS 0x222u
#define ASID_1 (1u << SATP_ASID_SHIFT)
#define RENEW_AFTER 50000u /* forget translations, or the library's buffer fills up */

struct classify_unicorn {
    struct engine engine;
    uc_engine *uc;
    uc_context *machine; /* the CPU before any MRET */
    uc_context *now, *patched;
    size_t context_size, mode_at; /* mode_at 0: not found yet */
    uint8_t entry[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

    struct hart held; /* what the CPU holds, when it does */
    bool holds;
    uint32_t forgotten;

    /* Of the current run. */
    unsigned left; /* instructions, the MRET too */
    bool stopped, trapped;
    uint32_t cause;
};

/* ---- Hooks ---- */

static void on_code(uc_engine *uc, uint64_t address, uint32_t size, void *owner)
{
    struct classify_unicorn *unicorn = owner;

    (void)address, (void)size;
    if (unicorn->left) {
        unicorn->left--;
        return;
    }
    unicorn->stopped = true;
    unicorn_library.emu_stop(uc);
}

static void on_trap(uc_engine *uc, uint32_t cause, void *owner)
{
    struct classify_unicorn *unicorn = owner;

    unicorn->trapped = true;
    unicorn->cause = cause;
    unicorn_library.emu_stop(uc);
}

/* ---- Making it ---- */

static bool add_hooks(struct classify_unicorn *unicorn)
{
    uc_hook handle;

    return !unicorn_library.hook_add(unicorn->uc, &handle, UC_HOOK_CODE, (void *)on_code,
                                     unicorn, 1, 0) &&
           !unicorn_library.hook_add(unicorn->uc, &handle, UC_HOOK_INTR, (void *)on_trap,
                                     unicorn, 1, 0);
}

static bool map_memory(struct classify_unicorn *unicorn)
{
    store_le32(unicorn->entry, MRET);
    return !unicorn_library.mem_map_ptr(unicorn->uc, 0, CLASSIFY_RAM, UC_PROT_ALL,
                                        unicorn->engine.phys.ram) &&
           !unicorn_library.mem_map_ptr(unicorn->uc, ENTRY_PC, PAGE_SIZE, UC_PROT_EXEC,
                                        unicorn->entry);
}

static bool make_contexts(struct classify_unicorn *unicorn)
{
    unicorn->context_size = unicorn_library.context_size(unicorn->uc);
    return !unicorn_library.context_alloc(unicorn->uc, &unicorn->machine) &&
           !unicorn_library.context_alloc(unicorn->uc, &unicorn->now) &&
           !unicorn_library.context_alloc(unicorn->uc, &unicorn->patched) &&
           !unicorn_library.context_save(unicorn->uc, unicorn->machine);
}

static bool open_cpu(struct classify_unicorn *unicorn)
{
    return unicorn_library_load() &&
           !unicorn_library.open(UC_ARCH_RISCV, UC_MODE_RISCV32, &unicorn->uc) &&
           !uc_ctl_exits_enable(unicorn->uc) && map_memory(unicorn) && add_hooks(unicorn) &&
           make_contexts(unicorn);
}

static void close_cpu(struct classify_unicorn *unicorn)
{
    uc_context *contexts[] = {unicorn->machine, unicorn->now, unicorn->patched};

    for (unsigned i = 0; i < sizeof contexts / sizeof contexts[0]; i++)
        if (contexts[i])
            unicorn_library.context_free(contexts[i]);
    if (unicorn->uc)
        unicorn_library.close(unicorn->uc);
    unicorn->machine = unicorn->now = unicorn->patched = NULL;
    unicorn->uc = NULL;
    unicorn->holds = false;
}

/* ---- State in ---- */

/* Machine mode, everything as after reset. */
static bool enter_machine(struct classify_unicorn *unicorn)
{
    unicorn->holds = false;
    return !unicorn_library.context_restore(unicorn->uc, unicorn->machine);
}

static bool write_register(struct classify_unicorn *unicorn, int id, uint32_t value)
{
    return !unicorn_library.reg_write(unicorn->uc, id, &value);
}

static bool write_csrs(struct classify_unicorn *unicorn, const struct hart *hart)
{
    const struct {
        int id;
        uint32_t value;
    } list[] = {
        {UC_RISCV_REG_MIDELEG, IRQS},
        {UC_RISCV_REG_MIE, hart->sie},
        {UC_RISCV_REG_MIP, hart->sip},
        {UC_RISCV_REG_STVEC, hart->stvec},
        {UC_RISCV_REG_SSCRATCH, hart->sscratch},
        {UC_RISCV_REG_SEPC, hart->sepc},
        {UC_RISCV_REG_SCAUSE, hart->scause},
        {UC_RISCV_REG_STVAL, hart->stval},
        {UC_RISCV_REG_SCOUNTEREN, hart->scounteren},
        {UC_RISCV_REG_SATP, hart->satp | ASID_1},
        {UC_RISCV_REG_MEPC, hart->pc},
        {UC_RISCV_REG_MSTATUS, hart->sstatus | (uint32_t)hart->mode << MSTATUS_MPP_SHIFT},
    };

    for (unsigned i = 0; i < sizeof list / sizeof list[0]; i++)
        if (!write_register(unicorn, list[i].id, list[i].value))
            return false;
    return true;
}

static bool write_registers(struct classify_unicorn *unicorn, const struct hart *hart)
{
    for (unsigned i = 1; i < 32; i++)
        if (!write_register(unicorn, UC_RISCV_REG_X0 + (int)i, hart->x[i]))
            return false;
    return true;
}

static bool same_controls(const struct hart *a, const struct hart *b)
{
    for (unsigned field = FIELD_mode; field <= FIELD_satp; field++)
        if (classify_field_value(a, (enum classify_field)field) !=
            classify_field_value(b, (enum classify_field)field))
            return false;
    return true;
}

/* ---- State out ---- */

static uint32_t *word_of(uc_context *context, size_t at)
{
    return (uint32_t *)(void *)((char *)context + at);
}

static uint32_t read_register(struct classify_unicorn *unicorn, int id)
{
    uint32_t value = 0;

    (void)!unicorn_library.reg_read(unicorn->uc, id, &value);
    return value;
}

/* What was written with ASID 1 reads as it was; what the instruction wrote, as that. */
static uint32_t read_satp(struct classify_unicorn *unicorn, uint32_t before)
{
    uint32_t satp = read_register(unicorn, UC_RISCV_REG_SATP);

    return satp == (before | ASID_1) ? before : satp;
}

static void read_hart(struct classify_unicorn *unicorn, struct hart *hart)
{
    for (unsigned i = 1; i < 32; i++)
        hart->x[i] = read_register(unicorn, UC_RISCV_REG_X0 + (int)i);
    hart->pc = read_register(unicorn, UC_RISCV_REG_PC);
    hart->sstatus = read_register(unicorn, UC_RISCV_REG_MSTATUS) & SSTATUS_MASK;
    hart->sie = read_register(unicorn, UC_RISCV_REG_MIE) & IRQS;
    hart->sip = read_register(unicorn, UC_RISCV_REG_MIP) & IRQS;
    hart->stvec = read_register(unicorn, UC_RISCV_REG_STVEC);
    hart->sscratch = read_register(unicorn, UC_RISCV_REG_SSCRATCH);
    hart->sepc = read_register(unicorn, UC_RISCV_REG_SEPC);
    hart->scause = read_register(unicorn, UC_RISCV_REG_SCAUSE);
    hart->stval = read_register(unicorn, UC_RISCV_REG_STVAL);
    hart->scounteren = read_register(unicorn, UC_RISCV_REG_SCOUNTEREN);
    hart->satp = read_satp(unicorn, hart->satp);
}

static bool take_hart(struct classify_unicorn *unicorn, struct hart *hart)
{
    uc_engine *uc = unicorn->uc;

    if (unicorn_library.context_save(uc, unicorn->now))
        return false;
    hart->mode = (uint8_t)*word_of(unicorn->now, unicorn->mode_at);
    memcpy(unicorn->patched, unicorn->now, unicorn->context_size);
    *word_of(unicorn->patched, unicorn->mode_at) = MACHINE;
    if (unicorn_library.context_restore(uc, unicorn->patched))
        return false;
    read_hart(unicorn, hart);
    return !unicorn_library.context_restore(uc, unicorn->now);
}

/* ---- A run ---- */

static bool start(struct classify_unicorn *unicorn, const struct hart *hart, uc_err *err)
{
    bool entry = !unicorn->holds || !same_controls(hart, &unicorn->held);

    unicorn->trapped = unicorn->stopped = false;
    unicorn->left = entry ? 2 : 1;
    if (entry && (!enter_machine(unicorn) || !write_csrs(unicorn, hart)))
        return false;
    if (!write_registers(unicorn, hart))
        return false;
    *err = unicorn_library.emu_start(unicorn->uc, entry ? ENTRY_PC : hart->pc, 0, 0, 0);
    return unicorn->left == 0 || unicorn->trapped || *err;
}

static uint32_t cause_of(const struct classify_unicorn *unicorn, uc_err err)
{
    if (unicorn->trapped)
        return unicorn->cause;
    switch (err) {
    case UC_ERR_READ_UNMAPPED:
    case UC_ERR_READ_PROT: return CAUSE_LOAD_ACCESS;
    case UC_ERR_WRITE_UNMAPPED:
    case UC_ERR_WRITE_PROT: return CAUSE_STORE_ACCESS;
    case UC_ERR_READ_UNALIGNED: return CAUSE_LOAD_MISALIGNED;
    case UC_ERR_WRITE_UNALIGNED: return CAUSE_STORE_MISALIGNED;
    default: return CAUSE_BREAKPOINT; /* EBREAK is reported as an invalid instruction */
    }
}

static bool fetch_failed(const struct classify_unicorn *unicorn, uc_err err)
{
    if (unicorn->trapped)
        return unicorn->cause == CAUSE_INSN_PAGE_FAULT || unicorn->cause == CAUSE_INSN_ACCESS;
    return err == UC_ERR_FETCH_UNMAPPED || err == UC_ERR_FETCH_PROT;
}

/* Code can be fetched in all states, so it is the instruction that was refused. */
static void mend_cause(struct classify_unicorn *unicorn, const struct hart *hart)
{
    struct sv32_space space = sv32_space_of(hart, &unicorn->engine.phys);
    struct sv32_walk walk;

    if (unicorn->left && unicorn->trapped && unicorn->cause == CAUSE_INSN_PAGE_FAULT &&
        sv32_probe(&space, hart->pc, ACCESS_FETCH, &walk) == SV32_OK)
        unicorn->cause = CAUSE_ILLEGAL_INSN;
}

/* A hart that cannot be fetched from where it jumped to has run the jump. */
static bool has_retired(const struct classify_unicorn *unicorn, uc_err err)
{
    if (unicorn->left)
        return false;
    return unicorn->stopped || fetch_failed(unicorn, err) || (!unicorn->trapped && !err);
}

/* What a variant adds is interpreted: the CPU refuses it. False: it is not of the variant. */
static bool run_variant(struct classify_unicorn *unicorn, struct hart *hart,
                        struct engine_exit *exit)
{
    struct exec_env env = {
        .hart = hart, .phys = &unicorn->engine.phys, .variant = unicorn->engine.variant};
    const struct hart before = *hart;
    struct insn insn;
    uint32_t raw;

    if (unicorn->cause != CAUSE_ILLEGAL_INSN || !env.variant || !exec_fetch(&env, &raw))
        return false;
    insn = decode_insn(raw);
    if (!variant_find(env.variant->set, insn.bits))
        return false;
    if (!exec_insn(&env, &insn))
        *exit = (struct engine_exit){.stop = ENGINE_TRAP, .trap = env.trap};
    unicorn->held = before; /* the CPU has only refused */
    unicorn->holds = true;
    return true;
}

static void run(struct engine *engine, struct hart *hart, uint64_t budget,
                struct engine_exit *exit)
{
    struct classify_unicorn *unicorn = (struct classify_unicorn *)engine;
    struct hart after = *hart;
    uc_err err = UC_ERR_OK;

    (void)budget;
    *exit = (struct engine_exit){.stop = ENGINE_BUDGET};
    if (!unicorn->uc || !start(unicorn, hart, &err)) {
        *exit = (struct engine_exit){.stop = ENGINE_TRAP,
                                     .trap = {.cause = CAUSE_INSN_ACCESS, .tval = hart->pc}};
        unicorn->holds = false;
        return;
    }
    mend_cause(unicorn, hart);
    if (unicorn->trapped && run_variant(unicorn, hart, exit))
        return;
    if (!has_retired(unicorn, err)) {
        *exit = (struct engine_exit){.stop = ENGINE_TRAP,
                                     .trap = {.cause = cause_of(unicorn, err)}};
        unicorn->holds = false;
        return;
    }
    if (!take_hart(unicorn, &after))
        return;
    if (unicorn->trapped)
        after.pc -= 4;
    if (!unicorn->stopped && !unicorn->trapped && !err)
        *exit = (struct engine_exit){.stop = ENGINE_EVENT, .event = EXEC_WFI};
    after.retired++;
    *hart = after;
    unicorn->held = after;
    unicorn->holds = true;
}

/* ---- Where a context has the mode ---- */

static bool context_in(struct classify_unicorn *unicorn, enum hart_mode mode,
                       uc_context *context)
{
    struct hart hart;
    uc_err err;

    hart_reset(&hart, CLASSIFY_PC);
    hart.mode = (uint8_t)mode;
    store_le32(unicorn->engine.phys.ram + CLASSIFY_PC, 0x13);
    return start(unicorn, &hart, &err) && !unicorn_library.context_save(unicorn->uc, context);
}

static bool find_mode(struct classify_unicorn *unicorn)
{
    if (!context_in(unicorn, HART_SUPERVISOR, unicorn->now) ||
        !context_in(unicorn, HART_USER, unicorn->patched))
        return false;
    for (size_t at = 0; at + 4 <= unicorn->context_size; at += 4)
        if (*word_of(unicorn->machine, at) == MACHINE && *word_of(unicorn->now, at) == 1 &&
            *word_of(unicorn->patched, at) == 0) {
            if (unicorn->mode_at)
                return false;
            unicorn->mode_at = at;
        }
    return unicorn->mode_at != 0;
}

/* ---- The engine ---- */

static void drop_all(struct engine *engine)
{
    ((struct classify_unicorn *)engine)->holds = false;
}

/* In machine mode, where the library's virtual addresses are physical ones. */
static void code_changed(struct engine *engine, uint64_t pa, uint32_t len)
{
    struct classify_unicorn *unicorn = (struct classify_unicorn *)engine;

    if (!unicorn->uc)
        return;
    if (++unicorn->forgotten > RENEW_AFTER) {
        unicorn->forgotten = 0;
        close_cpu(unicorn);
        if (!open_cpu(unicorn))
            close_cpu(unicorn);
        return;
    }
    if (enter_machine(unicorn))
        (void)uc_ctl_remove_cache(unicorn->uc, pa, pa + len);
}

static const struct engine_ops ops = {
    .name = "unicorn",
    .abilities = ENGINE_NATIVE,
    .run = run,
    .drop_all = drop_all,
    .code_changed = code_changed,
};

enum pz_err classify_unicorn_create(uint8_t *ram, struct classify_unicorn **out,
                                    struct problem *problem)
{
    struct classify_unicorn *unicorn =
        aligned_alloc(PAGE_SIZE, (sizeof *unicorn + PAGE_MASK) & ~(size_t)PAGE_MASK);

    *out = unicorn;
    if (!unicorn)
        return problem_memory(problem, "the engine unicorn");
    memset(unicorn, 0, sizeof *unicorn);
    unicorn->engine.ops = &ops;
    unicorn->engine.phys = (struct phys){.ram = ram, .size = CLASSIFY_RAM};
    if (open_cpu(unicorn) && find_mode(unicorn))
        return PZ_OK;
    classify_unicorn_destroy(unicorn);
    *out = NULL;
    return problem_set(problem, PZ_HOST,
                       "the engine unicorn: the library's CPU cannot be driven in its own "
                       "modes (--engine spec needs less)");
}

void classify_unicorn_destroy(struct classify_unicorn *unicorn)
{
    if (!unicorn)
        return;
    close_cpu(unicorn);
    free(unicorn);
}

struct engine *classify_unicorn_engine(struct classify_unicorn *unicorn)
{
    return &unicorn->engine;
}
