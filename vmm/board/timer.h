/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timer.h - the supervisor timer: one deadline in ticks of `time`, which is counted in retired
 * instructions and never read from a host clock.
 */
#ifndef PZ_VMM_BOARD_TIMER_H
#define PZ_VMM_BOARD_TIMER_H

#include "vmm/board/board.h"

void timer_init(struct board *board);

/* Interrupt at `deadline`; in the past: at once; all ones: never. */
void timer_set(struct board *board, uint64_t deadline);

#endif
