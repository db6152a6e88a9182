/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * levels.S - the innermost guest of the debugger's transcript of levels: a privileged instruction
 * again and again, memory for the first time, and a system call, each at an address of its own.
 * Alone, not on guest.inc: what the transcript shows must not move when other guests change.
 */
    .option norvc
    .section .text.start, "ax"
    .globl _start
_start:
    la t0, handler
    csrw stvec, t0
    li s1, 0
    j loop

    .org 0x40
loop:
    csrr a0, time
    addi s1, s1, 1
    li t0, 8
    blt s1, t0, loop

    li t1, 0x100000
    j touch
    .org 0x80
touch:
    lw a1, 0(t1)

    la t0, user
    csrw sepc, t0
    li t0, 0x100
    csrc sstatus, t0
    sret
    .org 0xc0
user:
    ecall

    .org 0x100
handler:
    li a7, 8
    ecall
1:  j 1b
