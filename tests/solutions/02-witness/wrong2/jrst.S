/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A witness against jrst: sret in user mode jumps to the address in ra, and changes nothing else.
 * Two places to arrive at, and the way from one of them to `print_hex`.
 */
#include "guest.inc"

main:
    la t0, 1f
    csrw sepc, t0
    sret
1:  li a0, 0
    call print_hex
    j pass
