/* SPDX-License-Identifier: GPL-2.0-or-later */
/* temporaries - registers t0 to t6 keep their values while another VM runs. */
#include "switch.inc"

main:
    SEED
    PLANT t0, 1
    PLANT t1, 2
    PLANT t2, 3
    PLANT t3, 4
    PLANT t4, 5
    PLANT t5, 6
    PLANT t6, 7
    SPIN s0, 200
    STANDS t0, 1, s1
    STANDS t1, 2, s1
    STANDS t2, 3, s1
    STANDS t3, 4, s1
    STANDS t4, 5, s1
    STANDS t5, 6, s1
    STANDS t6, 7, s1
    j pass
