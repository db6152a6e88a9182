/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log.c - the ring of exits. */
#include "tools/debug/log.h"

#include <stdlib.h>
#include <string.h>

enum pz_err debug_log_open(struct debug_log *log, struct problem *problem)
{
    *log = (struct debug_log){.exits = calloc(DEBUG_LOG, sizeof *log->exits), .whole = true};
    return log->exits ? PZ_OK : problem_memory(problem, "the log of exits");
}

void debug_log_close(struct debug_log *log)
{
    free(log->exits);
    *log = (struct debug_log){0};
}

static unsigned kept(const struct debug_log *log)
{
    return log->count < DEBUG_LOG ? (unsigned)log->count : DEBUG_LOG;
}

static const struct debug_exit *last(const struct debug_log *log, unsigned back)
{
    return &log->exits[(log->count - 1 - back) % DEBUG_LOG];
}

void debug_log_cut(struct debug_log *log, struct timeline_position now)
{
    while (kept(log) && timeline_compare(last(log, 0)->position, now) > 0)
        log->count--;
    if (timeline_compare(now, log->to) < 0)
        log->to = now;
}

void debug_log_begin(struct debug_log *log, struct timeline_position now)
{
    if (timeline_compare(now, log->from) < 0 || timeline_compare(now, log->to) > 0) {
        log->count = 0;
        log->from = now;
        log->whole = !now.retired && !now.events;
    }
    log->to = now;
    debug_log_cut(log, now);
}

void debug_log_end(struct debug_log *log, struct timeline_position now)
{
    log->to = now;
}

bool debug_log_has(const struct debug_log *log, struct timeline_position now, unsigned count)
{
    if (timeline_compare(now, log->from) < 0 || timeline_compare(now, log->to) > 0)
        return false;
    return (log->whole && log->count <= DEBUG_LOG) || debug_log_at(log, now, count - 1);
}

void debug_log_add(struct debug_log *log, const struct debug_exit *exit)
{
    while (kept(log) && timeline_compare(last(log, 0)->position, exit->position) >= 0)
        log->count--;
    log->exits[log->count++ % DEBUG_LOG] = *exit;
}

const struct debug_exit *debug_log_at(const struct debug_log *log, struct timeline_position now,
                                      unsigned back)
{
    unsigned count = kept(log), skip = 0;

    while (skip < count && timeline_compare(last(log, skip)->position, now) > 0)
        skip++;
    return back < count - skip ? last(log, skip + back) : NULL;
}

/* ---- Traps ---- */

#define SRET 0x10200073u

bool debug_exit_is_taken(const struct debug_exit *exit)
{
    return exit->event.action == TRACE_INJECT || exit->event.action == TRACE_INTERRUPT;
}

/* Does the exit return to the mode, address space and stack in which `from` was taken? */
bool debug_exit_returns(const struct debug_exit *exit, const struct debug_exit *from)
{
    return exit->event.vm == from->event.vm && exit->event.cpu == from->event.cpu &&
           exit->event.action == TRACE_EMULATE && exit->event.insn == SRET &&
           exit->mode == from->event.mode && exit->satp == from->satp && exit->sp == from->sp;
}

static void push(struct debug_traps *traps, const struct debug_exit *exit)
{
    if (traps->count == DEBUG_TRAPS)
        memmove(&traps->at[0], &traps->at[1], --traps->count * sizeof traps->at[0]);
    traps->at[traps->count++] = exit;
}

/* If several were taken at the same place, it is the latest that returns: traps nest. */
static void pop(struct debug_traps *traps, const struct debug_exit *exit)
{
    for (unsigned i = traps->count; i-- > 0;)
        if (debug_exit_returns(exit, traps->at[i])) {
            memmove(&traps->at[i], &traps->at[i + 1],
                    (--traps->count - i) * sizeof traps->at[0]);
            return;
        }
}

void debug_log_traps(const struct debug_log *log, struct timeline_position now, unsigned vm,
                     unsigned cpu, struct debug_traps *traps)
{
    const struct debug_exit *exit;
    unsigned back = 0;

    traps->count = 0;
    while (debug_log_at(log, now, back))
        back++;
    while (back-- > 0) {
        exit = debug_log_at(log, now, back);
        if (exit->event.vm != vm || exit->event.cpu != cpu)
            continue;
        if (debug_exit_is_taken(exit))
            push(traps, exit);
        else
            pop(traps, exit);
    }
}
