/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtio - a disk in slot 0, random numbers in slot 1, a network card in slot 2 whose frames come
 * back: each driven through the transport that it has, legacy or modern, by interrupts through the
 * PLIC and by polling; and what a driver must not do. The disk is written, flushed, read back, and
 * has to be what it was left as.
 */
#include "guest.inc"

#define SLOT(n) (0x10001000 + (n) * 0x1000)
#define PLIC 0x0c000000
#define CLAIM (PLIC + 0x201004)

/* Pages of the rings of one queue, and of what its chains are about. */
#define RINGS(n) (DATA + (n) * 0x2000)
#define HEADER (DATA + 0x10000)
#define STATUS (DATA + 0x10100)
#define BUFFER (DATA + 0x11000)
#define SECOND (DATA + 0x13000)

#define NEXT 1
#define WRITE 2

    /* Descriptor i of the queue at s1: address, length, flags, next. */
    .macro DESC i, pa, len, flags, next
    li t0, \pa
    sw t0, 16 * \i(s1)
    sw zero, 16 * \i + 4(s1)
    li t0, \len
    sw t0, 16 * \i + 8(s1)
    li t0, (\flags) | (\next) << 16
    sw t0, 16 * \i + 12(s1)
    .endm

main:
    /* Everything interrupts: sources 1 to 3. */
    li t0, PLIC
    li t1, 1
    sw t1, 4(t0)
    sw t1, 8(t0)
    sw t1, 12(t0)
    li t0, PLIC + 0x2080
    li t1, 14
    sw t1, 0(t0)
    li t0, SEIP
    csrw sie, t0

    /* What the transport says of itself; an empty slot; accesses that are none. */
    li s0, SLOT(0)
    lw t0, 0(s0)
    IS(t0, 0x74726976)
    lw s2, 4(s0)
    MIX s2
    lw t0, 8(s0)
    IS(t0, 2)
    li s0, SLOT(7)
    lw t0, 8(s0)
    CHECK(t0, zero)
    lb t0, 3(s0)
    CHECK(t0, zero)
    TRAPS(LOAD_ACCESS, lw t0, 2(s0))

    /* ---- The disk ---- */
    li s0, SLOT(0)
    li s1, RINGS(0)
    li a0, 0
    call begin_device
    lw t0, 0x100(s0)
    MIX t0
    lw t0, 0x114(s0)
    IS(t0, 512)

    /* Write two sectors at 3, flush, read them to another place. */
    li t0, BUFFER
    li t1, 0x12345678
    li t2, 256
21:  sw t1, 0(t0)
    slli t3, t1, 3
    add t1, t1, t3
    addi t1, t1, 1
    addi t0, t0, 4
    addi t2, t2, -1
    bnez t2, 21b
    DESC 0, HEADER, 16, NEXT, 1
    DESC 1, BUFFER, 1024, NEXT, 2
    DESC 2, STATUS, 1, WRITE, 0
    li a0, 1
    li a1, 3
    call block
    CHECK(a0, zero)
    DESC 0, HEADER, 16, NEXT, 2
    li a0, 4
    li a1, 0
    call block
    CHECK(a0, zero)
    DESC 0, HEADER, 16, NEXT, 1
    DESC 1, SECOND, 1024, NEXT | WRITE, 2
    li a0, 0
    li a1, 3
    call block
    CHECK(a0, zero)
    li t0, BUFFER
    li t1, SECOND
    li t2, 256
22:  lw t3, 0(t0)
    lw t4, 0(t1)
    CHECK(t3, t4)
    MIX t4
    addi t0, t0, 4
    addi t1, t1, 4
    addi t2, t2, -1
    bnez t2, 22b

    /* Its name; a sector that it does not have; a request that there is not. */
    li a0, 8
    li a1, 0
    call block
    CHECK(a0, zero)
    li t0, SECOND
    lw t1, 0(t0)
    MIX t1
    li a0, 0
    li a1, 0x10000
    call block
    IS(a0, 1)
    li a0, 77
    call block
    IS(a0, 2)

    /* The device writes code: what was translated there is not run again. */
    la t0, stub
    lw t1, 0(t0)
    li t2, BUFFER
    sw t1, 0(t2)
    lw t1, 4(t0)
    sw t1, 4(t2)
    li s3, BUFFER
    jalr s3
    IS(a0, 33)
    DESC 1, BUFFER, 512, NEXT | WRITE, 2
    li a0, 0
    li a1, 5
    call block
    CHECK(a0, zero)
    li t0, BUFFER
    lw t1, 0(t0)
    CHECK(t1, zero)
    TRAPS(ILLEGAL, jalr s3)

    /* ---- Random numbers, polled ---- */
    csrw sie, zero
    li s0, SLOT(1)
    li s1, RINGS(1)
    li a0, 0
    call begin_device
    DESC 0, BUFFER, 64, WRITE, 0
    call submit
    li t0, BUFFER
    li t2, 16
