/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * restart.h - the machine starts again in place: harts and devices out of reset, its images loaded
 * anew. `time` and counts go on, and so does what is outside the machine: consoles, disks,
 * networks.
 */
#ifndef PZ_VMM_BOARD_RESTART_H
#define PZ_VMM_BOARD_RESTART_H

#include "vmm/board/board.h"

enum restart_kind {
    RESTART_WARM, /* RAM keeps what no image fills */
    RESTART_COLD, /* RAM is zero first, as when the machine was made */
};

/*
 * The guest asks for a restart. Whoever owns the harts sees BOARD_RESTART when the instruction
 * is over, and calls restart_board(). Where there are no images, the power goes `off` instead.
 */
void restart_ask(struct board *board, enum restart_kind kind, enum board_power off);

/*
 * Do it. `from` are the registers of the hart that has its turn, `to` those of hart 0, which has it
 * now; those of the others are the caller's to reset. False: the images could not be loaded,
 * and the machine has ended.
 */
bool restart_board(struct board *board, struct hart *from, struct hart *to);

#endif
