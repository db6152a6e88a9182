/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * quiet.h - the fast paths through an exit whose steps nobody observes: they report no event and
 * call no probe. Guests and counters see the same as on the slow path (dispatch.c), and a test
 * compares both. vcpu.c decides which exits may take a fast path. This header is for vcpu.c only:
 * its functions are here so that compilers inline them.
 */
#ifndef PZ_VMM_QUIET_H
#define PZ_VMM_QUIET_H

#include "vmm/account.h"
#include "vmm/board/sbi_nested.h"
#include "vmm/dispatch.h"
#include "vmm/para.h"

#define NOINLINE __attribute__((noinline))

/* A stay: many exits of one vCPU without returning from the engine. */
struct stay {
    struct vm *vm;
    uint64_t end;   /* retired count at which the stay is over */
    uint64_t look;  /* retired count at which interrupts must be checked, or the stay is over */
    uint64_t exits; /* exits charged so far, if exits have a price */
    uint64_t deadline; /* of the timer, when `look` was set */
    size_t emulated;   /* fast exits that are not in the counters yet */

    /* Observers change only between stays. A monitor without a host has none. */
    bool quiet;                /* nobody observes the single steps of an exit */
    bool stops;                /* the host has set places where guests stop */
    bool translates;           /* the guest's kernel is translated */
    struct trace_buffer *kept; /* where events are kept; NULL: nowhere */

    bool crosses; /* the engine delivers traps across modes (ops.h) */
};

static inline bool stay_is_quiet(const struct stay *stay)
{
    return !PZ_HOSTED || stay->quiet;
}

static inline bool stay_stops(const struct stay *stay)
{
    return PZ_HOSTED && UNLIKELY(stay->stops);
}

static inline bool stay_translates(const struct stay *stay)
{
    return PZ_HOSTED && UNLIKELY(stay->translates);
}

static inline bool stay_is_kept(const struct stay *stay)
{
    return PZ_HOSTED && UNLIKELY(stay->kept);
}

/* Bring the counters up to date, before anything reads them. */
static inline void stay_settle(struct stay *stay)
{
    if (stay->emulated)
        dispatch_count_quiet(stay->vm, stay->emulated);
    stay->emulated = 0;
}

/*
 * Build an event to keep: begun before the exit is handled, and finished afterwards. The same as
 * account_event(), but written straight into the buffer; `tables` is set at the end.
 */
static NOINLINE void begin_event(const struct vm *vm, const struct trap *trap)
{
    struct trace_buffer *kept = vm->vmm->host.kept;
    struct trace_event *event = &kept->at[kept->count];
    const struct hart *hart = &vm->cpu->hart;

    event->vm = vm->id;
    event->action = TRACE_EMULATE;
    event->mode = hart->mode;
    event->cpu = vm->board.harts.current;
    event->translated = false;
    event->retired = vm_retired(vm);
    event->time = hart->retired + hart->skipped;
    event->pc = hart->pc;
    event->cause = trap->cause;
    event->tval = event->insn = trap->tval;
    event->count = 0;
}

static NOINLINE void keep_event(struct vm *vm)
{
    struct trace_buffer *kept = vm->vmm->host.kept;

    kept->at[kept->count].tables = vm->shadow.tables;
    trace_keep(kept);
}

/* The trap came from virtual user mode, and was injected into the kernel. */
static NOINLINE void keep_passed(struct vm *vm)
{
    struct trace_buffer *kept = vm->vmm->host.kept;
    struct trace_event *event = &kept->at[kept->count];

    event->action = TRACE_INJECT;
    if (event->cause == CAUSE_ECALL_USER)
        event->insn = insn_desc(INSN_ecall)->match;
    keep_event(vm);
}

/*
 * The fast path for an emulated instruction. dispatch_quietly() is called in only one place, so
 * that compilers inline it.
 */
static inline bool quiet_insn(struct stay *stay, const struct trap *trap,
                              const struct insn *insn, enum exec_event *event)
{
    struct vm *vm = stay->vm;

    if (stay_is_kept(stay))
        begin_event(vm, trap);
    if (!dispatch_quietly(vm, insn, event))
        return false;
    if (stay_is_kept(stay))
        keep_event(vm);
    stay->emulated++;
    return true;
}

/* Is the instruction illegal in user mode, so that the guest's kernel must see it? */
static inline bool is_refused(const struct hart *hart, const struct insn *insn)
{
    return insn->privilege != INSN_USER && !csr_open_to_user(hart, (enum csr_id)insn->csr);
}

/*
 * The fast path for traps in virtual user mode, mostly system calls, and for those of a nested
 * guest: the effect is as if an instruction had changed the mode.
 */
static inline bool quiet_pass(const struct stay *stay, const struct trap *trap,
                              const struct insn *insn, enum exec_event *event)
{
    struct vm *vm = stay->vm;
    bool illegal = trap->cause == CAUSE_ILLEGAL_INSN;
    const struct trap refused = {.cause = trap->cause, .tval = illegal ? insn->raw : 0};

    if (illegal && !is_refused(&vm->cpu->hart, insn))
        return false;
    if (stay_is_kept(stay))
        begin_event(vm, trap);
    dispatch_pass_quietly(vm, &refused);
    if (stay_is_kept(stay))
        keep_passed(vm);
    vm->vmm->events++;
    *event = EXEC_SRET;
    return true;
}

/*
 * The fast path for a nested monitor that enters a guest of its own. This sets its timer, so
 * everything is checked again, as after a WFI.
 */
static inline bool quiet_enter(const struct stay *stay, enum exec_event *event)
{
    struct vm *vm = stay->vm;

    if (vm->cpu->hart.mode == HART_USER || !sbi_nested_is_entry(&vm->cpu->hart) ||
        stay_is_kept(stay) || para_shares(vm))
        return false;
    dispatch_serve_quietly(vm);
    vm->vmm->events++;
    *event = EXEC_WFI;
    return true;
}

/*
 * The fast path for ECALLs of a guest kernel. Their effect can be anything, so all is checked
 * again, as after a WFI.
 */
static NOINLINE bool quiet_call(const struct stay *stay, enum exec_event *event)
{
    if (stay_is_kept(stay) || stay_stops(stay))
        return false;
    dispatch_call_quietly(stay->vm);
    stay->vm->vmm->events++;
    *event = EXEC_WFI;
    return true;
}

/*
 * The fast path for a page fault. Filling a shadow entry changes nothing else, but an access to a
 * device or a page table can have any effect, as a WFI can. Neither involves the page that guest
 * and monitor share.
 */
static NOINLINE bool quiet_fault(const struct stay *stay, const struct trap *trap,
                                 const struct insn *insn, enum exec_event *event)
{
    struct vm *vm = stay->vm;
    enum dispatch_fault done;

    if (stay_is_kept(stay) || stay_stops(stay))
        return false;
    done = dispatch_fault_quietly(vm, trap, insn);
    if (done == DISPATCH_NOTHING)
        return false;
    vm->vmm->events++;
    *event = done == DISPATCH_FILLED ? EXEC_NOTHING : EXEC_WFI;
    return true;
}

#endif
