/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * net - a network card in slot 0: asks everybody for the address 10.0.2.2 (ARP) and waits, by
 * interrupts, for a frame. It prints the type of what came, and the address of who sent it. Modern
 * or legacy.
 */
#include "guest.inc"

#define CARD 0x10001000
#define PLIC 0x0c000000
#define CLAIM (PLIC + 0x201004)
#define RECEIVE DATA
#define TRANSMIT (DATA + 0x2000)
#define FRAME (DATA + 0x10000)
#define ROOM (DATA + 0x11000)

main:
    li t0, PLIC
    li t1, 1
    sw t1, 4(t0)
    li t0, PLIC + 0x2080
    li t1, 2
    sw t1, 0(t0)
    li t0, SEIP
    csrw sie, t0

    li s0, CARD
    lw t0, 8(s0)
    IS(t0, 1)
    lw s2, 4(s0)
    li t0, 3
    sw t0, 0x70(s0)
    sw zero, 0x24(s0)
    li t0, 0x20 /* it has an address */
    sw t0, 0x20(s0)
    li s3, 10 /* the header's length */
    li t0, 4096
    sw t0, 0x28(s0)
    li t0, 1
    beq s2, t0, 11f
    li s3, 12
    sw t0, 0x24(s0)
    sw t0, 0x20(s0)
    li t0, 11
    sw t0, 0x70(s0)
11: li a0, 0
    li s1, RECEIVE
    call queue
    li a0, 1
    li s1, TRANSMIT
    call queue
    lw t0, 0x70(s0)
    ori t0, t0, 4
    sw t0, 0x70(s0)

    /* Room for a frame. */
    li s1, RECEIVE
    li t0, ROOM
    sw t0, 0(s1)
    li t0, 1600
    sw t0, 8(s1)
    li t0, 2
    sw t0, 12(s1)
    li a0, 0
    call offer

    /* The question, with this card's address in it twice. */
    li a0, FRAME
    add a0, a0, s3
    la a1, question
    li a2, 42
12: lbu t0, 0(a1)
    sb t0, 0(a0)
    addi a0, a0, 1
    addi a1, a1, 1
    addi a2, a2, -1
    bnez a2, 12b
    li a0, FRAME
    add a0, a0, s3
    li a1, 0
13: add t0, s0, a1
    lbu t1, 0x100(t0)
    add t0, a0, a1
    sb t1, 6(t0)
    sb t1, 22(t0)
    addi a1, a1, 1
    li t0, 6
    bne a1, t0, 13b
    li s1, TRANSMIT
    li t0, FRAME
    sw t0, 0(s1)
    addi t0, s3, 42
    sw t0, 8(s1)
    sw zero, 12(s1)
    li a0, 1
    call offer

    li t0, RECEIVE + 0x1002
14: lhu t1, 0(t0)
    bnez t1, 15f
    wfi
    li t2, CLAIM
    lw t3, 0(t2)
    lw t4, 0x60(s0)
    sw t4, 0x64(s0)
    sw t3, 0(t2)
    j 14b
15: li s4, ROOM
    add s4, s4, s3
    lbu a0, 12(s4)
    lbu t0, 13(s4)
    slli a0, a0, 8
    or a0, a0, t0
    call print_hex
    li a0, 0
    li t1, 8
    addi t2, s4, 4
16: slli a0, a0, 8
    lbu t0, 0(t2)
    or a0, a0, t0
    addi t2, t2, 1
    addi t3, s4, 12
    bne t2, t3, 16b
    call print_hex
    j pass

queue:
    sw a0, 0x30(s0)
    li t0, 8
    sw t0, 0x38(s0)
    li t0, 1
    li t1, 4096
    beq s2, t0, 17f
    sw s1, 0x80(s0)
    addi t2, s1, 128
    sw t2, 0x90(s0)
    add t2, s1, t1
    sw t2, 0xa0(s0)
    sw t0, 0x44(s0)
    ret
17: sw t1, 0x3c(s0)
    srli t2, s1, 12
    sw t2, 0x40(s0)
    ret

offer:
    li t0, 1
    fence
    sh t0, 130(s1)
    fence
    sw a0, 0x50(s0)
    ret

    .data
question:
    .byte 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 8, 6
    .byte 0, 1, 8, 0, 6, 4, 0, 1
    .byte 0, 0, 0, 0, 0, 0, 10, 0, 2, 15
    .byte 0, 0, 0, 0, 0, 0, 10, 0, 2, 2
