/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The victim stays mapped. */
#include "pager.inc"

    /* The word for frame or page `index` of a table. */
    .macro WORD_OF to, table, index
    la \to, \table
    slli t0, \index, 2
    add \to, \to, t0
    .endm

pager:
    mv s0, a0
    mv s1, a1
    li t0, WINDOW
    sub s2, a0, t0
    srli s2, s2, PAGE_BITS
    /* s3: the frame that the page is in, if it is. */
    li s3, 0
2:  WORD_OF t1, page_of, s3
    lw t1, 0(t1)
    beq t1, s2, pager_open
    addi s3, s3, 1
    li t1, FRAMES
    bne s3, t1, 2b

    lw s3, next
    addi t0, s3, 1
    andi t0, t0, FRAMES - 1
    sw t0, next, t1
    WORD_OF t1, page_of, s3
    lw s4, 0(t1)
    bltz s4, pager_fill
    slli a0, s4, PAGE_BITS
    li t0, WINDOW
    add a0, a0, t0
    li a7, UNMAP
    nop
    WORD_OF t1, dirty, s3
    lw t1, 0(t1)
    beqz t1, pager_fill
    mv a0, s4
    mv a1, s3
    li a7, DISK_WRITE
    ecall
    WORD_OF t1, on_disk, s4
    li t0, 1
    sw t0, 0(t1)

pager_fill:
    WORD_OF t1, on_disk, s2
    lw t1, 0(t1)
    li a7, CLEAR
    beqz t1, 2f
    li a7, DISK_READ
2:  mv a0, s2
    mv a1, s3
    ecall
    WORD_OF t1, page_of, s3
    sw s2, 0(t1)
    WORD_OF t1, dirty, s3
    sw zero, 0(t1)

pager_open:
    beqz s1, 2f
    WORD_OF t1, dirty, s3
    sw s1, 0(t1)
2:  mv a0, s0
    mv a1, s3
    mv a2, s1
    li a7, MAP
    ecall
    li a7, DONE
    ecall

    .data
    .balign 4
page_of:
    .word -1, -1, -1, -1
dirty:
    .word 0, 0, 0, 0
next:
    .word 0
on_disk:
    .space 4 * PAGES
    .text
