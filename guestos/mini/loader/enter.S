/* SPDX-License-Identifier: GPL-2.0-or-later */
/* enter.S - loader_enter(registers): the program starts. The loader goes on at its first call. */
    .text
    .global loader_enter
loader_enter:
    lw    t0, 0(a0)
    lw    sp, 2 * 4(a0)
    lw    a1, 11 * 4(a0)
    lw    a0, 10 * 4(a0)
    jr    t0
