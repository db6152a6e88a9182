/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * limit.c - a request or frame is admitted whole as soon as the earlier ones are paid for, so that
 * none is too big, and the rate holds in the long run. An idle device saves up credit for one
 * polling interval, since several frames may arrive within one.
 */
#include "vmm/board/limit.h"

#include "vmm/board/board.h"

#define SAVED BOARD_LOOK_TICKS
#define AT_MOST (1ull << 62) /* later than any chain of requests could take */

const struct state_field limit_state[] = {
    STATE_FIELD(struct limit, bytes),
    STATE_FIELD(struct limit, ops),
    STATE_FIELD(struct limit, bytes_at),
    STATE_FIELD(struct limit, ops_at),
    STATE_END,
};

uint64_t limit_opens(const struct limit *limit)
{
    return limit->bytes_at > limit->ops_at ? limit->bytes_at : limit->ops_at;
}

/* `at` plus the time for `count` more at a rate per second. */
static uint64_t later(uint64_t at, uint64_t now, uint64_t count, uint64_t rate)
{
    uint64_t from = now > SAVED ? now - SAVED : 0;

    if (!rate)
        return 0;
    return (at > from ? at : from) + (count * BOARD_TIMEBASE_HZ + rate - 1) / rate;
}

void limit_charge(struct limit *limit, uint64_t now, uint64_t bytes)
{
    limit->bytes_at = later(limit->bytes_at, now, bytes, limit->bytes);
    limit->ops_at = later(limit->ops_at, now, 1, limit->ops);
}

bool limit_is_legal(const struct limit *limit)
{
    return limit->bytes <= LIMIT_MOST && limit->ops <= LIMIT_MOST &&
           limit->bytes_at <= AT_MOST && limit->ops_at <= AT_MOST;
}

void limit_set(struct limit *limit, uint64_t bytes, uint64_t ops)
{
    *limit = (struct limit){.bytes = bytes, .ops = ops};
}
