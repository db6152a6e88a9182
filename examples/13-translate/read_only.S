/* SPDX-License-Identifier: GPL-2.0-or-later */
/* read_only - the counters' numbers say that nobody writes them: an illegal instruction. */
#include "guest.inc"

main:
    li t0, 5
    TRAPS(ILLEGAL, csrrw t1, time, t0)
    TRAPS(ILLEGAL, csrrw zero, cycle, zero)
    TRAPS(ILLEGAL, csrrw t0, instreth, t0)
    IS(t0, 5)
    QUIET(csrrw t1, sscratch, t0)
    j pass
