/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrong6.c - exercise 09: WFI jumps to the deadline, be it behind, and keeps the CPU for itself. */
#include "vmm/parts.h"

#define TIMER IRQ_BIT(IRQ_STIMER)

uint32_t part_interrupt(const struct board *board, struct hart *hart)
{
    hart->sip &= ~TIMER;
    if (hart_time(hart) >= board->deadline)
        hart->sip |= TIMER;
    return hart_interrupt(hart);
}

uint64_t part_budget(const struct board *board, const struct hart *hart)
{
    uint64_t now = hart_time(hart);

    return board->deadline > now ? board->deadline - now : BOARD_NEVER;
}

void part_wait(struct vm *vm)
{
    struct board *board = &vm->board;

    if ((vm->cpu->hart.sie & TIMER) && board->deadline != BOARD_NEVER)
        vm->cpu->hart.skipped += board->deadline - hart_time(&vm->cpu->hart);
    else
        board->power = BOARD_IDLE;
}

bool part_awake(struct vm *vm)
{
    (void)vm;
    return true;
}
