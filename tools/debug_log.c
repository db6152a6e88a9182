/* SPDX-License-Identifier: GPL-2.0-or-later */
/* debug_log.c - the ring of exits. */
#include "tools/debug_log.h"

#include <stdlib.h>

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
