/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plic_program - a kernel whose driver is a program, as seL4's are on this board: it completes each
 * request before the program has seen to the device. The line is still up then, and asks again; but
 * not before the program could do something.
 */
#include "guest.inc"

#define PLIC 0x0c000000
#define CLAIM (PLIC + 0x201004)
#define EXTERNAL_INTERRUPT 0x80000009
#define IER 1
#define IIR 2

main:
    li s0, UART
    li s1, CLAIM
    li t0, 1
    li t1, PLIC + 4 * 10
    sw t0, 0(t1)
    li t0, 1 << 10
    li t1, PLIC + 0x2080
    sw t0, 0(t1)
    la t0, handler
    csrw stvec, t0
    li t0, SEIP
    csrw sie, t0

    /* The program takes 2 x s2 instructions before it sees to the device. */
    li s2, 1000
    li s3, 1
    call run
    li s2, 12500
    li s3, 3 /* every 0.1 ms */
    call run
    j pass

    /* The transmitter is empty, and says so until IIR is read: s3 times. */
run:
    mv s5, ra
    li s4, 0
    li t0, 2
    sb zero, IER(s0)
    sb t0, IER(s0)
    la t0, program
    csrw sepc, t0
    li t0, SSTATUS_SPP
    csrc sstatus, t0
    sret
over:
    MIX s4
    CHECK(s4, s3)
    mv ra, s5
    ret

    .balign 4
handler:
    csrr t5, scause
    li t6, EXTERNAL_INTERRUPT
    bne t5, t6, 2f
    lw t5, 0(s1)
    IS(t5, 10)
    sw t5, 0(s1)
    addi s4, s4, 1
    sret
2:  IS(t5, ECALL_U)
    j over

    .section .user, "ax"
program:
1:  addi s2, s2, -1
    bnez s2, 1b
    lbu t0, IIR(s0)
    ecall