23:  lw t1, 0(t0)
    MIX t1
    addi t0, t0, 4
    addi t2, t2, -1
    bnez t2, 23b
    lw t0, 0x60(s0)
    MIX t0
    sw t0, 0x64(s0)

    /* ---- The network: two frames, which come back ---- */
    li t0, SEIP
    csrw sie, t0
    li t1, CLAIM
    lw t0, 0(t1)
    sw t0, 0(t1)
    li s0, SLOT(2)
    li s1, RINGS(2)
    li a0, 0
    call begin_device
    li s1, RINGS(3)
    li a0, 1
    call add_queue
    li s1, RINGS(2)
    DESC 0, SECOND, 1600, WRITE, 0
    li a0, 0
    call offer
    li s1, RINGS(3)
    DESC 0, BUFFER, 100, 0, 0
    li a0, 1
    call offer
    li t0, RINGS(2) + 0x1002
24:  wfi
    lhu t1, 0(t0)
    beqz t1, 24b
    rdtime t1
    MIX t1
    li t0, SECOND
    lw t1, 12(t0)
    MIX t1
    li t0, RINGS(2) + 0x1008
    lw t1, 0(t0)
    MIX t1

    /* ---- A chain that is a loop: this device is broken, the others are not ---- */
    li s0, SLOT(1)
    li s1, RINGS(1)
    DESC 0, BUFFER, 4, WRITE | NEXT, 0
    li a0, 0
    call offer
    lw t0, 0x70(s0)
    MIX t0
    li s0, SLOT(0)
    li s1, RINGS(0)
    li t0, SEIP
    csrw sie, t0
    li t1, CLAIM
25:  lw t0, 0(t1)
    beqz t0, 26f
    slli t2, t0, 12
    li t3, 0x10000000
    add t2, t2, t3
    lw t3, 0x60(t2)
    MIX t3
    sw t3, 0x64(t2)
    sw t0, 0(t1)
    j 25b
26:  DESC 0, HEADER, 16, NEXT, 1
    DESC 1, SECOND, 512, NEXT | WRITE, 2
    li a0, 0
    li a1, 4
    call block
    CHECK(a0, zero)
    j pass

stub:
    li a0, 33
    ret

    /* The device at s0 with queue a0, its rings at s1. */
begin_device:
    mv s4, ra
    lw s2, 4(s0)
    sw zero, 0x70(s0)
    li t0, 3
    sw t0, 0x70(s0)
    sw zero, 0x14(s0)
    lw t0, 0x10(s0)
    MIX t0
    sw zero, 0x24(s0)
    sw zero, 0x20(s0)
    li t0, 1
    li t1, 11
    beq s2, t0, 21f
    sw t0, 0x24(s0)
    sw t0, 0x20(s0)
    sw t1, 0x70(s0)
    lw t2, 0x70(s0)
    CHECK(t2, t1)
    j 22f
21:  li t0, 4096
    sw t0, 0x28(s0)
22:  call add_queue
    lw t0, 0x70(s0)
    ori t0, t0, 4
    sw t0, 0x70(s0)
    mv ra, s4
    ret

add_queue:
    sw a0, 0x30(s0)
    lw t0, 0x34(s0)
    MIX t0
    li t0, 8
    sw t0, 0x38(s0)
    li t0, 1
    li t1, 4096
    beq s2, t0, 21f
    sw s1, 0x80(s0)
    addi t2, s1, 128
    sw t2, 0x90(s0)
    add t2, s1, t1
    sw t2, 0xa0(s0)
    sw t0, 0x44(s0)
    ret
21:  sw t1, 0x3c(s0)
    srli t2, s1, 12
    sw t2, 0x40(s0)
    lw t3, 0x40(s0)
    CHECK(t2, t3)
    ret

    /* Make chain 0 of the queue at s1 available, and say so of queue a0. */
offer:
    lhu t0, 130(s1)
    andi t1, t0, 7
    slli t1, t1, 1
    add t1, t1, s1
    sh zero, 132(t1)
    addi t0, t0, 1
    fence
    sh t0, 130(s1)
    fence
    sw a0, 0x50(s0)
    ret

    /* The same for queue 0, until it has come back. */
submit:
    mv s4, ra
    li a0, 0
    call offer
    mv ra, s4
    lhu t0, 130(s1)
    lui t2, 1
    add t2, t2, s1
21:  lhu t1, 2(t2)
    bne t0, t1, 21b
    ret

    /* A request of type a0 on sector a1, waited for by interrupt. a0: its status. */
block:
    mv s5, ra
    li t0, HEADER
    sw a0, 0(t0)
    sw zero, 4(t0)
    sw a1, 8(t0)
    sw zero, 12(t0)
    li t0, STATUS
    li t1, 0xff
    sb t1, 0(t0)
    li a0, 0
    call offer
21:  wfi
    li t0, CLAIM
    lw t1, 0(t0)
    beqz t1, 21b
    IS(t1, 1)
    lw t2, 0x60(s0)
    IS(t2, 1)
    sw t2, 0x64(s0)
    sw t1, 0(t0)
    csrr t2, sip
    CHECK(t2, zero)
    li t0, STATUS
    lbu a0, 0(t0)
    MIX a0
    mv ra, s5
    ret
