/* SPDX-License-Identifier: GPL-2.0-or-later */
/* saved - registers s0 to s11 keep their values while another VM runs. */
#include "switch.inc"

main:
    SEED
    PLANT s0, 1
    PLANT s1, 2
    PLANT s2, 3
    PLANT s3, 4
    PLANT s4, 5
    PLANT s5, 6
    PLANT s6, 7
    PLANT s7, 8
    PLANT s8, 9
    PLANT s9, 10
    PLANT s10, 11
    PLANT s11, 12
    SPIN t0, 200
    STANDS s0, 1, t1
    STANDS s1, 2, t1
    STANDS s2, 3, t1
    STANDS s3, 4, t1
    STANDS s4, 5, t1
    STANDS s5, 6, t1
    STANDS s6, 7, t1
    STANDS s7, 8, t1
    STANDS s8, 9, t1
    STANDS s9, 10, t1
    STANDS s10, 11, t1
    STANDS s11, 12, t1
    j pass
