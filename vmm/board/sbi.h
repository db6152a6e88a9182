/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sbi.h - the board's firmware: what ECALL from supervisor mode does (RISC-V Supervisor Binary
 * Interface 2.0): base, TIME, IPI, RFENCE, HSM, DBCN, SRST, SUSP, the legacy calls, and an
 * extension of its own (sbi_nested.h).
 */
#ifndef PZ_VMM_BOARD_SBI_H
#define PZ_VMM_BOARD_SBI_H

#include "vmm/board/board.h"

/* Serve the ECALL at hart->pc: results go to a0 and a1, and pc moves past it. */
void sbi_call(struct board *board, struct hart *hart);

/*
 * Handle a trap of a nested guest that the supervisor has entered through SBI: the call returns,
 * with the trap in shared memory. False: the hart is not a nested guest's, and takes the trap
 * itself.
 */
bool sbi_nested_fill(struct board *board, const struct hart *hart, const struct trap *trap);
bool sbi_nested_end(struct board *board, struct hart *hart, const struct trap *trap);

#endif
