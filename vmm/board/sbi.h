/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sbi.h - the board's firmware: what ECALL from supervisor mode does (RISC-V Supervisor Binary
 * Interface 2.0): base, TIME, IPI, RFENCE, HSM, DBCN, SRST, SUSP, the legacy calls, and an
 * extension of its own (sbi_nested.h).
 */
#ifndef PZ_VMM_BOARD_SBI_H
#define PZ_VMM_BOARD_SBI_H

#include "vmm/board/board.h"

/* Serve the call that hart->pc stands at: results in a0 and a1, pc moved on. */
void sbi_call(struct board *board, struct hart *hart);

/*
 * A trap, if it is of a guest that the supervisor has entered by SBI: the call returns, with the
 * trap in shared memory. False: it is not, and the hart takes it as any other.
 */
bool sbi_nested_fill(struct board *board, const struct hart *hart, const struct trap *trap);
bool sbi_nested_end(struct board *board, struct hart *hart, const struct trap *trap);

#endif
