/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * interpret.c - emulates instructions by running the specification on the virtual hart. This file
 * adds the effects on the monitor: translations that a fence or a satp write makes stale, and
 * waiting. Changes of mode, satp, SUM and MXR need no action, since the shadow root is selected
 * before every entry.
 */
#include "vmm/interpret.h"

#include "isa/decode.h"
#include "vmm/para.h"
#include "vmm/parts.h"
#include "vmm/probe.h"
#include "vmm/stops.h"

#define NOINLINE __attribute__((noinline))

/* Most instructions that one call of interpret_page() runs. */
#define INTERPRET_MOST 100000u

static inline struct exec_env virtual_cpu(struct vm *vm)
{
    return (struct exec_env){
        .hart = &vm->cpu->hart,
        .phys = &vm->phys,
        .variant = PZ_HOSTED && vm->variant.set ? &vm->variant : NULL,
    };
}

void interpret_wait(struct vm *vm)
{
    uint64_t ticks = board_wait(&vm->board, &vm->cpu->hart);
    uint64_t wake = hart_time(&vm->cpu->hart) + ticks;

    if (harts_turn_is_over(&vm->board.harts, &vm->cpu->hart))
        return;
    vm->yields = true;
    if (ticks == BOARD_NEVER || ticks == 0)
        return;
    if (wake <= vm->vmm->horizon)
        vm->cpu->hart.skipped += ticks;
    else
        vm->wake = wake;
}

void interpret_wfi(struct vm *vm)
{
    uint64_t before = hart_time(&vm->cpu->hart);

    if (parts_own(vm->vmm))
        interpret_wait(vm);
    else
        vm->vmm->parts->wait(vm);
    vm->slept = hart_time(&vm->cpu->hart) - before;
}

static bool run_insn(struct vm *vm, struct exec_env *env, const struct insn *insn)
{
    return parts_own(vm->vmm) ? exec_insn(env, insn) : parts_exec(vm, env, insn);
}

/* As interpret_insn(), when CSRs are in the page shared with the guest. */
static bool run_shared(struct vm *vm, struct exec_env *env, const struct insn *insn)
{
    bool retired, privileged = insn->privilege != INSN_USER;

    if (privileged)
        para_load(vm);
    retired = run_insn(vm, env, insn);
    if (retired && privileged && para_shares(vm))
        para_store(vm);
    return retired;
}

static NOINLINE void reconcile(struct vm *vm, const struct exec_env *env,
                               const struct insn *insn)
{
    switch (env->event) {
    case EXEC_CSR:
        if (shadow_flushes(&vm->shadow) && insn->csr == CSR_satp)
            shadow_drop_all(&vm->shadow);
        break;
    case EXEC_SFENCE_VMA: shadow_fence(&vm->shadow, &env->fence); break;
    case EXEC_WFI: interpret_wfi(vm); break;
    case EXEC_PAUSE: harts_pause(&vm->board); break;
    case EXEC_NOTHING:
    case EXEC_SRET:
    case EXEC_FENCE_I: break;
    }
}

bool interpret_insn(struct vm *vm, const struct insn *insn, struct trap *trap)
{
    struct exec_env env = virtual_cpu(vm);

    if (!(para_shares(vm) ? run_shared(vm, &env, insn) : run_insn(vm, &env, insn))) {
        *trap = env.trap;
        PROBE(vm, PROBE_EMULATE, .insn = insn, .trap = trap);
        return false;
    }
    PROBE(vm, PROBE_EMULATE, .insn = insn);
    reconcile(vm, &env, insn);
    PROBE(vm, PROBE_RECONCILE, .event = env.event);
    return true;
}

/* Sets single fields: clearing the whole struct would cost more than using it. */
static inline void make_quiet_env(struct vm *vm, struct exec_env *env)
{
    env->hart = &vm->cpu->hart;
    env->phys = &vm->phys;
    env->deprivileged = env->in_place = false;
    env->hgatp = 0;
    env->kept = NULL;
    env->walk = NULL;
    env->variant = NULL;
}

bool interpret_access_quietly(struct vm *vm, const struct insn *insn)
{
    struct exec_env env;

    make_quiet_env(vm, &env);
    return exec_insn(&env, insn);
}

bool interpret_quietly(struct vm *vm, const struct insn *insn, enum exec_event *event)
{
    struct exec_env env;
    bool shared = para_shares(vm);

    if (shared)
        para_load(vm);
    make_quiet_env(vm, &env);
    if (!exec_insn(&env, insn))
        return false;
    *event = env.event;
    if (shared) {
        para_store(vm);
        *event = EXEC_CSR; /* the page may have enabled interrupts */
    }
    if (env.event > EXEC_SRET || (env.event == EXEC_CSR && shadow_flushes(&vm->shadow)))
        reconcile(vm, &env, insn);
    return true;
}

bool interpret_step(struct vm *vm, struct insn *insn, struct trap *trap)
{
    struct exec_env env = virtual_cpu(vm);
    uint32_t raw;

    *insn = (struct insn){.id = INSN_ILLEGAL};
    if (!exec_fetch(&env, &raw)) {
        *trap = env.trap;
        return false;
    }
    *insn = decode_insn(raw);
    PROBE(vm, PROBE_DECODE, .insn = insn);
    return interpret_insn(vm, insn, trap);
}

bool interpret_must_look(const struct vm *vm)
{
    const struct hart *hart = &vm->cpu->hart;

    return vm->yields || !vm_alive(vm) || harts_turn_is_over(&vm->board.harts, hart) ||
           hart_interrupt(hart) || board_attention(&vm->board, hart_time(hart));
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

void interpret_page_begin(struct vm *vm, uint64_t most)
{
    most = smaller(most, parts_budget(vm));
    vm->cpu->interpreting = (uint32_t)smaller(most, INTERPRET_MOST);
}

bool interpret_page(struct vm *vm, uint64_t cut, uint32_t *count, struct trap *trap)
{
    uint32_t page = vm->cpu->hart.pc & ~PAGE_MASK;
    struct insn insn;

    for (; vm->cpu->interpreting && cut; cut--) {
        if (vmm_stops(vm->vmm) && stops_before(vm))
            break;
        vm->cpu->interpreting--;
        if (!interpret_step(vm, &insn, trap)) {
            vm->cpu->interpreting = 0;
            return false;
        }
        ++*count;
        if (interpret_must_look(vm) || (vm->cpu->hart.pc & ~PAGE_MASK) != page)
            vm->cpu->interpreting = 0;
        else if (vmm_stops(vm->vmm) && stops_ask(vm))
            break;
    }
    return true;
}
