/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sbi.h - the board's firmware: what ECALL from supervisor mode does (RISC-V Supervisor Binary
 * Interface 2.0): base, TIME, IPI, RFENCE, HSM, DBCN, SRST, SUSP, and the legacy calls.
 */
#ifndef PZ_VMM_BOARD_SBI_H
#define PZ_VMM_BOARD_SBI_H

#include "vmm/board/board.h"

/* Serve the call that hart->pc stands at: results in a0 and a1, pc moved on. */
void sbi_call(struct board *board, struct hart *hart);

#endif
