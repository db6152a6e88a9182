/* SPDX-License-Identifier: GPL-2.0-or-later */
/* at_once - an interrupt that a write makes deliverable is taken before the next instruction. */
#include "guest.inc"

    /* s0 is 0 until the instruction behind `insn`; the handler notes in s1 what it was. */
    .macro AT_ONCE insn:vararg
    li s0, 0
    li s1, -1
    \insn
    li s0, 1
    IS(s1, 0)
    csrci sstatus, SSTATUS_SIE
    csrw sie, zero
    .endm

main:
    la t0, taken
    csrw stvec, t0
    li t0, SSIP
    li t1, SSTATUS_SIE
    csrw sip, t0
    csrw sie, t0
    AT_ONCE csrrw t2, sstatus, t1
    csrw sip, t0
    csrw sstatus, t1
    AT_ONCE csrrw t2, sie, t0
    csrw sie, t0
    csrw sstatus, t1
    AT_ONCE csrrw t2, sip, t0
    csrw sie, t0
    csrw sip, t0
    li s1, -1
    csrw sscratch, t0
    IS(s1, -1)
    j pass

    .balign 4
taken:
    mv s1, s0
    csrci sip, SSIP
    sret
