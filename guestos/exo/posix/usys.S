/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usys.S - the port of the common programs: a call is a jump into the library, which is at the
 * same place in every process. fork needs all registers, so it goes by way of the kernel. A
 * program that executes ECALL with one of these numbers gets the same: mini's run as they are.
 */
#define LIBRARY_ENTRY 0x9f801       /* posix_entry (start.S), in LUI's units */

    .macro stub number, name
    .global \name
\name:
    li    a7, \number
    lui   t0, LIBRARY_ENTRY
    jr    t0
    .endm

    .macro trap_stub number, name
    .global \name
\name:
    li    a7, \number
    ecall
    ret
    .endm

#define SYSCALL(number, name) stub number, name

    .text
    trap_stub 2, fork
#define fork fork_by_call
#include "calls.def"
