/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crt0.S - where a program for Linux starts: argc, argv and the rest are on the stack. */
    .text
    .global _start, linux_call
_start:
    .option push
    .option norelax
    lla   gp, __global_pointer$
    .option pop
    mv    a0, sp
    andi  sp, sp, -16
    call  port_start

/* linux_call(number, six arguments): the result is negative if it is an error. */
linux_call:
    mv    t0, a0
    mv    a0, a1
    mv    a1, a2
    mv    a2, a3
    mv    a3, a4
    mv    a4, a5
    mv    a5, a6
    mv    a7, t0
    ecall
    ret
