/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timeline_run.c - running forwards: the monitor's turns, cut where an observer wants to stop,
 * with recording before and after each turn.
 */
#include <inttypes.h>

#include "tools/travel/statehash.h"
#include "tools/travel/timeline_internal.h"
#include "vmm/stops.h"

/* ---- Turns ---- */

static void set_pauses(struct timeline *timeline)
{
    const struct recording_list *list = &timeline->recording->lists[RECORDING_PAUSES];
    const struct recording_pause *rows = (const void *)list->at;
    uint64_t turn = timeline->moment.turns;
    size_t i = recording_find(list, RECORDING_PAUSES, turn);

    for (; i < list->count && rows[i].turn == turn; i++)
        timeline->machine.vms[rows[i].vm].paused = rows[i].paused;
}

/* Before a turn: apply what the host did at that time in the recording. */
static void prepare_turn(struct timeline *timeline)
{
    if (timeline->prepared || timeline->machine.vmm.turn.vm)
        return;
    timeline->prepared = true;
    if (!timeline->recording)
        return;
    timeline->machine.vmm.horizon =
        recording_horizon(timeline->recording, timeline->moment.turns);
    set_pauses(timeline);
}

static void check(struct timeline *timeline, const struct recording_check *expected)
{
    uint64_t hash = timeline_hash(timeline);

    if (hash == expected->hash && timeline->retired == expected->retired)
        return;
    ports_differ(&timeline->ports,
                 "after turn %" PRIu64 ", %" PRIu64
                 " instructions, the state is another than in "
                 "the recording (%" PRIu64 " instructions; hash %016" PRIx64
                 ", recorded %016" PRIx64 ")",
                 expected->turn, timeline->retired, expected->retired, hash, expected->hash);
}

static void check_turn(struct timeline *timeline)
{
    const struct recording_list *list = &timeline->recording->lists[RECORDING_CHECKS];
    const struct recording_check *rows = recording_checks(list);
    size_t i = recording_find(list, RECORDING_CHECKS, timeline->moment.turns);

    if (i < list->count && rows[i].turn == timeline->moment.turns)
        check(timeline, &rows[i]);
}

static void end_turn(struct timeline *timeline)
{
    timeline->moment.turns++;
    timeline->prepared = false;
    if (timeline->recording)
        check_turn(timeline);
}

struct vm *timeline_vm(struct timeline *timeline)
{
    struct vm *vm;

    prepare_turn(timeline);
    known_before_turn(timeline);
    vm = vmm_next(&timeline->machine.vmm);
    known_in_turn(timeline, vm);
    return vm;
}

/* Where the recording ends, whether or not its guests have ended. */
static bool is_over(const struct timeline *timeline)
{
    const struct recording *recording = timeline->recording;

    return recording && timeline->moment.turns >= recording->turns;
}

/* The guests wait for ever, or have ended: is that what was recorded? */
static enum timeline_result no_turn(struct timeline *timeline, enum vmm_status status)
{
    if (timeline->recording && timeline->recording->turns != UINT64_MAX) {
        ports_differ(
            &timeline->ports,
            "no VM goes on after turn %" PRIu64 "; in the recording %" PRIu64 " turns follow",
            timeline->moment.turns, timeline->recording->turns - timeline->moment.turns);
        return TIMELINE_DIVERGED;
    }
    return status == VMM_DONE ? TIMELINE_ENDED : TIMELINE_WAITING;
}

/* What a VM was like before a step, to see what the step did. */
struct before {
    uint64_t retired, exits, traps, events;
    bool interpreting;
};

static struct before look(const struct timeline *timeline, const struct vm *vm)
{
    return (struct before){vm_retired(vm), vm->counters.exits, vm->board.traps,
                           timeline->machine.vmm.events, vm->cpu->interpreting};
}

static void account(struct timeline *timeline, struct vm *vm, const struct before *before,
                    struct advance *advance)
{
    const struct vmm *vmm = &timeline->machine.vmm;
    bool exit = vm->counters.exits != before->exits || before->interpreting;

    *advance = (struct advance){
        .vm = vm,
        .retired = vm_retired(vm) - before->retired,
        .exit = exit && !vm->cpu->interpreting,
    };
    advance->boundary = advance->retired || vm->board.traps != before->traps;
    timeline->retired = timeline->step_base + advance->retired;
    timeline->since += advance->retired;
    known_rerun(timeline, timeline->step_base);
    known_after(timeline);
    if (!vmm->host.trace && vmm->events != before->events)
        timeline->moment.last_known = false;
}

