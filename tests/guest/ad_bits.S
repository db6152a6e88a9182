/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ad_bits - A and D are set in the guest's entry exactly when hardware would: A by a load, a
 * fetch or a store, D by a store only, neither by an access that faults; and again after they
 * were cleared and fenced. A shadow that keeps W for a clean page loses the D.
 */
#include "guest.inc"
#define PAGE 0x40000000

main:
    call new_space
    MAP PAGE, DATA, (V | R | W | X)
    mv s0, a0
    call paging_on
    li s1, PAGE

    lw t0, (s1)
    call entry
    IS(a0, A)
    sw zero, (s1)
    call entry
    IS(a0, A | D)

    call clear
    sw zero, (s1)
    call entry
    IS(a0, A | D)

    call clear
    li t0, INSN_RET
    sw t0, (s1)
    fence.i
    call clear
    jalr s1
    call entry
    IS(a0, A)
    amoadd.w t0, zero, (s1)
    call entry
    IS(a0, A | D)

    /* A failed SC asks for the right to store, like one that succeeds. */
    call clear
    lr.w t0, (s1)
    call entry
    IS(a0, A)
    sc.w t1, t0, (s1)
    CHECK(t1, zero)
    call entry
    IS(a0, A | D)
    call clear
    sc.w t1, t0, (s1)
    IS(t1, 1)
    call entry
    IS(a0, A | D)

    /* Faults set nothing. */
    li t0, PTE(DATA, V | R)
    sw t0, (s0)
    sfence.vma
    TRAPS(STORE_PAGE, sw zero, (s1))
    TRAPS(INSN_PAGE, jalr s1)
    call entry
    CHECK(a0, zero)

    /* A store across two pages, the second read-only: D on the first all the same. */
    call clear
    MAP (PAGE + 0x1000), (DATA + 0x1000), (V | R)
    li t0, PAGE + 0xffe
    TRAPS(STORE_PAGE, sw zero, (t0))
    TVAL(PAGE + 0x1000)
    call entry
    IS(a0, A | D)

    /* Without a fence the bits may be set in an entry just made. */
    MAP (PAGE + 0x2000), (DATA + 0x2000), (V | R | W)
    mv s0, a0
    li t0, PAGE + 0x2000
    sb zero, 5(t0)
    call entry
    IS(a0, A | D)
    j pass

    /* a0: A and D of the entry at s0. */
entry:
    lw a0, (s0)
    andi a0, a0, A | D
    MIX a0
    ret

    /* Back to neither A nor D, as a kernel does that looks for idle pages. */
clear:
    li t0, PTE(DATA, V | R | W | X)
    sw t0, (s0)
    sfence.vma s1, zero
    ret
