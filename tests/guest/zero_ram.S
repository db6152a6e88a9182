/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zero_ram - all RAM is zero at first, code included, whoever had it before; then it is made
 * dirty, with code run in it, for whoever has it next.
 */
#include "guest.inc"

main:
    li s0, DATA
    li s1, RAM_SIZE
    li s2, DATA + 0x10000
    TRAPS(ILLEGAL, jalr s2)
    TVAL(0)
1:  lw t0, 0(s0)
    lw t1, 2044(s0)
    or t0, t0, t1
    CHECK(t0, zero)
    addi s0, s0, 2032
    addi s0, s0, 16
    bne s0, s1, 1b

    li t0, INSN_LI_A0(5)
    sw t0, 0(s2)
    li t0, INSN_RET
    sw t0, 4(s2)
    fence.i
    QUIET(jalr s2)
    IS(a0, 5)
    li s0, DATA + 0x20000
    li t0, 0xa5a5a5a5
2:  sw t0, 0(s0)
    sw t0, 2044(s0)
    addi s0, s0, 2032
    addi s0, s0, 16
    bne s0, s1, 2b
    j pass
