/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * finisher.c - power off with success or failure, or restart, by a word whose low half says which
 * (QEMU's sifive_test). A restart is a warm one: QEMU's keeps RAM, too. The high half is a failure's code, for which a machine has no place.
 */
#include "vmm/board/finisher.h"

#include "vmm/board/restart.h"

void finisher_store(struct board *board, uint32_t offset, uint32_t value)
{
    if (offset != 0)
        return;
    switch (value & 0xffff) {
    case FINISHER_FAIL: board->power = BOARD_FAILED; break;
    case FINISHER_PASS: board->power = BOARD_OFF; break;
    case FINISHER_RESET: restart_ask(board, RESTART_WARM, BOARD_OFF); break;
    default: break;
    }
}
