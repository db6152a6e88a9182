/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs for Linux on another kernel: complete `translate`. What it is given, and the kernel's
 * own calls, are in tests/guest/calls.inc; the README says what Linux's calls do.
 */
#include "calls.inc"

translate:
    addi sp, sp, -16
    sw ra, 12(sp)
    li t0, LINUX_GETPID
    beq a7, t0, translate_getpid
    /* write and brk are yours, and what there is no call for. */
    li a0, 0
    j translate_done

translate_getpid:
    call native_pid

translate_done:
    lw ra, 12(sp)
    addi sp, sp, 16
    ret
