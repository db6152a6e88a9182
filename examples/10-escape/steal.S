/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * steal.S - your work: read memory that belongs to another VM. Both VMs run this kernel. One is
 * given a secret on its command line, after "SECR=": it becomes the keeper, puts the secret
 * somewhere in its memory, and shuts down. The other one is the thief: that part is yours.
 *
 * The keeper's page begins with the word MARK; the next SECRET bytes are the secret. Which page
 * of its RAM that is depends on the secret: one of 32, from KEEP on.
 */
#include "guest.inc"

#define KEEP 0x100000
#define MARK 0x4b52414d
#define SECRET 16

    /*
     * a1 points to the device tree, which contains the command line; its length is a big-endian
     * word at offset 4.
     */
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

    /*
     * Your part. Print the keeper's secret, then j pass. TRY executes one instruction that may
     * trap (s10 is then its cause, or NO_TRAP); `print` prints a1 bytes at a0. If nothing can
     * be stolen, j pass without printing anything.
     */
thief:
    j pass
