/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vcpu.c - the inner loop that turns one engine into many computers. Compare bare.c, the same loop
 * without a monitor. Pending interrupts are checked before every entry, so that none is lost
 * between a WFI, a CSR write and a world switch.
 *
 *    vcpu_enter(): one exit               vcpu_stay(): many, the engine is not left in between
 *
 *      prepare()    interrupts, world,      prepare()
 *                   address space           engine_run_handled()
 *      run_guest()  engine_run()              exit_in_stay()   handle_exit(), prepare(); or if
 *      handle_exit()                                           nobody looks on, the short way
 */
#include "vmm/vcpu.h"

#include "vmm/account.h"
#include "vmm/assert.h"
#include "vmm/assist.h"
#include "vmm/dirty.h"
#include "vmm/dispatch.h"
#include "vmm/hybrid.h"
#include "vmm/interpret.h"
#include "vmm/para.h"
#include "vmm/parts.h"
#include "vmm/probe.h"
#include "vmm/quiet.h"
#include "vmm/stops.h"
#include "vmm/translate.h"

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* ---- Before the guest runs ---- */

static NOINLINE void take_interrupt(struct vm *vm, uint32_t cause)
{
    struct trace_event event = account_event(vm, cause, 0);
    struct trap trap = {.cause = cause};

    if (vmm_stops(vm->vmm))
        stops_exit(vm);
    para_trap(vm, &trap);
    engine_unpass(vm->vmm->engine);
    PROBE(vm, PROBE_INTERRUPT, .trap = &trap);
    event.action = TRACE_INTERRUPT;
    account_tell(vm, &event, 0);
}

/* Returns whether an interrupt was taken. */
static inline bool take_interrupts(struct vm *vm)
{
    uint32_t cause = parts_interrupt(vm);

    if (para_shares(vm))
        cause = para_look(vm, cause);
    PROBE(vm, PROBE_LOOK);
    if (UNLIKELY(cause))
        take_interrupt(vm, cause);
    return cause;
}

/* Does the host want to look before the guest goes on? */
static inline bool must_stop(struct vm *vm)
{
    return UNLIKELY(vmm_stops(vm->vmm)) && stops_ask(vm);
}

/*
 * Debug builds check the shadow's invariant at each world switch if the shadow has changed,
 * provided that the parts are the monitor's own.
 */
static void check_shadow(struct vm *vm)
{
    struct shadow *shadow = &vm->shadow;
    uint64_t changes = shadow->fills + shadow->drops;

    if (!PZ_DEBUG || !parts_own(vm->vmm) || shadow->checked == changes)
        return;
    ASSERT(vm_shadow_check(vm, NULL) == 0);
    shadow->checked = changes;
}

/* A world switch: another VM's registers and address space. Registers live in its hart. */
static NOINLINE void switch_world(struct vm *vm)
{
    struct vmm *vmm = vm->vmm;
    struct trace_event event = account_event(vm, 0, 0);
    const struct vm *from = vmm->current;

    check_shadow(vm);
    vmm->current = vm;
    vmm->switches++;
    PROBE(vm, PROBE_SWITCH, .from = from);
    event.action = TRACE_SWITCH;
    account_tell(vm, &event, 0);
}

/* Set the CPU to the shadow of the virtual CPU's address space. */
static bool set_shadow(struct vm *vm)
{
    struct engine *engine = vm->vmm->engine;
    struct engine_space space = {.deprivileged = true, .root = vm->vmm->cpu.root};

    if (!parts_goes_on(vm) &&
        shadow_follow(&vm->shadow, &vm->cpu->hart, &space.root) != SHADOW_OK) {
        vm_kill(vm, VM_NO_MEMORY);
        return false;
    }
    vm->vmm->cpu.root = space.root;
    translate_choose(vm, &space);
    if (!engine->space.deprivileged || engine->space.root != space.root ||
        engine->space.in_place != space.in_place || engine->space.asked != space.asked)
        engine_set_space(engine, &space);
    if (!PZ_HOSTED && engine->crosses)
        engine->other = engine->worlds ? 0 : shadow_other(&vm->shadow, &vm->cpu->hart);
    PROBE(vm, PROBE_SPACE, .root = space.root);
    return true;
}

