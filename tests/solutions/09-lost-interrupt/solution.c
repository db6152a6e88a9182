/* SPDX-License-Identifier: GPL-2.0-or-later */
/* solution.c - exercise 09: the pending bit follows the deadline, and WFI waits for sip & sie. */
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

    vm->yields = true;
    if (hart_wakeup(&vm->cpu->hart))
        return;
    if ((vm->cpu->hart.sie & TIMER) && board->deadline != BOARD_NEVER)
        vm->wake = board->deadline;
    else
        board->power = BOARD_IDLE;
}

bool part_awake(struct vm *vm)
{
    uint64_t now = hart_time(&vm->cpu->hart);

    if (vm->wake > vm->vmm->horizon)
        return false;
    if (vm->wake > now)
        vm->cpu->hart.skipped += vm->wake - now;
    vm->wake = 0;
    return true;
}
