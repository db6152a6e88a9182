/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * finisher.c - power off with success or failure, by a word whose low half says which (QEMU's
 * sifive_test). The high half is a failure's code, for which a machine has no place.
 */
#include "vmm/board/finisher.h"

#include "vmm/board/board.h"

void finisher_store(struct board *board, uint32_t offset, uint32_t value)
{
    if (offset != 0)
        return;
    switch (value & 0xffff) {
    case FINISHER_FAIL: board->power = BOARD_FAILED; break;
    case FINISHER_PASS: board->power = BOARD_OFF; break;
    default: break;
    }
}
