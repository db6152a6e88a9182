/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timeline_internal.h - shared by timeline.c (creation, state, checkpoints), timeline_run.c
 * (forwards), timeline_back.c (backwards), timeline_ahead.c (working ahead of that) and
 * timeline_known.c (what is known of the run), and for these only.
 */
#ifndef PZ_TOOLS_TRAVEL_TIMELINE_INTERNAL_H
#define PZ_TOOLS_TRAVEL_TIMELINE_INTERNAL_H

#include <signal.h>

#include "tools/travel/history.h"
#include "tools/travel/recording.h"
#include "tools/travel/tally.h"
#include "tools/travel/timeline.h"
#include "tools/travel/timeline_ports.h"

/* What the timeline itself keeps with a checkpoint; the ports' moments follow it. */
struct moment {
    uint64_t turns; /* ended so far */
    bool last_known;
    struct trace_event last; /* the last event, and where it left the run */
    struct timeline_position last_at;
};

/* What is known of the run: it has been run at least once. */
struct timeline_known {
    struct timeline_position furthest;
    struct tally tally;
    struct trace_buffer kept; /* events that are still to be counted; without room: none are */
    const struct vm *vm;      /* whose they are ... */
    uint64_t others;          /* ... and what all others have retired */
    uint64_t counted_before;  /* so many that come next are known */
};

/* On the way to a checkpoint that may be wanted later. */
struct timeline_ahead {
    bool away;
    uint64_t from, near;           /* where it set out; where the checkpoint is to be taken */
    struct timeline_position home; /* where the machine is to stand again */
};

struct timeline {
    const struct timeline_config config;
    const struct recording *recording; /* NULL when there is none, or no longer */
    struct machine machine;
    struct timeline_ports ports;
    struct history history;
    struct moment moment;
    uint8_t *moment_buffer; /* to put together what a checkpoint keeps */
    size_t moment_size;
    uint64_t retired; /* by all VMs */
    bool prepared;    /* the horizon of the next turn is set */

    /* The run under way. */
    const struct timeline_stop *stop;    /* NULL: none, or not while running again */
    bool stopped;                        /* by stop->event */
    bool halting;                        /* nothing retires behind an event in one step */
    bool always;                         /* receive events even without an observer */
    bool untold;                         /* hosts.trace is not to be called */
    uint64_t step_from;                  /* what the VM of this step had retired before it */
    uint64_t step_base;                  /* and all VMs together */
    uint64_t asked_retired, asked_traps; /* of that VM when stop->insn was last called */
    volatile sig_atomic_t interrupted;

    /* When to take the next checkpoint. */
    uint64_t interval, base; /* instructions; the retired count of the checkpoint behind us */
    uint64_t clock, ran_ns;  /* host time: since when, and how long, has it run without one */
    uint64_t since;          /* instructions in that time */
    uint64_t rerun;

    struct timeline_known known;
    struct timeline_ahead ahead;
};

/* ---- timeline_known.c ---- */

/* Before the next turn is chosen; when it is; how far it may run; behind a step. */
void known_before_turn(struct timeline *timeline);
void known_in_turn(struct timeline *timeline, const struct vm *vm);
uint64_t known_cut(const struct timeline *timeline, uint64_t cut);
void known_after(struct timeline *timeline);

/* It has run up to here, from where all VMs had retired `from`: how much of that again? */
void known_rerun(struct timeline *timeline, uint64_t from);

/* The run begins here. */
void known_restart(struct timeline *timeline);
void known_close(struct timeline *timeline);

/* ---- timeline.c ---- */

/* Receive each event if anybody needs it. Call it after changing stop, halting or always. */
void timeline_listen(struct timeline *timeline);

/* Take a checkpoint here, if there is room. */
void timeline_take(struct timeline *timeline);

/* The same when enough has run since the last. */
void timeline_take_if_due(struct timeline *timeline);

/* Go to checkpoint number `index`. */
void timeline_restore(struct timeline *timeline, unsigned index);

/* ---- timeline_run.c ---- */

/* What one step did. */
struct advance {
    struct vm *vm;    /* that ran */
    uint64_t retired; /* instructions */
    bool exit;        /* an exit was handled to its end */
    bool boundary;    /* an instruction is complete, or the guest's control was taken */
};

/* Set `halting` and `always`. */
void timeline_set_halting(struct timeline *timeline, bool halting);
void timeline_set_always(struct timeline *timeline, bool always);

/* At most `cut` instructions of one VM. False: the run is over, and `*result` says how. */
bool timeline_advance(struct timeline *timeline, uint64_t cut, struct advance *advance,
                      enum timeline_result *result);

/* Run forwards to `limit` without an observer. */
enum timeline_result timeline_forward(struct timeline *timeline,
                                      struct timeline_position limit);

#endif
