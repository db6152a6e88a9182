/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * switch.S - void switch_context(struct context *from, const struct context *to)
 * Saves what a C function must preserve, loads the same of the other side, and returns there.
 * The order is that of struct context in proc.h.
 */
    .text
    .global switch_context
switch_context:
    sw    ra, 0(a0)
    sw    sp, 4(a0)
    .irp  n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    sw    s\n, (2 + \n) * 4(a0)
    .endr
    lw    ra, 0(a1)
    lw    sp, 4(a1)
    .irp  n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    lw    s\n, (2 + \n) * 4(a1)
    .endr
    ret
