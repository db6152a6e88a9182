/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * account.h - accounting of a VM's exits: it updates the counters and reports events to tracers. It
 * runs at every exit and is inline, so that a rare case costs one test. dispatch.c decides how an
 * exit is handled, vcpu.c when it is over.
 */
#ifndef PZ_VMM_ACCOUNT_H
#define PZ_VMM_ACCOUNT_H

#include "vmm/hosted.h"
#include "vmm/vmm.h"

#define UNLIKELY(condition) __builtin_expect((condition) != 0, 0)

/* The host's clock in nanoseconds, or 0 if there is none. For the counters only. */
static inline uint64_t account_clock(const struct vmm *vmm)
{
    return PZ_HOSTED && vmm->host.clock ? vmm->host.clock(vmm->host.owner) : 0;
}

/* The event that describes an exit, with the state before the exit is handled. */
struct trace_event account_event(const struct vm *vm, uint32_t cause, uint32_t tval);

/* Add to the host time of an instruction. Its count is kept where it is emulated. */
void account_emulated(struct trace_counters *counters, uint32_t bits, uint64_t ns);

/* Store an event in the observer's buffer. */
void account_keep(const struct vm *vm, const struct trace_event *event);

/* Only a hosted monitor reports host time, and events as they happen. */
#if PZ_HOSTED
static inline void account_time(struct trace_counter *counter, uint64_t ns)
{
    counter->ns += ns;
}

static inline void account_observed(struct vm *vm, const struct trace_event *event, uint64_t ns)
{
    struct trace_counters *counters = &vm->counters;

    if (UNLIKELY(ns && event->action == TRACE_EMULATE))
        account_emulated(counters, event->insn, ns);
    if (UNLIKELY(event->action == TRACE_PARA))
        counters->para[event->count].ns += ns;
    if (UNLIKELY(vm->vmm->host.trace))
        vm->vmm->host.trace(vm->vmm->host.owner, event);
    if (UNLIKELY(vm->vmm->host.kept))
        account_keep(vm, event);
}
#else
static inline void account_time(struct trace_counter *counter, uint64_t ns)
{
    (void)counter, (void)ns;
}

static inline void account_observed(struct vm *vm, const struct trace_event *event, uint64_t ns)
{
    (void)vm, (void)event, (void)ns;
}
#endif

static inline void account_add(struct trace_counter *counter, uint64_t ns)
{
    counter->count++;
    account_time(counter, ns);
}

/* Count an action for a VM, with its host time. */
static inline void account_tell(struct vm *vm, const struct trace_event *event, uint64_t ns)
{
    struct trace_counters *counters = &vm->counters;

    vm->vmm->events++;
    account_add(&counters->action[event->action], ns);
    account_observed(vm, event, ns);
}

#endif
