/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.c - moving to the next or previous stop. Forwards, the timeline runs the machine.
 * Backwards, an interval of the past is replayed from its beginning, and the last stop in it is
 * the destination; if there is none, the interval before it is tried, longer each time, and
 * soon from checkpoint to checkpoint. Since both directions run forwards, a watchpoint always
 * knows the value before a change.
 */
#include "tools/debug/run.h"

#include <stdlib.h>

#define STRETCH 0x8000u        /* instructions of the first stretch */
#define STRETCH_MOST 0x400000u /* and of the longest */
#define STRETCH_ASKED 4u /* the next is this much longer if each instruction is checked ... */
#define STRETCH_PLANNED 64u /* ... and if the engine stops where needed */
#define WAY_BACK 4u /* events from an exit until the guest resumes: a switch, an interrupt */
#define BACK_MOST 65536u /* stops that one command can go back past */

/* A move in progress. */
struct move {
    struct debug *debug;
    struct debug_goal *goal;
    uint64_t left; /* forwards: how many stops are still to be passed */

    /* Backwards: the last places seen in this stretch, a ring of `room`. */
    bool planned; /* the engine stops where points must be checked: debug->plan */
    bool back, found;
    struct timeline_position *seen;
    struct debug_point **seen_hit;
    unsigned *seen_vm;
    uint64_t room, count;
    struct timeline_position before; /* only places before this count */
};

static unsigned index_of(const struct vm *vm)
{
    return vm->id - 1u;
}

/* The position of a callback: timeline_now() may still be that of the step before. */
static struct timeline_position position_told(const struct machine *machine)
{
    struct timeline_position position = {0, machine->vmm.events};

    for (unsigned k = 0; k < machine->count; k++)
        position.retired += vm_retired(&machine->vms[k]);
    return position;
}

/* ---- Checking ---- */

/* A stop. Forwards: is it the one that was asked for? Backwards it is recorded for later. */
static bool reached(struct move *move, struct vm *vm, struct debug_point *hit)
{
    struct debug *debug = move->debug;
    struct timeline_position now = position_told(debug->machine);

    if (!move->back) {
        if (!hit && --move->left)
            return false;
        debug->hit = hit;
        if (hit) {
            hit->hits++;
            debug->vm = index_of(vm);
        }
        return true;
    }
    if (!move->found && timeline_compare(now, move->before) < 0) {
        move->seen[move->count % move->room] = now;
        move->seen_vm[move->count % move->room] = index_of(vm);
        move->seen_hit[move->count++ % move->room] = hit;
    }
    return false;
}

static bool on_insn(void *owner, struct timeline *timeline, struct vm *vm)
{
    struct move *move = owner;
    struct debug_goal *goal = move->goal;
    struct debug_point *hit = goal->points ? debug_points_insn(&move->debug->points, vm) : NULL;

    (void)timeline;
    if (move->planned)
        debug_plan_follow(&move->debug->plan, move->debug->machine->vms);
    if (hit)
        return reached(move, vm, hit);
    return goal->insn && goal->insn(move->debug, goal, vm) && reached(move, vm, NULL);
}

static bool on_event(void *owner, struct timeline *timeline, const struct trace_event *event)
{
    struct move *move = owner;
    struct debug_goal *goal = move->goal;
    struct vm *vm = &move->debug->machine->vms[event->vm - 1u];
    struct debug_point *hit =
        goal->points ? debug_points_event(&move->debug->points, vm, event) : NULL;

    (void)timeline;
    if (hit)
        return reached(move, vm, hit);
    return goal->event && goal->event(move->debug, goal, vm, event) && reached(move, vm, NULL);
}

static uint64_t quiet(void *owner, struct timeline *timeline, struct vm *vm)
{
    struct move *move = owner;
    struct debug_goal *goal = move->goal;
    uint64_t points = goal->points ? debug_points_quiet(&move->debug->points, vm) : UINT64_MAX;
    uint64_t own = UINT64_MAX;

    (void)timeline;
    if (!move->planned && !move->debug->points.each)
        return 1; /* the plan has no room for all */
    if (goal->insn &&
        (move->debug->points.each || (goal->expr && vm->config.monitor == VM_ASSIST)))
        own = 1; /* with assistance, mode and CSRs may change without an exit */
    else if (goal->insn && goal->quiet)
        own = goal->quiet(move->debug, goal, vm);
    else if (goal->insn && !goal->steady)
        own = 1;
    return own < points ? own : points;
}

