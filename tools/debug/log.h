/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log.h - the last exits of a machine, for `traps` and `finish`: a ring; what is old is forgotten.
 * Going back and running again does not disturb it, since exits are identified by position. It
 * covers one contiguous part of the run: the part in which exits were reported.
 */
#ifndef PZ_TOOLS_DEBUG_LOG_H
#define PZ_TOOLS_DEBUG_LOG_H

#include "tools/travel/travel.h"

#define DEBUG_LOG 4096u

struct debug_exit {
    struct timeline_position position;
    struct trace_event event;
    /* Where the guest was, besides event.pc and event.mode: there again, it has returned. */
    uint32_t satp, sp, ra, s0;
    uint8_t mode; /* after it */
};

struct debug_log {
    struct debug_exit *exits;
    uint64_t count;                    /* ever, less those that have been undone */
    struct timeline_position from, to; /* all exits behind `from`, up to `to`, were noted */
    bool whole;                        /* `from` is the beginning of all that is known */
};

/* Traps that a guest's kernel has taken and not returned from, the innermost last. */
#define DEBUG_TRAPS 16u
struct debug_traps {
    const struct debug_exit *at[DEBUG_TRAPS]; /* in the log */
    unsigned count;
};

enum pz_err debug_log_open(struct debug_log *log, struct problem *problem) PZ_MUST_CHECK;
void debug_log_close(struct debug_log *log);

/* What comes after `now` need not come again: it is forgotten. */
void debug_log_cut(struct debug_log *log, struct timeline_position now);

/* From here on exits will be added; up to here they were. */
void debug_log_begin(struct debug_log *log, struct timeline_position now);
void debug_log_end(struct debug_log *log, struct timeline_position now);

/* Has it all of the last `count` exits up to `now`, or all that there were? */
bool debug_log_has(const struct debug_log *log, struct timeline_position now, unsigned count);

/* An exit has happened, for the first time or again: later ones are no longer true. */
void debug_log_add(struct debug_log *log, const struct debug_exit *exit);

/*
 * The last exit up to `now`, which it must have been told of; and `back` ones before it; NULL:
 * not kept, or none.
 */
const struct debug_exit *debug_log_at(const struct debug_log *log, struct timeline_position now,
                                      unsigned back);

/* The guest's handler was entered; it went back to where `from` was taken. */
bool debug_exit_is_taken(const struct debug_exit *exit);
bool debug_exit_returns(const struct debug_exit *exit, const struct debug_exit *from);

/* Of a VM (its id) and one of its CPUs, as far back as the log goes. */
void debug_log_traps(const struct debug_log *log, struct timeline_position now, unsigned vm,
                     unsigned cpu, struct debug_traps *traps);

#endif