/* An engine that crosses modes may have changed the mode, and the address space with it. */
static inline void follow_engine(const struct stay *stay)
{
    struct vm *vm = stay->vm;

    if (!PZ_HOSTED && stay->crosses)
        (void)shadow_follow(&vm->shadow, &vm->cpu->hart, &vm->vmm->cpu.root);
}

/* Set the CPU to the virtual CPU's address space. */
static inline bool set_space(struct vm *vm)
{
    struct engine *engine = vm->vmm->engine;

    if (PZ_HOSTED && vm->variant.set)
        engine->variant = &vm->variant;
    engine->pauses = vm->board.harts.count > 1;
    engine->worlds = vm->board.harts.of[vm->board.harts.current].nested != HARTS_NOT_NESTED;
    if (!assist_runs(vm))
        return set_shadow(vm);
    assist_set_space(vm);
    return true;
}

/* All virtual CPUs wait: advance `time`, and give the rest of the slice to another VM. */
static void sleep_for(struct vm *vm, uint64_t ticks)
{
    uint64_t wake = hart_time(&vm->cpu->hart) + ticks;

    vm->yields = true;
    if (ticks == BOARD_NEVER)
        return;
    if (wake > vm->vmm->horizon) {
        vm->wake = wake;
        return;
    }
    vm->cpu->hart.skipped += ticks;
    vm->slept = ticks;
}

static bool turn_is_over(const struct vm *vm)
{
    return harts_turn_is_over(&vm->board.harts, &vm->cpu->hart);
}

/* After waiting, the VM goes on in its next turn, unless there is none. */
static bool has_slept(const struct vm *vm)
{
    return vm->slept && vm_retired(vm) < vm->config.limit;
}

/*
 * Begin the next virtual CPU's turn. Done at the end of a stay rather than before the next, so that
 * the state in between does not depend on how the run was cut.
 */
static NOINLINE void next_turn(struct vm *vm)
{
    const struct vmm_host *host = &vm->vmm->host;
    const struct vmm_stops *stops = vmm_stops(vm->vmm);

    if (stops && stops->turn)
        stops->turn(stops->turn_owner, vm);
    else if (PZ_HOSTED && host->insn)
        (void)host->insn(host->owner, vm);
    while (turn_is_over(vm) && vm->board.power == BOARD_ON && !vm->wake && !has_slept(vm)) {
        struct vcpu *last = vm->cpu;
        uint64_t ticks;
        unsigned next = board_next_hart(&vm->board, &last->hart, &ticks);

        if (next == HARTS_NOBODY) {
            sleep_for(vm, ticks);
            continue;
        }
        vm->cpu = &vm->vcpus[next];
        harts_begin_turn(&vm->board, next, &last->hart, &vm->cpu->hart);
    }
}

/* Prepare the guest to go on within a turn. False: it does not go on now. */
static bool prepare(struct vm *vm, uint64_t cut)
{
    bool interrupted;

    PROBE(vm, PROBE_ENTER);
    interrupted = !parts_goes_on(vm) && take_interrupts(vm);
    if (UNLIKELY(vm->vmm->current != vm))
        switch_world(vm);
    if (UNLIKELY(interrupted) && must_stop(vm))
        return false;
    if (!cut || vm->vmm->halt || vm->board.power != BOARD_ON ||
        !(hybrid_interprets(vm) || set_space(vm)))
        return false;
    PROBE(vm, PROBE_RESUME);
    return true;
}

/* Prepare the guest at the beginning of a stay, when all its CPUs may have been waiting. */
static bool begin_stay(struct vm *vm, uint64_t cut)
{
    if (UNLIKELY(turn_is_over(vm))) {
        next_turn(vm);
        if (turn_is_over(vm))
            return false;
    }
    return prepare(vm, cut);
}

/* ---- An exit ---- */

/* An exit in which the guest asked for a restart counts as a restart only. */
static inline void note_restart(const struct vm *vm, struct trace_event *event)
{
    if (UNLIKELY(vm->board.power == BOARD_RESTART))
        event->action = TRACE_RESTART;
}

/* Report an exit, or, if its handling was cut short, save the report for its end. */
static inline void exit_handled(struct vm *vm, const struct trace_event *event, uint64_t ns)
{
    if (PZ_HOSTED && event->cause < CAUSE_EXCEPTIONS)
        account_add(&vm->counters.cause[event->cause], ns);
    if (vm_interprets(vm))
        vm->cpu->handled = *event;
    else
        account_tell(vm, event, ns);
}

