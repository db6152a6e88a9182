/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timer.c - when the timer interrupt is pending: from the deadline on, until another is set
 * (SBI 2.0, chapter 6).
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

void timer_update(const struct board *board, struct hart *hart)
{
    if (hart_time(hart) >= board->deadline)
        hart->sip |= IRQ_BIT(IRQ_STIMER);
    else
        hart->sip &= ~IRQ_BIT(IRQ_STIMER);
}

uint64_t timer_remaining(const struct board *board, const struct hart *hart)
{
    uint64_t now = hart_time(hart);

    return board->deadline != BOARD_NEVER && board->deadline > now ? board->deadline - now
                                                                   : BOARD_NEVER;
}
