/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A witness against popf: writes of sstatus that read nothing (rd = x0) are ignored in user
 * mode. What does your kernel believe about its interrupts, and what is true?
 */
#include "guest.inc"

main:
    /* Your witness: a0 must come out differently bare and in a VM. Then: call print_hex; j pass */
    li a0, 0
    j fail
