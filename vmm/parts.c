/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * parts.c - the table of the monitor's own parts, and calling replaced ones: load_world and
 * save_world switch a separate struct hart, on which the guest then runs. Emulated instructions
 * with a replaced part go to that part, all others to the specification.
 */
#include "vmm/parts.h"

#include "isa/csr.h"
#include "vmm/hybrid.h"
#include "vmm/interpret.h"
#include "vmm/para.h"
#include "vmm/vcpu.h"

static bool own_sret(struct hart *hart, const struct insn *insn, struct trap *trap)
{
    if (hart->mode == HART_USER) {
        *trap = (struct trap){.cause = CAUSE_ILLEGAL_INSN, .tval = insn->raw};
        return false;
    }
    hart_sret(hart);
    return true;
}

static bool own_csrrw(struct hart *hart, const struct insn *insn)
{
    struct exec_env env = {.hart = hart, .deprivileged = true};

    return exec_in_place(&env, insn);
}

static uint32_t own_sstatus_read(const struct hart *hart)
{
    return csr_read(hart, CSR_sstatus);
}

static void own_sstatus_write(struct hart *hart, uint32_t value)
{
    csr_write(hart, CSR_sstatus, value);
}

static void own_load_world(struct hart *cpu, const struct hart *vcpu)
{
    memcpy(cpu->x, vcpu->x, sizeof cpu->x);
    cpu->pc = vcpu->pc;
    cpu->reservation = vcpu->reservation;
}

static void own_save_world(struct hart *vcpu, const struct hart *cpu)
{
    own_load_world(vcpu, cpu);
}

const struct vmm_parts vmm_parts_own = {
    .sret = own_sret,
    .sstatus_read = own_sstatus_read,
    .sstatus_write = own_sstatus_write,
    .pmap_translate = pmap_translate_own,
    .pmap_lookup = pmap_lookup_own,
    .walk = sv32_translate,
    .two_stage = sv32_translate,
    .shadow_key = shadow_key_of,
    .shadow_rights = shadow_rights,
    .csrrw = own_csrrw,
    .para_update = para_update_own,
    .load_world = own_load_world,
    .save_world = own_save_world,
    .interrupt = board_interrupt,
    .budget = board_budget,
    .wait = interpret_wait,
    .awake = vcpu_awake_own,
    .interprets = hybrid_interprets_own,
};

/* ---- The walk ---- */

/* Far more walks than one instruction and its trap can need */
#define WALKS_MOST 64u

enum sv32_result parts_walk(struct vm *vm, const struct sv32_space *space, uint32_t va,
                            enum access access, struct sv32_walk *walk)
{
    if (vm->cpu->walked_at != vm->cpu->hart.retired)
        vm->cpu->walks = 0;
    vm->cpu->walked_at = vm->cpu->hart.retired;
    if (++vm->cpu->walks > WALKS_MOST)
        vm_kill(vm, VM_NO_PROGRESS);
    return vm->vmm->parts->walk(space, va, access, walk);
}

/* ---- Interrupts ---- */

