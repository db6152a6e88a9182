/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * quiet.h - the short ways through an exit whose single steps nobody observes: no event is told and
 * no probe asked. What the guest and the counters see is the same as on the long way (dispatch.c),
 * and a test compares them. Which exits may go it is decided in vcpu.c, for which alone this is:
 * functions in a header, so that compilers inline them.
 */
#ifndef PZ_VMM_QUIET_H
#define PZ_VMM_QUIET_H

#include "vmm/account.h"
#include "vmm/board/sbi_nested.h"
#include "vmm/dispatch.h"
#include "vmm/para.h"

#define NOINLINE __attribute__((noinline))

/* Many exits of one vCPU, between which the engine is not left. */
struct stay {
    struct vm *vm;
    uint64_t end;   /* in retired instructions */
    uint64_t look;  /* the same: when interrupts must be looked at again, or the stay is over */
    uint64_t exits; /* if they have a price: so many have been paid for */
    uint64_t deadline; /* the timer's, when `look` was decided */
    size_t emulated;   /* exits that have gone the short way, and are not in the counters yet */

    /* Who observes changes between stays only. A monitor without a host has none of these. */
    bool quiet;                /* nobody observes the single steps of an exit */
    bool stops;                /* the host has set places where guests stop */
    bool translates;           /* the guest's kernel is translated */
    struct trace_buffer *kept; /* where events are kept; NULL: nowhere */

    bool crosses; /* the engine does (ops.h) */
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

/* The counters are right again. To be done before anybody looks. */
static inline void stay_settle(struct stay *stay)
{
    if (stay->emulated)
        dispatch_count_quiet(stay->vm, stay->emulated);
    stay->emulated = 0;
}

/*
 * An event to be kept: begun before the exit is handled, and kept afterwards. As account_event()
 * makes it, but where it is to lie: field by field, and `tables` later.
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

/* The trap was a program's, and its kernel has it now. */
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
 * The short way through an exit whose steps nobody observes; its event is kept all the same. It
 * calls dispatch_quietly() in only one place, so that compilers inline it.
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

/* What a program is refused: its kernel's to see. */
static inline bool is_refused(const struct hart *hart, const struct insn *insn)
{
    return insn->privilege != INSN_USER && !csr_open_to_user(hart, (enum csr_id)insn->csr);
}

/*
 * The short way of a program's traps, system calls above all, and of a guest's guest's: it is as if
 * an instruction had changed the mode.
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
 * The short way of a monitor that enters a guest of its own: its timer is set, so all is looked at
 * anew, as after a WFI.
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

/* The short way of a kernel's calls: anything may come of them. */
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
 * The short way of an access that has met a page fault. A shadow entry changes nothing else; but
 * anything may come of an access to a device or a page table, as of a WFI. A page that guest and
 * monitor share has no part in either.
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
