/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * never - no deadline at all: the machine is idle for ever, and the monitor has to report it.
 */
#include "timer.inc"

main:
    TIMER_NEVER
    LISTEN STIP, 1
    wfi
    j pass
