/* SPDX-License-Identifier: GPL-2.0-or-later */
/* debug_log.c - the ring of exits. */
#include "tools/debug_log.h"

#include <stdlib.h>

enum pz_err debug_log_open(struct debug_log *log, struct problem *problem)
{
    *log = (struct debug_log){.exits = calloc(DEBUG_LOG, sizeof *log->exits)};
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
