/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call.S - any call of the kernel: its number first, then up to six arguments. */
    .text
    .global box_call
box_call:
    mv    a7, a0
    mv    a0, a1
    mv    a1, a2
    mv    a2, a3
    mv    a3, a4
    mv    a4, a5
    mv    a5, a6
    ecall
    ret
