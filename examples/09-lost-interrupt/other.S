/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * other - a software interrupt is pending: WFI does not wait, though the timer's deadline is
 * far away.
 */
#include "timer.inc"

main:
    HANDLER handler
    AHEAD 5000000
    LISTEN (STIP | SSIP), 0
    li t0, SSIP
    csrs sip, t0
    csrr s4, time
    wfi
    csrr s1, time
    sub s1, s1, s4
    IS(s1, 2)
    j pass

    .balign 4
handler:
    TAKEN
    li a0, __LINE__
    j fail
