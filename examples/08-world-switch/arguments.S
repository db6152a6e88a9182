/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arguments - registers a0 to a7 keep their values while another VM runs. */
#include "switch.inc"

main:
    SEED
    PLANT a0, 1
    PLANT a1, 2
    PLANT a2, 3
    PLANT a3, 4
    PLANT a4, 5
    PLANT a5, 6
    PLANT a6, 7
    PLANT a7, 8
    SPIN s0, 200
    STANDS a0, 1, s1
    STANDS a1, 2, s1
    STANDS a2, 3, s1
    STANDS a3, 4, s1
    STANDS a4, 5, s1
    STANDS a5, 6, s1
    STANDS a6, 7, s1
    STANDS a7, 8, s1
    j pass