/* The bits of the instruction that trapped, read from memory only if tval does not hold them. */
static uint32_t trapped_insn(struct vm *vm, const struct trap *trap)
{
    switch (trap->cause) {
    case CAUSE_ILLEGAL_INSN:
    case CAUSE_VIRTUAL_INSN: return trap->tval;
    case CAUSE_ECALL_VIRTUAL:
    case CAUSE_ECALL_USER: return insn_desc(INSN_ecall)->match;
    default: return vm_insn_at(vm, vm->cpu->hart.pc);
    }
}

static inline bool is_told(const struct vm *vm)
{
    return PZ_HOSTED && (vm->vmm->host.trace || vm->vmm->host.kept);
}

/* `insn`: the engine's decoding of the instruction that trapped, if it has one. */
static void handle_exit(struct vm *vm, const struct trap *trap, const struct insn *insn,
                        uint64_t most, uint64_t cut)
{
    struct trace_event event;
    uint64_t before = account_clock(vm->vmm);

    if (UNLIKELY(vmm_stops(vm->vmm)))
        stops_exit(vm);
    vm->counters.exits++;
    PROBE(vm, PROBE_EXIT, .trap = trap);
    /* filled in completely only if it may be observed, now or when a cut exit is finished */
    if (UNLIKELY(is_told(vm) || cut != UINT64_MAX)) {
        event = account_event(vm, trap->cause, trap->tval);
        event.insn = is_told(vm) ? trapped_insn(vm, trap) : 0;
    } else {
        event.cause = trap->cause;
        event.insn = event.count = 0;
    }
    dispatch_trap(vm, trap, insn, most, cut, &event);
    note_restart(vm, &event);
    exit_handled(vm, &event, account_clock(vm->vmm) - before);
}

/* Finish an exit that was cut short; it has been counted already. */
static void go_on_with_exit(struct vm *vm, uint64_t cut)
{
    uint64_t before = account_clock(vm->vmm), ns;

    dispatch_go_on(vm, cut, &vm->cpu->handled);
    note_restart(vm, &vm->cpu->handled);
    ns = account_clock(vm->vmm) - before;
    if (!vm_interprets(vm))
        account_tell(vm, &vm->cpu->handled, ns);
}

static void restart(struct vm *vm)
{
    if (vm_restart(vm))
        PROBE(vm, PROBE_RESTART);
}

/* Restart the machine, or end the VM if the board is off. */
static NOINLINE void heed_power(struct vm *vm)
{
    static const uint8_t end[] = {
        [BOARD_ON] = VM_RUNS,   [BOARD_OFF] = VM_OFF,     [BOARD_FAILED] = VM_FAILED,
        [BOARD_IDLE] = VM_IDLE, [BOARD_STUCK] = VM_STUCK,
    };

    if (vm->board.power == BOARD_RESTART)
        restart(vm);
    if (vm->board.power == BOARD_ON)
        return;
    vm_kill(vm, (enum vm_end)end[vm->board.power]);
    PROBE(vm, PROBE_END);
}

static inline void note_power(struct vm *vm)
{
    if (UNLIKELY(vm->board.power != BOARD_ON))
        heed_power(vm);
}

/* After a restart, turns begin anew, and there is no next instruction to check. */
static inline void stay_ended(struct vm *vm)
{
    if (UNLIKELY(turn_is_over(vm)) && vm->board.power != BOARD_RESTART)
        next_turn(vm);
    note_power(vm);
}

/* ---- May a VM run? ---- */

uint64_t vcpu_allowance(const struct vm *vm)
{
    uint64_t now = hart_time(&vm->cpu->hart), horizon = vm->vmm->horizon;
    uint64_t limit = vm->config.limit;

    limit = limit > vm_retired(vm) ? limit - vm_retired(vm) : 0;
    if (horizon == VMM_NO_HORIZON)
        return limit;
    return smaller(limit, horizon > now ? horizon - now : 0);
}

bool vcpu_awake_own(struct vm *vm)
{
    if (!vm->wake)
        return true;
    if (vm->wake > vm->vmm->horizon)
        return false;
    vm->cpu->hart.skipped += vm->wake - hart_time(&vm->cpu->hart);
    vm->wake = 0;
    return true;
}