/* Steps of one turn, up to the cut, without an observer. */
static void run_on(struct timeline *timeline, struct vm *vm, uint64_t cut)
{
    struct vmm *vmm = &timeline->machine.vmm;
    uint64_t end = cut < UINT64_MAX - vm_retired(vm) ? vm_retired(vm) + cut : UINT64_MAX;

    do
        (void)vmm_stay(vmm, end - vm_retired(vm));
    while (vmm->turn.vm && vm_retired(vm) < end && !timeline->stopped &&
           !timeline->interrupted);
}

static bool ask(struct timeline *timeline, struct vm *vm)
{
    const struct timeline_stop *stop = timeline->stop;

    timeline->asked_retired = vm_retired(vm);
    timeline->asked_traps = vm->board.traps;
    if (stop->insn(stop->owner, timeline, vm))
        timeline->stopped = true;
    return timeline->stopped;
}

/* Has the guest come to another instruction since the observer last saw it, or to its end? */
static bool has_moved_on(const struct timeline *timeline, const struct vm *vm)
{
    return vm_retired(vm) != timeline->asked_retired ||
           vm->board.traps != timeline->asked_traps || !vm_alive(vm);
}

/*
 * The guest goes on from where `insn` was called. True: the next instruction accesses watched
 * memory, or the monitor has written some for it: the observer must see the result just after it.
 */
static bool pass(struct vm *vm, struct vmm_stops *stops)
{
    bool midway = stops_midway(vm), access = stops->met && (midway || stops_are_passed(vm));

    if (access || !midway)
        stops_pass(vm, access);
    stops->exits = access || stops->touched;
    stops->met = false;
    return stops->exits;
}

static void ask_at_stop(struct timeline *timeline, struct vm *vm)
{
    struct vmm_stops *stops = timeline->stop->stops;

    timeline->retired = timeline->step_base + vm_retired(vm) - timeline->step_from;
    if (!has_moved_on(timeline, vm) || timeline->stopped || stops_midway(vm))
        return;
    (void)ask(timeline, vm);
    stops->touched = false;
}

static void on_turn(void *owner, struct vm *vm)
{
    ask_at_stop(owner, vm);
}

/* Must `insn` be called after each instruction from here on? */
static bool must_ask(struct timeline *timeline, struct vm *vm)
{
    const struct timeline_stop *stop = timeline->stop;

    return stop->quiet && stop->quiet(stop->owner, timeline, vm) <= 1;
}

/*
 * At a new turn, registers and CSRs are another virtual CPU's, so values that otherwise change only
 * at exits may differ. The observer sees them after the first instruction of the turn, as it would
 * if it were called after each; and stop->quiet() must be called again.
 */
static bool turn_begins(const struct vm *vm, struct vmm_stops *stops)
{
    bool begins = stops->exit && harts_turn_begins(&vm->board.harts, &vm->cpu->hart);

    stops->exits |= begins;
    return begins;
}

static void run_to_stops(struct timeline *timeline, struct vm *vm, uint64_t cut)
{
    struct vmm *vmm = &timeline->machine.vmm;
    struct vmm_stops *stops = timeline->stop->stops;
    uint64_t end = cut < UINT64_MAX - vm_retired(vm) ? vm_retired(vm) + cut : UINT64_MAX;

    bool begins;

    do {
        bool close = pass(vm, stops);

        begins = turn_begins(vm, stops);
        (void)vmm_stay(vmm, close || begins ? 1 : end - vm_retired(vm));
        ask_at_stop(timeline, vm);
    } while (!begins && vmm->turn.vm && vm_retired(vm) < end && !timeline->stopped &&
             !timeline->interrupted && !must_ask(timeline, vm));
}

/* How a step of a turn runs: once, or on until the cut, with or without stops. */
enum step { STEP_ONCE, STEP_ON, STEP_TO_STOPS };

static bool advance_turn(struct timeline *timeline, uint64_t cut, enum step step,
                         struct advance *advance, enum timeline_result *result)
{
    struct vmm *vmm = &timeline->machine.vmm;
    struct before before;
    struct vm *vm;