/* Called by the monitor after an exit: is the goal reached, or may a point stop here? */
static bool after_exit(void *owner, struct vm *vm)
{
    struct move *move = owner;
    struct debug_goal *goal = move->goal;

    return goal->insn(move->debug, goal, vm) ||
           (goal->points && debug_points_exit(&move->debug->points, vm));
}

static struct timeline_stop stop_of(struct move *move)
{
    const struct debug_goal *goal = move->goal;
    const struct debug_points *points = &move->debug->points;

    bool insns = goal->insn || (goal->points && debug_points_want_insns(points));
    bool events = goal->event || (goal->points && debug_points_want_events(points));

    return (struct timeline_stop){
        .quiet = quiet,
        .insn = insns ? on_insn : NULL,
        .event = events ? on_event : NULL,
        .stops = insns && move->planned ? &move->debug->plan.stops : NULL,
        .owner = move,
    };
}

/* Before a run, after debug_points_begin(). */
static void plan(struct move *move)
{
    const struct debug_goal *goal = move->goal;
    struct debug *debug = move->debug;

    move->planned = !debug->points.each &&
                    debug_plan_make(&debug->plan, goal->points ? &debug->points : NULL,
                                    debug->machine->vms, goal->watches, goal->watch_count);
    if (!move->planned)
        return;
    if (goal->steady && goal->insn && (goal->quiet || !goal->watch_count)) {
        debug->plan.stops.exit = after_exit;
        debug->plan.stops.owner = move;
    }
}

/* ---- Moving ---- */

static enum debug_stop stop_because(enum timeline_result result, const struct debug *debug)
{
    switch (result) {
    case TIMELINE_REACHED: return DEBUG_STEPPED;
    case TIMELINE_STOPPED: return debug->hit ? DEBUG_POINT : DEBUG_STEPPED;
    case TIMELINE_ENDED: return DEBUG_ENDED;
    case TIMELINE_WAITING: return DEBUG_WAITING;
    case TIMELINE_BEGAN: return DEBUG_BEGAN;
    case TIMELINE_INTERRUPTED: return DEBUG_SIGNAL;
    case TIMELINE_DIVERGED: break;
    }
    return DEBUG_DIVERGED;
}

static void prepare(struct debug *debug)
{
    debug_look_at_vm(debug);
    debug->hit = NULL;
    debug->record.keep = false;
    debug_log_cut(&debug->log, timeline_now(debug->timeline));
    debug_points_begin(&debug->points, debug->machine->vms, debug->machine->count);
}

/* Recording costs time, so it is on only for short moves. */
static void set_probe(struct debug *debug, bool on)
{
    struct vmm_host *host = &debug->machine->vmm.host;

    host->probe = on ? debug_record_probe : NULL;
    host->probe_owner = &debug->record;
    if (!on)
        debug->record.vm = NULL;
}

/* Runs, logging all exits or none. */
static enum timeline_result run(struct debug *debug, struct timeline_position limit,
                                const struct timeline_stop *stop, bool tell)
{
    enum timeline_result result;

    timeline_tell(debug->timeline, tell);
    if (tell)
        debug_log_begin(&debug->log, timeline_now(debug->timeline));
    result = timeline_run(debug->timeline, limit, stop);
    if (tell)
        debug_log_end(&debug->log, timeline_now(debug->timeline));
    timeline_tell(debug->timeline, false);
    return result;
}

void debug_run(struct debug *debug, struct debug_goal *goal)
{
    struct move move = {.debug = debug, .goal = goal, .left = goal->count ? goal->count : 1};
    struct timeline_position limit = goal->timed ? goal->limit : TIMELINE_END;
    struct timeline_stop stop;

    prepare(debug);
    plan(&move);
    stop = stop_of(&move);
    set_probe(debug, !goal->points);
    debug->stop = stop_because(run(debug, limit, &stop, !goal->points), debug);
}

