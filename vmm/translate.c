/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * translate.c - decides when the engine translates; otherwise runs what translated code would have:
 * privileged instructions in place, and callouts. isa/exec.c decides which instructions run in
 * place, adapt.h which accesses are callouts.
 */
#include "vmm/translate.h"

#include "isa/decode.h"
#include "vmm/account.h"
#include "vmm/dispatch.h"
#include "vmm/parts.h"
#include "vmm/stops.h"

static bool translates(const struct vm *vm)
{
    return vm->config.monitor == VM_TRANSLATE && parts_own(vm->vmm);
}

/*
 * With replaced parts, a VM runs on a separate hart (parts.h), so the engine cannot run them in
 * place.
 */
static bool is_replaced(const struct vm *vm)
{
    return vm->config.monitor == VM_TRANSLATE && !parts_own(vm->vmm);
}

static bool is_told(const struct vmm_host *host)
{
    return host->trace && host->translated;
}

void translate_choose_in_place(const struct vm *vm, struct engine_space *space)
{
    const struct vmm_stops *stops = vm->vmm->stops;

    space->in_place = translates(vm);
    space->asked = space->in_place && ((stops && stops->exit) || is_told(&vm->vmm->host));
}

bool translate_ran(struct vm *vm, const struct trap *trap, const struct insn *insn)
{
    struct exec_env env = {.hart = &vm->cpu->hart, .phys = &vm->phys, .deprivileged = true};
    const struct vmm_host *host = &vm->vmm->host;
    struct trace_event event;
    struct insn decoded;

    if (trap->cause != CAUSE_ILLEGAL_INSN || vm->cpu->hart.mode != HART_SUPERVISOR ||
        !(vm->vmm->engine->space.asked || is_replaced(vm)))
        return false;
    decoded = insn ? *insn : decode_insn(trap->tval);
    event = account_event(vm, trap->cause, trap->tval);
    if (!(is_replaced(vm) ? parts_in_place(vm, &env, &decoded) : exec_in_place(&env, &decoded)))
        return false;
    vm->counters.translated++;
    event.action = TRACE_EMULATE;
    event.translated = true;
    event.insn = trap->tval;
    if (is_told(host))
        host->trace(host->owner, &event);
    return true;
}

bool translate_called(struct vm *vm, const struct trap *trap, const struct insn *insn)
{
    const struct vmm_host *host = &vm->vmm->host;
    bool store = trap->cause == CAUSE_STORE_PAGE_FAULT;
    enum trace_action action;
    struct trace_event event;
    struct insn decoded;

    if (!translates(vm) || !translate_is_access(trap) || vm->cpu->hart.mode != HART_SUPERVISOR)
        return false;
    decoded = insn ? *insn : decode_insn(vm_insn_at(vm, vm->cpu->hart.pc));
    if (!adapt_calls(&vm->adapt, vm->cpu->hart.pc, decoded.raw))
        return false;
    event = account_event(vm, trap->cause, trap->tval);
    if (!dispatch_callout(vm, &decoded, trap->tval, store ? ACCESS_STORE : ACCESS_LOAD,
                          &action))
        return false;
    event.action = (uint8_t)action;
    event.translated = true;
    event.insn = decoded.raw;
    if (is_told(host))
        host->trace(host->owner, &event);
    return true;
}
