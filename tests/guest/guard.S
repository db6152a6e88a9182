/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guard - a neighbour who would notice: all of its memory has a pattern, which it looks over again
 * and again, by physical addresses and by its own page table, from which it changes an entry each
 * time. In between it waits, so that others have their turns.
 */
#include "guest.inc"
#define ROUNDS 96
#define PATTERN 0x6b656570
#define WINDOW 0x40000000

main:
    li s1, RAM_SIZE
    bgeu a1, s1, 1f                 /* the device tree stays */
    srli s1, a1, 12
    slli s1, s1, 12
1:  li s2, PATTERN
    li s0, DATA
2:  xor t0, s0, s2
    sw t0, 0(s0)
    addi s0, s0, 512
    bltu s0, s1, 2b
    call new_space
    li t0, PTE(SUPER, RWX)
    sw t0, 4(a0)
    MAP WINDOW, DATA, RW
    mv s4, a0
    call paging_on
    li s3, ROUNDS
round:
    li s0, DATA                     /* each time another of the words of a page */
    andi t0, s3, 7
    slli t0, t0, 9
    add s0, s0, t0
    lui t1, 1
3:  lw t0, 0(s0)
    xor t0, t0, s0
    CHECK(t0, s2)
    add s0, s0, t1
    bltu s0, s1, 3b

    slli t1, s3, 12                 /* a page at another address */
    li t0, DATA
    add t1, t1, t0
    srli t2, t1, 2
    ori t2, t2, RW
    sw t2, 0(s4)
    li t0, WINDOW
    sfence.vma t0, zero
    lw t3, 0(t0)
    xor t3, t3, t1
    CHECK(t3, s2)
    MIX t3

    csrr a1, timeh
    csrr a0, time
    addi a0, a0, 2000
    SBI SBI_TIME, 0
    li t0, STIP
    csrw sie, t0
    wfi
    csrw sie, zero
    TIMER_NEVER
    addi s3, s3, -1
    andi t0, s3, 15
    bnez t0, 4f
    la a0, whole
    la a1, whole_end
    sub a1, a1, a0
    call print
4:  bnez s3, round
    j pass

    .data
whole:
    .ascii "guard: whole\n"
whole_end:
