/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * disabled - the timer is set, but not enabled in sie: its deadline cannot end WFI, and nothing
 * else can. So the machine is idle for ever, and the monitor has to report it.
 */
#include "timer.inc"

main:
    AHEAD 1000
    LISTEN SSIP, 1
    wfi
    j pass
