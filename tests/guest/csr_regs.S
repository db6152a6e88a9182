/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * csr_regs - a CSR is written from each register, read into it and exchanged with it, three times in
 * a row: who emulates that may have learnt the instruction the first time, and do it another way
 * from then on. So may it with writes of sstatus, of which some change what a monitor has to act
 * on, and others do not; and in user mode what was learnt must not count. CSRs are in csr_ops.
 */
#include "guest.inc"

    /* \base: another register, which points behind free memory. */
    .macro EACH n, base
    li    s4, 3
1:  sw    x\n, -4(\base)
    li    x\n, 0x13570000 + \n
    csrw  sscratch, x\n
    li    x\n, 0
    csrr  x\n, sscratch
    sw    x\n, -8(\base)
    not   x\n, x\n
    csrrw x\n, sscratch, x\n
    sw    x\n, -12(\base)
    csrrw x\n, sscratch, zero
    sw    x\n, -16(\base)
    csrrs zero, sscratch, zero
    lw    x\n, -4(\base)
    lw    t0, -8(sp)
    MIX   t0
    lw    t0, -12(sp)
    MIX   t0
    lw    t0, -16(sp)
    MIX   t0
    addi  s4, s4, -1
    bnez  s4, 1b
    .endm

main:
    .irp  n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, \
             25, 26, 27, 28, 29, 30, 31
    EACH  \n, sp
    .endr
    mv    s0, sp
    EACH  2, s0

    li    s5, 3
again:
    li    s4, 4
statuses:
    andi  t0, s4, 1
    slli  t0, t0, 18                # SUM, every other time
    ori   t0, t0, SSTATUS_SPIE
    csrw  sstatus, t0
    csrr  t1, sstatus
    MIX   t1
    xori  t0, t0, SSTATUS_SPIE
    csrw  sstatus, t0
    csrr  t1, sstatus
    MIX   t1
    addi  s4, s4, -1
    bnez  s4, statuses

    la    t0, in_user
    USER  t0
    IS(s10, ILLEGAL)
    addi  s5, s5, -1
    bnez  s5, again
    csrw  sscratch, zero
    j     pass

in_user:
    csrr  t1, sstatus
