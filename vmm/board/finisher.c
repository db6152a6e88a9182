/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * finisher.c - powers off with success or failure, or restarts, according to the low half of the
 * word stored (QEMU's sifive_test). A restart is a warm one, since QEMU's keeps RAM too. The
 * high half, a failure code, is ignored.
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
