/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hybrid.c - runs a stay in virtual supervisor mode on the interpreter. A trap there goes to the
 * dispatcher like a trap of the CPU; the dispatcher finds that the guest's own tables do not allow
 * the access, and injects the trap.
 */
#include "vmm/hybrid.h"

#include "vmm/interpret.h"
#include "vmm/parts.h"
#include "vmm/stops.h"

bool hybrid_interprets_own(const struct vm *vm)
{
    return vm->cpu->hart.mode == HART_SUPERVISOR;
}

bool hybrid_interprets(const struct vm *vm)
{
    if (vm->config.monitor != VM_HYBRID)
        return false;
    return parts_own(vm->vmm) ? hybrid_interprets_own(vm) : vm->vmm->parts->interprets(vm);
}

void hybrid_run(struct vm *vm, uint64_t budget, struct engine_exit *exit)
{
    struct insn insn;

    *exit = (struct engine_exit){.stop = ENGINE_BUDGET};
    for (; budget && hybrid_interprets(vm); budget--) {
        if (vm->vmm->stops && stops_before(vm))
            return;
        if (!interpret_step(vm, &insn, &exit->trap)) {
            exit->stop = ENGINE_TRAP;
            return;
        }
        vm->counters.interpreted++;
        if (interpret_must_look(vm) || (vm->vmm->stops && stops_ask(vm)))
            return;
    }
}
