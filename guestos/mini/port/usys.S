/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usys.S - a stub for each system call: number into a7, arguments already where they belong.
 */
    .macro stub number, name
    .global \name
\name:
    li    a7, \number
    ecall
    ret
    .endm

#define SYSCALL(number, name) stub number, name

    .text
#include "mini/syscalls.def"