uint32_t parts_interrupt_replaced(struct vm *vm)
{
    struct hart *hart = &vm->cpu->hart;
    uint32_t external = board_sip(&vm->board, hart, 0) & IRQ_BIT(IRQ_SEXT);

    hart->sip = (hart->sip & ~IRQ_BIT(IRQ_SEXT)) | external;
    return vm->vmm->parts->interrupt(&vm->board, hart);
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* The limits set by devices and by the turns of harts are not replaceable. */
uint64_t parts_budget_replaced(const struct vm *vm)
{
    const struct hart *hart = &vm->cpu->hart;
    uint64_t timer = vm->vmm->parts->budget(&vm->board, hart);
    uint64_t devices = board_device_budget(&vm->board, hart);

    return smaller(smaller(timer, devices), harts_left(&vm->board.harts, hart));
}

/* ---- The world switch ---- */

/* The last run ended with its budget, and the virtual CPU has not changed since. */
static bool is_on_cpu(const struct vm *vm)
{
    const struct vmm_cpu *cpu = &vm->vmm->cpu;

    return cpu->vm == vm && hart_equal(&cpu->saved, &vm->cpu->hart);
}

void parts_run(struct vm *vm, uint64_t budget, struct engine_exit *exit)
{
    struct vmm *vmm = vm->vmm;
    struct vmm_cpu *cpu = &vmm->cpu;

    if (!is_on_cpu(vm))
        vmm->parts->load_world(&cpu->hart, &vm->cpu->hart);
    cpu->hart.retired = vm->cpu->hart.retired;
    cpu->hart.skipped = vm->cpu->hart.skipped;
    cpu->hart.mode = HART_USER;
    engine_run(vmm->engine, &cpu->hart, budget, exit);
    vmm->parts->save_world(&vm->cpu->hart, &cpu->hart);
    vm->cpu->hart.retired = cpu->hart.retired;
    cpu->vm = exit->stop == ENGINE_TRAP ? NULL : vm;
    cpu->saved = vm->cpu->hart;
}

bool parts_goes_on_replaced(const struct vm *vm)
{
    return vm->config.monitor == VM_TRANSLATE && is_on_cpu(vm) &&
           vm->cpu->hart.retired < vm->vmm->cpu.look;
}

/* ---- Translated code ---- */

/* Takes the part's results only if it returns true; the part does not control pc and count. */
static bool csrrw_in_place(struct vm *vm, struct hart *hart, const struct insn *insn)
{
    const struct hart before = *hart;

    if (!vm->vmm->parts->csrrw(hart, insn)) {
        *hart = before;
        return false;
    }
    hart->pc = before.pc + insn->len;
    hart->retired = before.retired + 1;
    hart->skipped = before.skipped;
    return true;
}

bool parts_in_place(struct vm *vm, struct exec_env *env, const struct insn *insn)
{
    struct vmm_cpu *cpu = &vm->vmm->cpu;

    if (!(insn->id == INSN_csrrw && insn->csr != CSR_NONE ? csrrw_in_place(vm, env->hart, insn)
                                                          : exec_in_place(env, insn)))
        return false;
    own_load_world(&cpu->hart, env->hart);
    cpu->vm = vm;
    cpu->saved = *env->hart;
    return true;
}

/* ---- Emulation ---- */

/* The instruction retires once, whatever the part does to the count. */
static bool exec_sret(struct vm *vm, struct exec_env *env, const struct insn *insn)
{
    struct hart *hart = env->hart;
    uint64_t retired = hart->retired, skipped = hart->skipped;
    bool returned = vm->vmm->parts->sret(hart, insn, &env->trap);

    hart->retired = retired + returned;
    hart->skipped = skipped;
    env->event = EXEC_SRET;
    return returned;
}

static uint32_t csr_operand(const struct hart *hart, const struct insn *insn)
{
    return insn_desc((enum insn_id)insn->id)->format == FORMAT_CSRI ? insn->rs1
                                                                    : hart->x[insn->rs1];
}

/* The value that a CSR instruction writes; false: it writes nothing. */
static bool csr_written(const struct insn *insn, uint32_t old, uint32_t operand,
                        uint32_t *value)
{
    switch (insn->id) {
    case INSN_csrrw:
    case INSN_csrrwi: *value = operand; return true;
    case INSN_csrrs:
    case INSN_csrrsi: *value = old | operand; return insn->rs1 != 0;
    default: *value = old & ~operand; return insn->rs1 != 0;
    }
}

/* The specification decides whether it traps; the parts decide what is read and written. */
static bool exec_sstatus(struct vm *vm, struct exec_env *env, const struct insn *insn)
{
    const struct vmm_parts *parts = vm->vmm->parts;
    struct hart *hart = env->hart, before = *hart;
    uint32_t old, value, operand = csr_operand(hart, insn);

    if (!exec_insn(env, insn))
        return false;
    old = parts->sstatus_read(&before);
    hart->sstatus = before.sstatus;
    if (insn->rd)
        hart->x[insn->rd] = old;
    if (csr_written(insn, old, operand, &value))
        parts->sstatus_write(hart, value);
    return true;
}

/*
 * In user mode the CPU's variants take precedence: parts emulate only what a kernel executes.
 */
bool parts_exec(struct vm *vm, struct exec_env *env, const struct insn *insn)
{
    if (env->variant && env->hart->mode == HART_USER)
        return exec_insn(env, insn);
    if (insn->id == INSN_sret)
        return exec_sret(vm, env, insn);
    if (insn->csr == CSR_sstatus)
        return exec_sstatus(vm, env, insn);
    return exec_insn(env, insn);
}