void debug_goto(struct debug *debug, struct timeline_position to)
{
    prepare(debug);
    set_probe(debug, false);
    debug->stop = stop_because(timeline_goto(debug->timeline, to), debug);
}

static struct timeline_position stretch_before(struct timeline_position end, uint64_t length)
{
    struct timeline_position start = {end.retired > length ? end.retired - length : 0, 0};

    return start;
}

/*
 * Where the search before `end` begins. With a plan it runs at full speed, so it pays to begin at a
 * checkpoint: just after its next instruction, as it may have been taken in the middle of one.
 */
static struct timeline_position search_from(const struct move *move,
                                            struct timeline_position end, uint64_t length)
{
    struct timeline_position start = stretch_before(end, length), checkpoint;

    if (!move->planned)
        return start;
    checkpoint = timeline_checkpoint_before(move->debug->timeline, stretch_before(end, 1));
    if (timeline_compare(checkpoint, timeline_beginning(move->debug->timeline)) > 0)
        checkpoint = (struct timeline_position){checkpoint.retired + 1, 0};
    return timeline_compare(start, checkpoint) < 0 || length >= STRETCH_MOST ? checkpoint
                                                                             : start;
}

/* Looks for stops from *start to `end`. True: the move has ended, without success. */
static bool search(struct move *move, struct timeline_position end, uint64_t length,
                   struct timeline_position *start)
{
    struct debug *debug = move->debug;
    struct timeline_stop stop;
    enum timeline_result result;

    *start = search_from(move, end, length);
    debug_goto(debug, *start);
    if (debug->stop == DEBUG_SIGNAL) {
        debug_goto(debug, move->before);
        debug->stop = DEBUG_SIGNAL;
        return true;
    }
    *start = timeline_now(debug->timeline);
    move->count = 0;
    debug_points_begin(&debug->points, debug->machine->vms, debug->machine->count);
    plan(move);
    stop = stop_of(move);
    result = run(debug, end, &stop, false);
    if (result == TIMELINE_INTERRUPTED || result == TIMELINE_DIVERGED) {
        debug_goto(debug, move->before);
        debug->stop = stop_because(result, debug);
        return true;
    }
    return false;
}

/*
 * The wanted place is among those recorded: go there. For a watchpoint, run through the stretch
 * again, so that it has the value before the change: the search went past it.
 */
static void arrive(struct move *move, struct timeline_position start)
{
    struct debug *debug = move->debug;
    uint64_t at = (move->count - move->left) % move->room;
    struct debug_point *hit = move->seen_hit[at];

    if (hit && hit->kind == DEBUG_WATCH) {
        struct timeline_stop stop;

        debug_goto(debug, start);
        debug_points_begin(&debug->points, debug->machine->vms, debug->machine->count);
        plan(move);
        stop = stop_of(move);
        move->found = true;
        (void)run(debug, move->seen[at], &stop, false);
    } else {
        debug_goto(debug, move->seen[at]);
    }
    debug->hit = hit;
    debug->stop = hit ? DEBUG_POINT : DEBUG_STEPPED;
    if (hit)
        debug->vm = move->seen_vm[at];
}

/* Where the selected VM had an exit, or a little before that; UINT64_MAX: nobody has counted. */
static uint64_t exit_before(const struct debug *debug, uint64_t retired)
{
    const struct tally *exits = timeline_exits(debug->timeline);

    return exits ? tally_exit_before(exits, debug->vm, retired) : UINT64_MAX;
}

/* One that has what is wanted in it, if that is an exit, and it is known where that was. */
static uint64_t first_stretch(const struct move *move, bool insns)
{
    uint64_t end = move->before.retired, exit = exit_before(move->debug, end);

    if (insns || move->goal->points || exit > end || end - exit < STRETCH)
        return STRETCH;
    return end - exit;
}

