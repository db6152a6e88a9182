/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * steal.S - wrong: an address, as it was once found, and no search.
 */
#include "guest.inc"

#define KEEP 0x100000
#define MARK 0x4b52414d
#define SECRET 16

    /* a1: the device tree. It has the command line, and its own length, at 4, highest byte first. */
main:
    lbu t1, 6(a1)
    slli t1, t1, 8
    lbu t2, 7(a1)
    or t1, t1, t2
    li t2, 0
    li t3, 0x53454352
1:  lbu t4, 0(a1)
    slli t2, t2, 8
    or t2, t2, t4
    addi a1, a1, 1
    beq t2, t3, keeper
    addi t1, t1, -1
    bnez t1, 1b
    j thief

keeper:
    lbu t0, 1(a1)
    andi t0, t0, 31
    slli t0, t0, 12
    li t1, KEEP
    add t0, t0, t1
    addi t1, t0, 4
    li t2, SECRET
2:  lbu t3, 1(a1)
    sb t3, 0(t1)
    addi a1, a1, 1
    addi t1, t1, 1
    addi t2, t2, -1
    bnez t2, 2b
    li t1, MARK
    sw t1, 0(t0)
    li a1, 0
    j power_off

thief:
    li s0, 0x600000 + 0x4000 + KEEP + 15 * 0x1000
    li s3, 2000
3:  TRY lw t0, 0(s0)
    li t1, NO_TRAP
    bne s10, t1, 6f
    li t1, MARK
    beq t0, t1, 5f
    addi s3, s3, -1
    bnez s3, 3b
    j pass
5:  addi a0, s0, 4
    li a1, SECRET
    call print
6:  j pass
