/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * accessed - A and D in the guest's own entries on first use: a load, fetch or store sets A,
 * only a store sets D, and a disallowed access sets neither. PZ32 has no traps for them: the
 * hardware sets them, and here the monitor is the hardware.
 */
#include "guest.inc"
#define PAGE 0x40000000

    /* One page for each use, and the A and D bits that its entry must have afterwards. */
    .macro BITS va, pa, flags, cause, bits, insn:vararg
    MAP \va, \pa, \flags
    mv s0, a0
    li s1, \va
    TRY \insn
    IS(s10, \cause)
    lw t0, 0(s0)
    IS(t0, PTE(\pa, \flags | \bits))
    .endm

main:
    li t1, DATA + 0x2000
    li t0, INSN_RET
    sw t0, 0(t1)
    call new_space
    call paging_on
    BITS PAGE, DATA, (V | R | W), NO_TRAP, A, lw t0, 0(s1)
    BITS (PAGE + 0x1000), (DATA + 0x1000), (V | R | W), NO_TRAP, (A | D), sw t0, 0(s1)
    BITS (PAGE + 0x2000), (DATA + 0x2000), (V | R | X), NO_TRAP, A, jalr s1
    BITS (PAGE + 0x3000), (DATA + 0x3000), (V | R), STORE_PAGE, 0, sw t0, 0(s1)
    BITS (PAGE + 0x4000), (DATA + 0x4000), (V | R | W), INSN_PAGE, 0, jalr s1
    BITS (PAGE + 0x5000), (DATA + 0x5000), (V | X), LOAD_PAGE, 0, lw t0, 0(s1)
    BITS (PAGE + 0x6000), (DATA + 0x6000), (V | R | W), NO_TRAP, (A | D), amoor.w t0, zero, (s1)

    li a0, 0x50000000
    li a1, PTE(SUPER, V | R | W)
    call map_super
    mv s0, a0
    li s1, 0x50123000
    QUIET(lw t0, 0(s1))
    lw t0, 0(s0)
    IS(t0, PTE(SUPER, V | R | W | A))
    li s1, 0x50345000
    QUIET(sw t0, 0(s1))
    lw t0, 0(s0)
    IS(t0, PTE(SUPER, V | R | W | A | D))
    j pass