    *result = TIMELINE_ENDED;
    if (!vmm->turn.vm && is_over(timeline))
        return false;
    vm = timeline_vm(timeline);
    if (!vm) {
        *result = no_turn(timeline, vmm_step(vmm, cut, NULL));
        return false;
    }
    before = look(timeline, vm);
    timeline->step_from = before.retired;
    timeline->step_base = timeline->retired;
    timeline->asked_retired = before.retired;
    timeline->asked_traps = before.traps;
    cut = known_cut(timeline, cut);
    if (vmm->stops && step == STEP_ONCE)
        stops_pass(vm, true);
    if (step == STEP_ON)
        run_on(timeline, vm, cut);
    else if (step == STEP_TO_STOPS)
        run_to_stops(timeline, vm, cut);
    else
        (void)vmm_step(vmm, cut, NULL);
    account(timeline, vm, &before, advance);
    if (!vmm->turn.vm)
        end_turn(timeline);
    *result = TIMELINE_DIVERGED;
    return !timeline->ports.wrong[0];
}

bool timeline_advance(struct timeline *timeline, uint64_t cut, struct advance *advance,
                      enum timeline_result *result)
{
    return advance_turn(timeline, cut, STEP_ONCE, advance, result);
}

/* ---- Running ---- */

/*
 * The instructions up to a limit. At its count only events are left: one step each, in which an
 * instruction can retire only if the limit cannot be reached.
 */
static uint64_t cut_for(struct timeline *timeline, struct timeline_position limit)
{
    uint64_t left = limit.retired - timeline->retired;

    return left ? left : 1;
}

/* The same, but not beyond where the next checkpoint is due. */
static uint64_t cut_unwatched(struct timeline *timeline, struct timeline_position limit)
{
    uint64_t left = cut_for(timeline, limit), ran = timeline->retired - timeline->base;

    return ran < timeline->interval && timeline->interval - ran < left
               ? timeline->interval - ran
               : left;
}

static bool take_interrupt(struct timeline *timeline)
{
    bool interrupted = timeline->interrupted;

    timeline->interrupted = 0;
    return interrupted;
}

void timeline_set_halting(struct timeline *timeline, bool halting)
{
    if (timeline->halting == halting)
        return;
    timeline->halting = halting;
    timeline_listen(timeline);
}

void timeline_set_always(struct timeline *timeline, bool always)
{
    timeline->always = always;
    timeline_listen(timeline);
}

/* Host time counts only while the guests run. */
static void start_clock(struct timeline *timeline)
{
    timeline->clock = machine_work();
}

static void stop_clock(struct timeline *timeline)
{
    timeline->ran_ns += machine_work() - timeline->clock;
    timeline->clock = 0;
}

/* After a step: was an interruption requested? */
static enum timeline_result step_done(struct timeline *timeline)
{
    timeline_take_if_due(timeline);
    return take_interrupt(timeline) ? TIMELINE_INTERRUPTED : TIMELINE_REACHED;
}

enum timeline_result timeline_forward(struct timeline *timeline, struct timeline_position limit)
{
    enum timeline_result result = TIMELINE_REACHED;
    struct advance advance;

    start_clock(timeline);
    while (result == TIMELINE_REACHED && timeline_compare(timeline_now(timeline), limit) < 0) {
        /* At the limit's count, each event must be a step of its own. */
        timeline_set_halting(timeline, timeline->retired == limit.retired);
        if (advance_turn(timeline, cut_unwatched(timeline, limit),
                         timeline->halting ? STEP_ONCE : STEP_ON, &advance, &result))
            result = step_done(timeline);
    }
    timeline_set_halting(timeline, false);
    stop_clock(timeline);
    return result;
}

/* ---- With an observer ---- */

/* Called by the monitor: an instruction has retired directly, or a virtual CPU's turn is over. */
static bool on_insn(void *owner, struct vm *vm)
{
    struct timeline *timeline = owner;

    timeline->retired = timeline->step_base + vm_retired(vm) - timeline->step_from;
    if (has_moved_on(timeline, vm))
        (void)ask(timeline, vm);
    return timeline->stopped || timeline->interrupted;
}

/* Not beyond the virtual CPU's turn: stop->quiet() must be called again for the next. */
static uint64_t cut_at_turn(const struct vm *vm, uint64_t cut)
{
    uint64_t left = harts_left(&vm->board.harts, &vm->cpu->hart);

    return left && left < cut ? left : cut;
}

/*
 * How far the next step may go, and whether the observer is called after each instruction. Pages
 * that are interpreted can change anything between two events, so there each step is one.
 */
static uint64_t watched_cut(struct timeline *timeline, struct timeline_position limit,
                            bool *each)
{
    const struct timeline_stop *stop = timeline->stop;
    struct vmm *vmm = &timeline->machine.vmm;
    struct vm *vm = !vmm->turn.vm && is_over(timeline) ? NULL : timeline_vm(timeline);
    uint64_t cut = cut_unwatched(timeline, limit), quiet;

    *each = false;
    if (!stop->insn)
        return cut;
    if (!vm)
        return 1;
    *each = vm->shadow.watches_code && !stop->stops;
    if (*each)
        return 1;
    quiet = stop->quiet ? stop->quiet(stop->owner, timeline, vm) : stop->stops ? UINT64_MAX : 1;
    *each = quiet <= 1;
    if (*each && vm->shadow.watches_code)
        return 1;
    if (*each)
        return cut_at_turn(vm, cut);
    return cut < quiet ? cut : quiet;
}

