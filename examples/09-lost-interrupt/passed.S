/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * passed - the deadline passed between the last check and WFI: the interrupt is pending, so WFI
 * does not wait.
 */
#include "timer.inc"

main:
    HANDLER handler
    AHEAD 0
    LISTEN STIP, 0
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