bool vcpu_awake(struct vm *vm)
{
    return parts_own(vm->vmm) ? vcpu_awake_own(vm) : vm->vmm->parts->awake(vm);
}

/* ---- One stay: until an exit has been handled, or a cut ---- */

/* The engine has returned for a reason other than a trap. */
static void heed_engine(struct vm *vm, const struct engine_exit *exit)
{
    if (exit->stop == ENGINE_AT_STOP)
        stops_met(vm);
    if (exit->stop == ENGINE_EVENT && exit->event == EXEC_PAUSE)
        harts_pause(&vm->board);
}

/* Run the guest on the CPU, or by the interpreter in its place. */
static void run_some(struct vm *vm, uint64_t budget, struct engine_exit *exit)
{
    if (hybrid_interprets(vm))
        hybrid_run(vm, budget, exit);
    else if (!parts_own(vm->vmm) && !assist_runs(vm))
        parts_run(vm, budget, exit);
    else
        engine_run(vm->vmm->engine, &vm->cpu->hart, budget, exit);
}

/* Has the interpreter reached the point where hybrid_run() would have returned? */
static bool hybrid_ends(const struct vm *vm)
{
    return !hybrid_interprets(vm) || interpret_must_look(vm);
}

/* Run instruction by instruction, with a check in between. */
static void run_asked(struct vm *vm, uint64_t budget, struct engine_exit *exit)
{
    const struct vmm_host *host = &vm->vmm->host;
    uint64_t end = vm->cpu->hart.retired + budget;
    bool hybrid = hybrid_interprets(vm);

    do
        run_some(vm, 1, exit);
    while (exit->stop == ENGINE_BUDGET && !host->insn(host->owner, vm) &&
           vm->cpu->hart.retired < end && !(hybrid && hybrid_ends(vm)));
}

/*
 * Total instructions that the engine has not run directly, for all VMs. One that trapped and was
 * emulated by the engine counts as an exit.
 */
struct indirect {
    uint64_t interpreted, translated, emulated, called;
};

static struct indirect indirect_of(const struct engine *engine)
{
    return (struct indirect){engine->interpreted, engine->translated, engine->emulated,
                             engine->called};
}

static void count_indirect(struct vm *vm, const struct indirect *before)
{
    vm->counters.interpreted += vm->vmm->engine->interpreted - before->interpreted;
    vm->counters.translated += vm->vmm->engine->translated - before->translated;
    if (!PZ_HOSTED && vm->vmm->engine->emulated != before->emulated)
        dispatch_count_quiet(vm, (size_t)(vm->vmm->engine->emulated - before->emulated));
    if (!PZ_HOSTED)
        dispatch_count_passed(vm, (size_t)(vm->vmm->engine->called - before->called));
}

static void run_guest(struct vm *vm, uint64_t most, uint64_t cut)
{
    const struct indirect indirect = indirect_of(vm->vmm->engine);
    uint64_t start = vm->cpu->hart.retired, ran;
    struct engine_exit exit;

    if (PZ_HOSTED && vm->vmm->host.insn && smaller(most, cut))
        run_asked(vm, smaller(most, cut), &exit);
    else
        run_some(vm, smaller(most, cut), &exit);
    ran = vm->cpu->hart.retired - start;
    count_indirect(vm, &indirect);
    heed_engine(vm, &exit);
    if (exit.stop == ENGINE_TRAP && !translate_ran(vm, &exit.trap, NULL) &&
        !translate_called(vm, &exit.trap, NULL) && !dirty_resolved(vm, &exit.trap))
        handle_exit(vm, &exit.trap, NULL, most - ran, cut - ran);
}

/* How many instructions may retire before interrupts must be checked. */
static uint64_t budget_of(struct vm *vm)
{
    uint64_t retired = vm->cpu->hart.retired;

    if (!parts_goes_on(vm))
        vm->vmm->cpu.look = retired + smaller(parts_budget(vm), UINT64_MAX - retired);
    return vm->vmm->cpu.look - retired;
}

/*
 * No interrupt can become due within an exit that was cut, because anything that makes one due ends
 * the exit. See interpret_must_look(), and board_budget() here.
 */
