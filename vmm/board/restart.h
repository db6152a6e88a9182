/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * restart.h - the machine starts again in place: harts and devices out of reset, its images loaded
 * anew. `time` and counts go on, as does everything outside the machine: consoles, disks, networks.
 */
#ifndef PZ_VMM_BOARD_RESTART_H
#define PZ_VMM_BOARD_RESTART_H

#include "vmm/board/board.h"

enum restart_kind {
    RESTART_WARM, /* RAM keeps what no image fills */
    RESTART_COLD, /* RAM is zeroed first, as at power-on */
};

/*
 * Record the guest's request for a restart. The owner of the harts sees BOARD_RESTART after the
 * instruction, and calls restart_board(). Without images, the board powers off with `off` instead.
 */
void restart_ask(struct board *board, enum restart_kind kind, enum board_power off);

/*
 * Perform the restart. `from` is the current hart, `to` hart 0, which becomes current; the caller
 * resets the other harts. False: the images could not be loaded, and the machine has ended.
 */
bool restart_board(struct board *board, struct hart *from, struct hart *to);

#endif
