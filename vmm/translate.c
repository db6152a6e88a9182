/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * translate.c - when the engine translates, and what it would have run if it did. What may be run
 * in place is left to isa/exec.c.
 */
#include "vmm/translate.h"

#include "isa/decode.h"
#include "vmm/account.h"
#include "vmm/parts.h"
#include "vmm/stops.h"

static bool translates(const struct vm *vm)
{
    return vm->config.monitor == VM_TRANSLATE && parts_own(vm->vmm);
}

/* With replaced parts, a VM runs on another hart than its own (parts.h): the engine cannot. */
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
