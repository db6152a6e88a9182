/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pointers - ra, sp, gp and tp keep their values while another VM runs. */
#include "switch.inc"

main:
    SEED
    PLANT ra, 1
    PLANT sp, 2
    PLANT gp, 3
    PLANT tp, 4
    SPIN s0, 200
    STANDS ra, 1, s1
    STANDS sp, 2, s1
    STANDS gp, 3, s1
    STANDS tp, 4, s1
    li sp, STACK_TOP
    j pass
