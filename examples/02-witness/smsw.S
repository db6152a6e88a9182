/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A witness against smsw: sstatus, stvec and satp can be read in user mode.
 * Whose registers are they, when a kernel is really in user mode?
 */
#include "guest.inc"

main:
    /* Your witness: a0 must come out differently bare and in a VM. Then: call print_hex; j pass */
    li a0, 0
    j fail