void vcpu_enter(struct vm *vm, uint64_t most, uint64_t cut)
{
    if (vm_interprets(vm))
        go_on_with_exit(vm, cut);
    else if (begin_stay(vm, cut))
        run_guest(vm, smaller(most, budget_of(vm)), cut);
    stay_ended(vm);
}

/* ---- Many exits in one stay ---- */

/* How many instructions may retire next. */
static uint64_t stay_budget(struct stay *stay)
{
    const struct hart *hart = &stay->vm->cpu->hart;
    uint64_t budget = smaller(stay->end - hart->retired, parts_budget(stay->vm));

    stay->look = hart->retired + budget;
    stay->deadline = stay->vm->board.deadline;
    return budget;
}

static bool stay_is_over(const struct stay *stay)
{
    const struct vm *vm = stay->vm;

    return !vm_alive(vm) || vm->yields || vm_interprets(vm) || vm->vmm->halt ||
           vm->cpu->hart.retired >= stay->end || turn_is_over(vm);
}

static inline bool has_price(const struct stay *stay)
{
    return PZ_HOSTED && UNLIKELY(stay->vm->vmm->sched.exit_price);
}

/*
 * If exits have a price (sched_account.h), move the stay's end forward by the price of new exits.
 */
static NOINLINE void pay(struct stay *stay)
{
    const struct vm *vm = stay->vm;
    uint64_t left = stay->end - vm->cpu->hart.retired;
    uint64_t price;

    stay_settle(stay);
    price = (vm->counters.exits - stay->exits) * vm->vmm->sched.exit_price;

    stay->exits = vm->counters.exits;
    stay->end -= smaller(left, price);
    stay->look = smaller(stay->look, stay->end);
}

/* Try the fast paths. True: the exit has been handled, or was none. */
static inline bool is_soon_over(struct stay *stay, const struct trap *trap,
                                const struct insn *insn, enum exec_event *event)
{
    *event = EXEC_NOTHING;
    if (stay_stops(stay) && translate_ran(stay->vm, trap, insn))
        return true;
    if (stay_translates(stay) && translate_is_access(trap) &&
        translate_called(stay->vm, trap, insn)) {
        *event = EXEC_WFI;
        return true;
    }
    if (!stay_is_quiet(stay))
        return dirty_resolved(stay->vm, trap);
    if (trap->cause == CAUSE_LOAD_PAGE_FAULT || trap->cause == CAUSE_STORE_PAGE_FAULT)
        return dirty_resolved(stay->vm, trap) ||
               (PZ_HOSTED && insn && quiet_fault(stay, trap, insn, event));
    if (trap->cause != CAUSE_ECALL_USER && (trap->cause != CAUSE_ILLEGAL_INSN || !insn))
        return dirty_resolved(stay->vm, trap);
    if (stay->vm->cpu->hart.mode == HART_USER && quiet_pass(stay, trap, insn, event))
        return true;
    if (PZ_HOSTED && trap->cause == CAUSE_ECALL_USER &&
        stay->vm->cpu->hart.mode == HART_SUPERVISOR)
        return quiet_call(stay, event);
    return insn ? quiet_insn(stay, trap, insn, event) : quiet_enter(stay, event);
}

/*
 * Does the guest go on at once after a fast path? The pending set changes only at `look` or by an
 * exit that affects devices. So if the interrupt enables and the mode are unchanged, there is
 * nothing to do; otherwise check whether an interrupt is deliverable now, and follow the mode and
 * the mapping. A fence changes neither, but type 1 must check whether it still knows the other
 * mode's root. A shared page must be checked if its pending set is out of date. Firmware that
 * relays traps sets the timer (sbi_nested.c).
 */
static inline bool goes_on(const struct stay *stay, enum exec_event event)
{
    struct vm *vm = stay->vm;
    const struct hart *hart = &vm->cpu->hart;

    if (hart->retired >= stay->look || vm->board.deadline != stay->deadline ||
        (stay_stops(stay) && stops_ask(vm)))
        return false;
    if (event == EXEC_NOTHING || (PZ_HOSTED && event == EXEC_SFENCE_VMA))
        return true;
    return (event == EXEC_CSR || event == EXEC_SRET) && vm->board.power == BOARD_ON &&
           !para_lags(vm) && !hart_interrupt(hart) && set_space(vm);
}

