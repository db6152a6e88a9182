/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A witness against jrst: sret in user mode jumps to the address in ra, and changes nothing
 * else. Prepare two targets, only one of which leads to `print_hex`.
 */
#include "guest.inc"

main:
    /* Your witness: a0 must come out differently bare and in a VM. Then: call print_hex; j pass */
    li a0, 0
    j fail
