/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * journal - writes for ever, in an order that can be checked: data of number n to sector n % 32 + 1,
 * a flush, n to sector 0, a flush, and then it says n. It begins with what sector 0 has. When the
 * disk cannot, it says so and ends well. Legacy transport.
 */
#include "guest.inc"

#define DISK 0x10001000
#define RINGS DATA
#define HEADER (DATA + 0x10000)
#define STATUS (DATA + 0x10100)
#define BUFFER (DATA + 0x11000)

main:
    li s0, DISK
    li s1, RINGS
    li t0, 3
    sw t0, 0x70(s0)
    li t0, 1 << 9 /* flush: else each write is one */
    sw t0, 0x20(s0)
    li t0, 4096
    sw t0, 0x28(s0)
    li t0, 8
    sw t0, 0x38(s0)
    li t0, 4096
    sw t0, 0x3c(s0)
    srli t0, s1, 12
    sw t0, 0x40(s0)
    li t0, 7
    sw t0, 0x70(s0)

    li a0, 0
    li a1, 0
    call request
    li t0, BUFFER
    lw s2, 0(t0)
11: addi s2, s2, 1
    li a0, 1
    andi a1, s2, 31
    addi a1, a1, 1
    call fill
    call request
    li a0, 4
    call request
    li a0, 1
    li a1, 0
    call fill
    call request
    li a0, 4
    call request
    mv a0, s2
    call print_hex
#ifdef RESTARTS
    li a0, 1
    li a1, 0
    SBI SBI_SRST, 0
#endif
    j 11b

    /* The number, all over a sector. */
fill:
    li t0, BUFFER
    li t1, 128
12: sw s2, 0(t0)
    addi t0, t0, 4
    addi t1, t1, -1
    bnez t1, 12b
    ret

    /* A request of type a0 (read, write, flush) on sector a1. */
request:
    li t0, HEADER
    sw a0, 0(t0)
    sw zero, 4(t0)
    sw a1, 8(t0)
    sw zero, 12(t0)
    sw t0, 0(s1)
    sw zero, 4(s1)
    li t1, 16
    sw t1, 8(s1)
    li t1, 0x10001 /* next: 1 */
    li t2, 4
    bne a0, t2, 13f
    li t1, 0x20001 /* next: 2 */
13: sw t1, 12(s1)
    li t0, BUFFER
    sw t0, 16(s1)
    sw zero, 20(s1)
    li t0, 512
    sw t0, 24(s1)
    li t1, 0x20001
    bnez a0, 14f
    li t1, 0x20003 /* the device writes it */
14: sw t1, 28(s1)
    li t0, STATUS
    sw t0, 32(s1)
    sw zero, 36(s1)
    li t1, 1
    sw t1, 40(s1)
    li t1, 2
    sw t1, 44(s1)
    lhu t0, 130(s1)
    andi t1, t0, 7
    slli t1, t1, 1
    add t1, t1, s1
    sh zero, 132(t1)
    addi t0, t0, 1
    fence
    sh t0, 130(s1)
    sw zero, 0x50(s0)
    lui t2, 1
    add t2, t2, s1
15: lhu t1, 2(t2)
    bne t0, t1, 15b
    li t0, STATUS
    lbu t0, 0(t0)
    bnez t0, 16f
    ret
16: la a0, error_text
    li a1, 10
    call print
    j pass

    .data
error_text:
    .ascii "I/O error\n"
