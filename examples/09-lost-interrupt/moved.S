/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * moved - the pending bit says whether the deadline has passed, and nothing else: setting a
 * later one clears it.
 */
#include "timer.inc"

main:
    LISTEN 0, 0
    AHEAD 0
    nop
    csrr t1, sip
    IS(t1, STIP)
    AHEAD 100000
    nop
    csrr t1, sip
    CHECK(t1, zero)
    AHEAD 0
    nop
    csrr t1, sip
    IS(t1, STIP)
    TIMER_NEVER
    nop
    csrr t1, sip
    CHECK(t1, zero)
    j pass
