/* SPDX-License-Identifier: GPL-2.0-or-later */
/* smp_idle - all harts stop or wait for what cannot come: the machine is idle for ever. */
#include "smp.inc"

main:
    COUNT_HARTS
    START_ALL second
    SBI SBI_HSM, 1
    li a0, __LINE__
    j fail

second:
    ENTER
    li t0, SSIP
    csrw sie, t0
10: wfi
    j 10b
