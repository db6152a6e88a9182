/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * limit.h - how much a machine's disks, and its network, may carry in a second: bytes, and requests
 * or frames. Seconds are the machine's own, counted by its instructions: a limited device is a
 * slower device, on the bare machine too, and runs stay the same.
 */
#ifndef PZ_VMM_BOARD_LIMIT_H
#define PZ_VMM_BOARD_LIMIT_H

#include "vmm/board/state.h"

/* What is limited, each for itself; all devices of a kind together. */
enum limit_kind { LIMIT_DISK, LIMIT_NET, LIMITS };

#define LIMIT_MOST UINT32_MAX /* of a rate */

struct limit {
    uint64_t bytes, ops;       /* in a second; 0: as many as come */
    uint64_t bytes_at, ops_at; /* `time` at which what has been carried is paid for */
};

extern const struct state_field limit_state[];

/* The `time` from which the next one may be carried; not after `now`: at once. */
uint64_t limit_opens(const struct limit *limit);

/* One of `bytes` has been carried at `now`. */
void limit_charge(struct limit *limit, uint64_t now, uint64_t bytes);

/* Could these fields be a limit's? */
bool limit_is_legal(const struct limit *limit);

/* Other rates from now on. */
void limit_set(struct limit *limit, uint64_t bytes, uint64_t ops);

#endif