static void run_back(struct move *move)
{
    struct debug *debug = move->debug;
    struct timeline_position end = move->before, start;
    uint64_t length;
    bool insns;

    debug_points_begin(&debug->points, debug->machine->vms, debug->machine->count);
    plan(move);
    insns = stop_of(move).insn;
    length = first_stretch(move, insns);
    for (;; end = start) {
        if (!insns)
            end = timeline_quiet_since(debug->timeline, end);
        if (search(move, end, length, &start))
            return;
        if (move->count >= move->left) {
            arrive(move, start);
            return;
        }
        move->left -= move->count;
        /* Nothing lies before the beginning, nor before a change made by hand. */
        if ((!start.retired && !start.events) || timeline_compare(start, end) >= 0) {
            debug_goto(debug, start);
            debug->stop = DEBUG_BEGAN;
            return;
        }
        if (length < STRETCH_MOST)
            length *= move->planned ? STRETCH_PLANNED : STRETCH_ASKED;
    }
}

void debug_run_back(struct debug *debug, struct debug_goal *goal)
{
    uint64_t count = goal->count ? goal->count : 1;
    uint64_t room = count < BACK_MOST ? count : BACK_MOST;
    struct move move = {.debug = debug,
                        .goal = goal,
                        .left = room,
                        .back = true,
                        .room = room,
                        .before = timeline_now(debug->timeline)};

    move.seen = calloc(room, sizeof *move.seen);
    move.seen_hit = calloc(room, sizeof(struct debug_point *));
    move.seen_vm = calloc(room, sizeof *move.seen_vm);
    if (move.seen && move.seen_hit && move.seen_vm)
        run_back(&move);
    free(move.seen);
    free(move.seen_hit);
    free(move.seen_vm);
}

/* A stretch before the last exit: who goes to an exit wants to see what led to it, too. */
static uint64_t way_back(const struct debug *debug)
{
    uint64_t now = timeline_now(debug->timeline).retired, exit = exit_before(debug, now);

    exit = exit < now ? exit : now;
    return exit > STRETCH ? exit - STRETCH : 0;
}

bool debug_prepare(struct debug *debug, uint64_t insns)
{
    struct vmm_host *host = &debug->machine->vmm.host;
    struct vmm_host kept = *host;
    bool more;

    host->probe = NULL;
    more = timeline_prepare(debug->timeline, way_back(debug), insns);
    host->probe = kept.probe;
    return more;
}

void debug_interrupt(struct debug *debug)
{
    timeline_interrupt(debug->timeline);
}

/* ---- Exits ---- */

struct debug_exit debug_exit_of(const struct debug *debug, const struct trace_event *event)
{
    enum { RA = 1, SP = 2, S0 = 8 };
    const struct hart *hart = &debug->machine->vms[event->vm - 1u].cpu->hart;

    return (struct debug_exit){.position = position_told(debug->machine),
                               .event = *event,
                               .satp = hart->satp,
                               .sp = hart->x[SP],
                               .ra = hart->x[RA],
                               .s0 = hart->x[S0],
                               .mode = hart->mode};
}

void debug_told(struct debug *debug, const struct trace_event *event)
{
    struct debug_exit exit;

    debug->translated = *event;
    if (event->translated)
        return;
    debug->translated.vm = 0;
    exit = debug_exit_of(debug, event);
    debug_log_add(&debug->log, &exit);
    debug_record_event(&debug->record, event);
}

/* Runs again from `start` to `now`. False: it was interrupted. */
static bool note_again(struct debug *debug, struct timeline_position start,
                       struct timeline_position now)
{
    (void)timeline_goto(debug->timeline, start);
    (void)run(debug, now, NULL, true);
    if (!start.retired)
        debug->log.whole = true;
    if (!timeline_compare(timeline_now(debug->timeline), now))
        return true;
    (void)timeline_goto(debug->timeline, now);
    return false;
}

