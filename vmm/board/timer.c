/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timer.c - the deadline of the timer interrupt (SBI 2.0, chapter 6). From the deadline on, until
 * another is set, the interrupt is pending in board_sip().
 */
#include "vmm/board/timer.h"

void timer_init(struct board *board)
{
    board->deadline = BOARD_NEVER;
}

void timer_set(struct board *board, uint64_t deadline)
{
    board->deadline = deadline;
}
