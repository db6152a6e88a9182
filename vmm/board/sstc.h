/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sstc.h - stimecmp and stimecmph, of the extension Sstc. PZ32 does not have them, so an access is
 * an illegal instruction. But kernels for QEMU's virt use them, some without probing, so the
 * firmware emulates the access with the hart's timer, as set by set_timer.
 */
#ifndef PZ_VMM_BOARD_SSTC_H
#define PZ_VMM_BOARD_SSTC_H

#include "vmm/board/board.h"

/* Is the trap an access from supervisor mode to one of them? */
bool sstc_serves(const struct hart *hart, const struct trap *trap);

/* Emulate the access, and continue after the instruction, which does not retire. */
void sstc_serve(struct board *board, struct hart *hart, const struct trap *trap);

#endif
