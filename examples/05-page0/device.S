/* SPDX-License-Identifier: GPL-2.0-or-later */
/* device - the UART has a physical address that is not RAM: it prints what is stored to it. */
#include "guest.inc"

main:
    li s0, UART
    la s1, text
1:  lbu t0, 0(s1)
    beqz t0, 2f
    sb t0, 0(s0)
    addi s1, s1, 1
    j 1b
2:  lbu t0, 5(s0)
    andi t0, t0, 0x20
    IS(t0, 0x20)
    j pass

    .data
text:
    .asciz "by the device\n"
