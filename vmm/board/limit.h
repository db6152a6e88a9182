/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * limit.h - rate limits for a machine's disks and network: bytes, and requests or frames, per
 * second. Seconds are the machine's own, counted by its instructions: a limited device is simply
 * slower, on the bare machine too, and runs stay deterministic.
 */
#ifndef PZ_VMM_BOARD_LIMIT_H
#define PZ_VMM_BOARD_LIMIT_H

#include "vmm/board/state.h"

/* The kinds of limits; all devices of a kind share one. */
enum limit_kind { LIMIT_DISK, LIMIT_NET, LIMITS };

#define LIMIT_MOST UINT32_MAX /* the highest rate */

struct limit {
    uint64_t bytes, ops;       /* per second; 0: unlimited */
    uint64_t bytes_at, ops_at; /* `time` at which all traffic so far is paid for */
};

extern const struct state_field limit_state[];

/* The `time` from which the next request is admitted; at once if not after `now`. */
uint64_t limit_opens(const struct limit *limit);

/* Charge for a request of `bytes` bytes at `now`. */
void limit_charge(struct limit *limit, uint64_t now, uint64_t bytes);

/* Are these fields valid, as after a restore? */
bool limit_is_legal(const struct limit *limit);

/* Set other rates from now on. */
void limit_set(struct limit *limit, uint64_t bytes, uint64_t ops);

#endif