/* The work of vcpu_enter() between two runs. False: the stay is over. */
static bool stays_on(struct stay *stay, uint64_t *budget)
{
    struct vm *vm = stay->vm;

    /* Power changes are handled at the end of the stay, when another CPU may get its turn. */
    if (UNLIKELY(vm->board.power != BOARD_ON))
        return false;
    if (stay_is_over(stay) || must_stop(vm) || !prepare(vm, UINT64_MAX))
        return false;
    *budget = stay_budget(stay);
    return true;
}

/*
 * The engine calls this instead of stopping. It does the work of vcpu_enter() between two runs;
 * after an instruction that changed only the virtual CPU's registers, there is none.
 */
static bool exit_in_stay(void *owner, const struct trap *trap, const struct insn *insn,
                         uint64_t *budget)
{
    struct stay *stay = owner;
    struct vm *vm = stay->vm;
    const struct hart *hart = &vm->cpu->hart;
    enum exec_event event;

    follow_engine(stay);
    if (stay_stops(stay))
        stops_exit(vm);
    if (is_soon_over(stay, trap, insn, &event)) {
        if (has_price(stay))
            pay(stay);
        if (goes_on(stay, event)) {
            *budget = stay->look - hart->retired;
            return true;
        }
    } else {
        stay_settle(stay);
        handle_exit(vm, trap, insn, stay->end - hart->retired, UINT64_MAX);
        if (has_price(stay))
            pay(stay);
    }
    stay_settle(stay);
    return stays_on(stay, budget);
}

/* Is there no new work to do after the callout, and none due earlier than before? */
static inline bool changes_nothing(const struct stay *stay)
{
    struct vm *vm = stay->vm;

    return vm->board.power == BOARD_ON && !stay_is_over(stay) && !parts_interrupt(vm) &&
           vm->board.power == BOARD_ON &&
           parts_budget(vm) >= stay->look - vm->cpu->hart.retired;
}

/*
 * The engine is about to execute an access that it may have no entry for. Only used when nothing
 * observes callouts; otherwise they trap (translate_called()). A write to a page table may have
 * changed the next instruction.
 */
static enum engine_offered access_in_stay(void *owner, const struct engine_access *access,
                                          uint64_t *budget)
{
    struct stay *stay = owner;
    struct vm *vm = stay->vm;
    enum trace_action action;

    if (!adapt_calls(&vm->adapt, vm->cpu->hart.pc, access->insn->raw) ||
        !dispatch_callout(vm, access->insn, access->va, access->access, &action))
        return ENGINE_REFUSED;
    if (action == TRACE_MMIO && changes_nothing(stay))
        return ENGINE_DONE;
    return stays_on(stay, budget) ? ENGINE_GOES_ON : ENGINE_ENDS;
}

/* Is its kernel interpreted, or each instruction observed? */
static bool is_stepped(const struct vm *vm)
{
    return PZ_HOSTED &&
           (vm->vmm->host.insn || vm->config.monitor == VM_HYBRID || !parts_own(vm->vmm));
}

void vcpu_stay(struct vm *vm, uint64_t most)
{
    struct engine *engine = vm->vmm->engine;
    const struct vmm_host *host = &vm->vmm->host;
    struct stay stay = {
        .vm = vm,
        .quiet = !host->trace && !host->clock && !host->probe && !vm->variant.set,
        .stops = vmm_stops(vm->vmm),
        .translates = vm->config.monitor == VM_TRANSLATE,
        .kept = host->kept,
        .crosses = engine->crosses,
        .exits = vm->counters.exits,
    };
    struct engine_handler handler = {.trap = exit_in_stay, .owner = &stay};
    const struct indirect indirect = indirect_of(engine);
    struct engine_exit exit;

    /* the interpreter, or a check between instructions: one stay at a time */
    if (vm_interprets(vm) || is_stepped(vm)) {
        vcpu_enter(vm, most, UINT64_MAX);
        return;
    }
    if (stay_translates(&stay) && stay.quiet && !stay.stops)
        handler.access = access_in_stay;
    if (begin_stay(vm, UINT64_MAX)) {
        stay.end = vm->cpu->hart.retired + most;
        engine_run_handled(engine, &vm->cpu->hart, stay_budget(&stay), &handler, &exit);
        stay_settle(&stay);
        count_indirect(vm, &indirect);
        heed_engine(vm, &exit);
    }
    stay_ended(vm);
}