void debug_fill_log(struct debug *debug, unsigned count)
{
    struct timeline_position now = timeline_now(debug->timeline);
    struct vmm_host *host = &debug->machine->vmm.host;
    struct vmm_host kept = *host;
    uint64_t length = STRETCH;
    bool done = true;

    count = count < DEBUG_LOG ? count : DEBUG_LOG;
    host->probe = NULL;
    while (done && !debug_log_has(&debug->log, now, count)) {
        done = note_again(debug, stretch_before(now, length), now);
        length *= 4;
    }
    host->probe = kept.probe;
}

/* Usually found at once; a program that computes for long in user mode has no exit. */
void debug_open_traps(struct debug *debug, struct debug_traps *traps)
{
    struct timeline_position now = timeline_now(debug->timeline);
    unsigned vm = debug->vm + 1, cpu = vm_cpu_id(debug_vm(debug), debug_cpu(debug));

    traps->count = 0;
    if (debug_cpu(debug)->hart.mode != HART_SUPERVISOR)
        return;
    for (unsigned count = 64; count <= DEBUG_LOG; count *= 8) {
        debug_fill_log(debug, count);
        debug_log_traps(&debug->log, now, vm, cpu, traps);
        for (unsigned i = 0; i < traps->count; i++)
            if (traps->at[i]->event.mode == HART_USER)
                return;
    }
}

const struct debug_exit *debug_last_exit(struct debug *debug)
{
    struct timeline_position now = timeline_now(debug->timeline);
    const struct debug_exit *exit = NULL;
    unsigned back = 0;

    do {
        debug_fill_log(debug, back + 1);
        exit = debug_log_at(&debug->log, now, back++);
    } while (exit && exit->event.action == TRACE_SWITCH);
    return exit;
}

bool debug_is_translated(struct debug *debug)
{
    struct timeline_position now = timeline_now(debug->timeline), before = now;

    debug->translated.vm = 0;
    if (debug_vm(debug)->config.monitor != VM_TRANSLATE || !now.retired)
        return false;
    before.retired--;
    (void)timeline_goto(debug->timeline, before);
    timeline_tell(debug->timeline, true);
    (void)timeline_run(debug->timeline, now, NULL);
    timeline_tell(debug->timeline, false);
    (void)timeline_goto(debug->timeline, now);
    return debug->translated.vm;
}

static bool is_recorded(const struct debug *debug, const struct debug_exit *exit)
{
    const struct debug_record *record = &debug->record;
    const struct trace_event *a = &record->event, *b = &exit->event;

    return record->vm && record->told && !record->open && a->vm == b->vm &&
           a->retired == b->retired && a->pc == b->pc && a->cause == b->cause &&
           a->tval == b->tval && a->action == b->action;
}

/*
 * Replays the exit, and a step or two more to see how the guest is resumed; then returns. The
 * replay is exact.
 */
static void record_again(struct debug *debug, struct timeline_position before)
{
    struct timeline_position now = timeline_now(debug->timeline);

    (void)timeline_goto(debug->timeline, before);
    set_probe(debug, true);
    debug->record.keep = false;
    timeline_tell(debug->timeline, true);
    (void)timeline_run(debug->timeline, now, NULL);
    debug->record.keep = true;
    for (unsigned i = 0; i < WAY_BACK && debug->record.open; i++)
        (void)timeline_step(debug->timeline);
    debug->record.open = false;
    debug->machine->vmm.host.probe = NULL;
    timeline_tell(debug->timeline, false);
    (void)timeline_goto(debug->timeline, now);
}

enum pz_err debug_recorded(struct debug *debug, struct problem *problem)
{
    const struct debug_exit *exit = debug_last_exit(debug);
    struct timeline_position before;
    uint64_t moved;

    if (!exit)
        return problem_set(problem, PZ_FAILED, "no exit has happened yet: 'trap' goes to one");
    if (is_recorded(debug, exit))
        return PZ_OK;
    /* Any place before it is good enough. An emulated instruction has retired with its exit. */
    before = exit->position;
    before.events--;
    moved = exit->event.count + 1;
    before.retired = before.retired > moved ? before.retired - moved : 0;
    record_again(debug, before);
    if (!debug->record.count)
        return problem_set(problem, PZ_FAILED, "the exit could not be run again");
    return PZ_OK;
}
