/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * goes_on - WFI wakes for an interrupt that is enabled in sie, though sstatus.SIE is off:
 * nothing is taken, and execution just continues.
 */
#include "timer.inc"

main:
    HANDLER handler
    AHEAD 5000000
    LISTEN STIP, 0
    wfi
    csrr s1, time
    CHECK(s1, s0)
    j pass

    .balign 4
handler:
    TAKEN
    li a0, __LINE__
    j fail
