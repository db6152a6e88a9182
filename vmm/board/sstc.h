/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sstc.h - stimecmp and stimecmph, of the extension Sstc. PZ32 has not got them, so an access is an
 * illegal instruction; but kernels for QEMU's virt use them, some without asking, and the firmware
 * emulates the access by the hart's timer: what set_timer sets.
 */
#ifndef PZ_VMM_BOARD_SSTC_H
#define PZ_VMM_BOARD_SSTC_H

#include "vmm/board/board.h"

/* Is the trap a supervisor's access to one of them? */
bool sstc_serves(const struct hart *hart, const struct trap *trap);

/* Then: the access is made, and the hart goes on behind the instruction, which has not retired. */
void sstc_serve(struct board *board, struct hart *hart, const struct trap *trap);

#endif
