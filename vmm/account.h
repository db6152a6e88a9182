/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * account.h - the accounts of a VM's exits: what is counted of each, and told to whoever traces.
 * It is at every exit, and inline: what is rare costs a test and no more. What an exit comes to is
 * dispatch.c's; when it is over, vcpu.c's.
 */
#ifndef PZ_VMM_ACCOUNT_H
#define PZ_VMM_ACCOUNT_H

#include "vmm/vmm.h"

#define UNLIKELY(condition) __builtin_expect((condition) != 0, 0)

/* The host's clock, if there is one: nanoseconds, for the counters only. */
static inline uint64_t account_clock(const struct vmm *vmm)
{
    return vmm->host.clock ? vmm->host.clock(vmm->host.owner) : 0;
}

/* The event of an exit, with the state before it is handled. */
struct trace_event account_event(const struct vm *vm, uint32_t cause, uint32_t tval);

/* Host time by instruction; how often was counted where it was emulated. */
void account_emulated(struct trace_counters *counters, uint32_t bits, uint64_t ns);

/* Leave an event to who keeps them. */
void account_keep(const struct vm *vm, const struct trace_event *event);

static inline void account_add(struct trace_counter *counter, uint64_t ns)
{
    counter->count++;
    counter->ns += ns;
}

/* Something has been done for a VM, in so much host time. */
static inline void account_tell(struct vm *vm, const struct trace_event *event, uint64_t ns)
{
    struct trace_counters *counters = &vm->counters;

    vm->vmm->events++;
    account_add(&counters->action[event->action], ns);
    if (UNLIKELY(ns && event->action == TRACE_EMULATE))
        account_emulated(counters, event->insn, ns);
    if (UNLIKELY(vm->vmm->host.trace))
        vm->vmm->host.trace(vm->vmm->host.owner, event);
    if (UNLIKELY(vm->vmm->host.kept))
        account_keep(vm, event);
}

#endif
