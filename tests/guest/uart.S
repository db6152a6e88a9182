/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uart - the 16550 by MMIO: every register with every width of load and store, misaligned, by
 * AMO (allowed: load and store at once) and by LR and SC (not), and the addresses around it.
 */
#include "guest.inc"

main:
    li s0, UART
    li t0, 'U'
    sb t0, 0(s0)
    sh t0, 0(s0)
    sw t0, 0(s0)
    li t0, '\n'
    sb t0, 0(s0)

    /* What was typed, until it is used up. */
    li s1, 30
1:  lbu t0, 5(s0)
    MIX t0
    lbu t0, 0(s0)
    MIX t0
    addi s1, s1, -1
    bnez s1, 1b

    /* Stores of a pattern to all registers but the data, loads of all. */
    li s2, -1
    call store_all
    call load_all
    li s2, 0x35
    call store_all
    call load_all
    li s2, 0
    call store_all
    call load_all

    /* The divisor latch hides the data register. */
    li t0, 0x80
    sb t0, 3(s0)
    li t0, 0x123
    sh t0, 0(s0)
    lhu t1, 0(s0)
    IS(t1, 0x23)
    li t0, 0x45
    sb t0, 1(s0)
    sb zero, 3(s0)
    lbu t1, 1(s0)
    MIX t1

    /* Signs are extended after the device. */
    li t0, 0x80
    sb t0, 7(s0)
    lb t1, 7(s0)
    IS(t1, -128)
    lbu t1, 7(s0)
    IS(t1, 128)

    /* Atomics. */
    li t0, '*'
    amoswap.w t1, t0, (s0)
    MIX t1
    li t0, '\n'
    amoadd.w t1, t0, (s0)
    MIX t1
    addi s1, s0, 4
    li t0, 3
    amoor.w t1, t0, (s1)
    amoand.w t1, t0, (s1)
    IS(t1, 3)
    amomaxu.w t1, t0, (s1)
    amomin.w t1, t0, (s1)
    amoxor.w t1, t0, (s1)
    lbu t1, 4(s0)
    CHECK(t1, zero)
    TRAPS(LOAD_ACCESS, lr.w t0, (s0))
    TRAPS(STORE_ACCESS, sc.w t0, t1, (s0))
    TVAL(UART)
    addi s1, s0, 2
    TRAPS(STORE_MISALIGNED, amoadd.w t0, t1, (s1))

    /* Misaligned: no bus has that. */
    TRAPS(LOAD_ACCESS, lh t0, 1(s0))
    TRAPS(LOAD_ACCESS, lw t0, 2(s0))
    TVAL(UART + 2)
    TRAPS(STORE_ACCESS, sw t0, 1(s0))
    TRAPS(STORE_ACCESS, sh t0, 7(s0))

    /* Around it; and no code comes out of it. */
    TRAPS(LOAD_ACCESS, lb t0, -1(s0))
    TRAPS(LOAD_ACCESS, lb t0, 8(s0))
    TRAPS(STORE_ACCESS, sw t0, 8(s0))
    TRAPS(STORE_ACCESS, sb t0, -1(s0))
    TRAPS(LOAD_ACCESS, lw t0, -2(s0))
    lui t1, 9 /* behind the virtio devices */
    add t1, t1, s0
    TRAPS(LOAD_ACCESS, lw t0, 0(t1))
    TRAPS(LOAD_ACCESS, lw t0, -2(t1))
    TRAPS(INSN_ACCESS, jalr s0)
    TVAL(UART)
    j pass

store_all:
    .irp at, 1, 2, 4, 5, 6, 7
    sb s2, \at(s0)
    .endr
    sh s2, 2(s0)
    sh s2, 4(s0)
    sh s2, 6(s0)
    sw s2, 4(s0)
    ret

load_all:
    .irp at, 0, 1, 2, 3, 4, 5, 6, 7
    lb t0, \at(s0)
    MIX t0
    lbu t0, \at(s0)
    MIX t0
    .endr
    .irp at, 0, 2, 4, 6
    lh t0, \at(s0)
    MIX t0
    lhu t0, \at(s0)
    MIX t0
    .endr
    lw t0, 0(s0)
    MIX t0
    lw t0, 4(s0)
    MIX t0
    ret