/* One step, observed by `stop`. */
static enum timeline_result watched_step(struct timeline *timeline,
                                         struct timeline_position limit)
{
    const struct timeline_stop *stop = timeline->stop;
    struct vmm_host *host = &timeline->machine.vmm.host;
    bool last = timeline->retired == limit.retired, each, ran, on;
    uint64_t cut = watched_cut(timeline, limit, &each);
    enum timeline_result result;
    struct advance advance;

    on = !last && !each && (!stop->insn || stop->stops);
    timeline_set_halting(timeline, !on);
    vmm_heed_stops(&timeline->machine.vmm, each ? NULL : stop->stops);
    host->insn = each ? on_insn : NULL;
    ran = advance_turn(timeline, cut,
                       !on           ? STEP_ONCE
                       : stop->stops ? STEP_TO_STOPS
                                     : STEP_ON,
                       &advance, &result);
    host->insn = NULL;
    if (!ran)
        return result;
    result = step_done(timeline);
    if (stop->insn && !timeline->stopped && has_moved_on(timeline, advance.vm) &&
        !(stop->stops && stops_midway(advance.vm)))
        (void)ask(timeline, advance.vm);
    return timeline->stopped ? TIMELINE_STOPPED : result;
}

static void set_stop(struct timeline *timeline, const struct timeline_stop *stop)
{
    timeline->stop = stop;
    timeline->stopped = false;
    timeline->halting = false;
    if (stop && stop->stops) {
        stop->stops->turn = on_turn;
        stop->stops->turn_owner = timeline;
        stop->stops->met = stop->stops->touched = stop->stops->exits = false;
        stop->stops->vm = 0;
    }
    vmm_heed_stops(&timeline->machine.vmm, stop ? stop->stops : NULL);
    timeline_listen(timeline);
}

enum timeline_result timeline_run(struct timeline *timeline, struct timeline_position limit,
                                  const struct timeline_stop *stop)
{
    enum timeline_result result = TIMELINE_REACHED;

    if (!stop)
        return timeline_forward(timeline, limit);
    set_stop(timeline, stop);
    start_clock(timeline);
    while (result == TIMELINE_REACHED && timeline_compare(timeline_now(timeline), limit) < 0)
        result = watched_step(timeline, limit);
    stop_clock(timeline);
    set_stop(timeline, NULL);
    return result;
}

typedef bool step_is_whole(const struct timeline *timeline, const struct advance *advance,
                           struct timeline_position from);

/* The smallest steps, until they make up a whole one. */
static enum timeline_result step_until(struct timeline *timeline, step_is_whole *is_whole)
{
    struct timeline_position from = timeline_now(timeline);
    enum timeline_result result = TIMELINE_REACHED;
    struct advance advance = {0};

    timeline_set_halting(timeline, true);
    while (result == TIMELINE_REACHED && !is_whole(timeline, &advance, from))
        if (timeline_advance(timeline, 1, &advance, &result))
            result = step_done(timeline);
    timeline_set_halting(timeline, false);
    return result;
}

static bool has_moved(const struct timeline *timeline, const struct advance *advance,
                      struct timeline_position from)
{
    (void)advance;
    return timeline_compare(timeline_now(timeline), from) != 0;
}

static bool is_boundary(const struct timeline *timeline, const struct advance *advance,
                        struct timeline_position from)
{
    (void)timeline, (void)from;
    return advance->boundary;
}

enum timeline_result timeline_step(struct timeline *timeline)
{
    return step_until(timeline, has_moved);
}

enum timeline_result timeline_step_insn(struct timeline *timeline)
{
    return step_until(timeline, is_boundary);
}

enum timeline_result timeline_next_exit(struct timeline *timeline)
{
    enum timeline_result result = TIMELINE_REACHED;
    struct advance advance = {0};

    start_clock(timeline);
    timeline_set_always(timeline, true);
    while (result == TIMELINE_REACHED && !advance.exit)
        if (timeline_advance(timeline, UINT64_MAX, &advance, &result))
            result = step_done(timeline);
    timeline_set_always(timeline, false);
    stop_clock(timeline);
    return result;
}
