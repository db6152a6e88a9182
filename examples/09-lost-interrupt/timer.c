/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timer.c - the virtual timer and WFI, as they were found. README.md says what is wrong with them.
 *
 * hart_time(hart)   the virtual CPU's `time`: instructions retired, plus hart->skipped, the ticks
 *                   that it has slept through. A VM that does not run grows no older.
 * board->deadline   the `time` from which the timer's interrupt is pending; BOARD_NEVER: none
 * hart->sip         which interrupts are pending: IRQ_BIT(IRQ_STIMER) is the timer's
 * hart->sie         which are enabled; those may wake WFI
 * hart_interrupt()  the interrupt to take now, by sip, sie, sstatus.SIE and mode; or 0
 * hart_wakeup()     is one pending and enabled, whether it may be taken or not?
 */
#include "vmm/parts.h"

/*
 * Asked before every entry to the guest: which interrupt is to be taken first? 0: none. The timer's
 * bit in sip is what was made of it here: the guest reads it, and WFI looks at it.
 */
uint32_t part_interrupt(const struct board *board, struct hart *hart)
{
    if (hart_time(hart) >= board->deadline)
        hart->sip |= IRQ_BIT(IRQ_STIMER);
    return hart_interrupt(hart);
}

/*
 * Asked before every entry, too: how many instructions may retire before part_interrupt() must be
 * asked again, if nothing traps until then? BOARD_NEVER: any number.
 */
uint64_t part_budget(const struct board *board, const struct hart *hart)
{
    (void)board;
    (void)hart;
    return BOARD_NEVER;
}

/*
 * The guest has executed WFI, and it has retired. vm->yields: the rest of the turn goes to others.
 * vm->wake: asleep until that `time`; 0: not asleep. vm->board.power = BOARD_IDLE: no interrupt
 * can ever come, so the machine has ended.
 */
void part_wait(struct vm *vm)
{
    vm->yields = true;
    vm->wake = vm->board.deadline;
}

/*
 * The scheduler asks of every VM: may it run? A sleeper may if its time of waking is not beyond
 * vm->vmm->horizon (the `time` that nobody may pass yet): then it wakes, and its time is that.
 */
bool part_awake(struct vm *vm)
{
    return hart_time(&vm->cpu->hart) >= vm->wake;
}
