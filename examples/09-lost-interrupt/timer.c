/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timer.c - a faulty virtual timer and WFI. README.md describes what they should do.
 *
 * hart_time(hart)   the virtual CPU's `time`: instructions retired plus hart->skipped, the ticks
 *                   that it has slept through. It stands still while the VM does not run.
 * board->deadline   the `time` from which the timer's interrupt is pending; BOARD_NEVER: none
 * hart->sip         which interrupts are pending: IRQ_BIT(IRQ_STIMER) is the timer's
 * hart->sie         which are enabled; those may wake WFI
 * hart_interrupt()  the interrupt to take now, by sip, sie, sstatus.SIE and mode; or 0
 * hart_wakeup()     is one pending and enabled, whether it may be taken or not?
 */
#include "vmm/parts.h"

/*
 * Called before every entry to the guest: returns the interrupt to take first, or 0. It also
 * updates the timer's bit in sip, which the guest can read and WFI checks.
 */
uint32_t part_interrupt(const struct board *board, struct hart *hart)
{
    if (hart_time(hart) >= board->deadline)
        hart->sip |= IRQ_BIT(IRQ_STIMER);
    return hart_interrupt(hart);
}

/*
 * Called before every entry, too: how many instructions may retire before part_interrupt() must
 * be called again, if nothing traps before? BOARD_NEVER: any number.
 */
uint64_t part_budget(const struct board *board, const struct hart *hart)
{
    (void)board;
    (void)hart;
    return BOARD_NEVER;
}

/*
 * Called when WFI has retired. Set vm->yields to give up the rest of the turn; vm->wake to
 * sleep until that `time`, 0 for not at all; vm->board.power = BOARD_IDLE to end the machine
 * because no interrupt can ever come.
 */
void part_wait(struct vm *vm)
{
    vm->yields = true;
    vm->wake = vm->board.deadline;
}

/*
 * Called by the scheduler for every VM: may it run? A sleeping VM may if vm->wake is not beyond
 * vm->vmm->horizon (the `time` that no VM may pass yet): then it wakes, and its time becomes
 * vm->wake.
 */
bool part_awake(struct vm *vm)
{
    return hart_time(&vm->cpu->hart) >= vm->wake;
}
