/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.h - moving the machine, forwards and backwards, until a goal is reached or a point
 * stops it.
 */
#ifndef PZ_TOOLS_DEBUG_RUN_H
#define PZ_TOOLS_DEBUG_RUN_H

#include "tools/debug/state.h"

/* Where to go. A callback returns true when this is the place; both may be NULL. */
struct debug_goal {
    bool (*insn)(struct debug *debug, struct debug_goal *goal, struct vm *vm);
    bool (*event)(struct debug *debug, struct debug_goal *goal, struct vm *vm,
                  const struct trace_event *event);
    /*
     * As struct timeline_stop's, for `insn`; NULL: it is called after each instruction. With
     * `steady` it can be reached only after an exit, at an access to what `watches` names, and
     * where `quiet` says.
     */
    uint64_t (*quiet)(struct debug *debug, struct debug_goal *goal, struct vm *vm);
    bool steady;
    const struct vmm_watch *watches;
    unsigned watch_count;
    bool points;    /* points say stop, too */
    uint64_t count; /* how many such places to pass; the last is the goal. 0 counts as 1 */
    bool timed;     /* `limit` counts */
    struct timeline_position limit; /* forwards: not beyond */

    /* For the callbacks. */
    const struct debug_expr *expr;
    struct debug_exit exit;
    unsigned depth;
    uint64_t retired;
    uint32_t pc;
};

/* debug->stop says how it went. */
void debug_run(struct debug *debug, struct debug_goal *goal);

/* To the last place before now; DEBUG_BEGAN, at the beginning, if there is none. */
void debug_run_back(struct debug *debug, struct debug_goal *goal);

/* To a position, either way. */
void debug_goto(struct debug *debug, struct timeline_position to);

/* To where the selected VM has retired `count` instructions, either way; or to its end. */
void debug_goto_retired(struct debug *debug, uint64_t count);

/*
 * Bring the last `count` exits up to now, or all, into the log; exits that were not reported are
 * run again. The machine ends where it was.
 */
void debug_fill_log(struct debug *debug, unsigned count);

/* The exit that an event which is just told of makes. */
struct debug_exit debug_exit_of(const struct debug *debug, const struct trace_event *event);

/*
 * The traps that the selected VM's kernel is handling on the selected CPU, out to one that came
 * from user mode if it is not too long ago.
 */
void debug_open_traps(struct debug *debug, struct debug_traps *traps);

/* The last exit up to now, world switches aside; NULL: none, or forgotten. */
const struct debug_exit *debug_last_exit(struct debug *debug);

/*
 * Make debug->record describe the last exit, up to the guest's resumption, by running it again if
 * it was not recorded at the time. The machine ends where it was.
 */
enum pz_err debug_recorded(struct debug *debug, struct problem *problem) PZ_MUST_CHECK;

/* hosts of the timeline: it told of an event. */
void debug_told(struct debug *debug, const struct trace_event *event);

/* Was the instruction that retired last one that translation ran in place? debug->translated. */
bool debug_is_translated(struct debug *debug);

/*
 * Work ahead of going back to the last exit of the selected VM (timeline_prepare()), at most
 * `insns` instructions. True: there is more to do, and timeline_return() comes before anything
 * else.
 */
bool debug_prepare(struct debug *debug, uint64_t insns);

/* From a signal handler. */
void debug_interrupt(struct debug *debug);

#endif
