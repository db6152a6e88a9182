/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * big - fills its RAM, however large, up to the device tree at its end; then it works on 256 pages
 * of it, far apart: for ever, if there are more than 32 MiB. It runs wherever it is loaded.
 */
#include "guest.inc"

#define WORKING 256

main:
    lui t0, 0xfffff
    and s2, a1, t0 /* end of what is filled */
    la s1, image_end
    li t1, 0xfff
    add s1, s1, t1
    and s1, s1, t0
    mv s0, s1
    li s3, 12345
    li s4, 1103515245

    /* A quarter of a page is noise, the rest of it the same word. */
fill_page:
    li t0, 256
1:  mul s3, s3, s4
    addi s3, s3, 1234
    sw s3, 0(s0)
    addi s0, s0, 4
    addi t0, t0, -1
    bnez t0, 1b
    li t0, 768
2:  sw s3, 0(s0)
    addi s0, s0, 4
    addi t0, t0, -1
    bnez t0, 2b
    bltu s0, s2, fill_page

    /* So far apart. */
    sub s3, s2, s1
    srli s3, s3, 20 /* pages, divided by WORKING */
    slli s3, s3, 12
    bnez s3, tell
    lui s3, 1
tell:
    la a1, text
    li a0, 7
    li a2, 0
    SBI SBI_DBCN, 0
    li s5, 0

work:
    mv s0, s1
    li s4, WORKING
work_page:
    lw t1, 0(s0)
    add s5, s5, t1
    li t0, 200
3:  xor s5, s5, t0
    slli t1, s5, 3
    add s5, s5, t1
    addi t0, t0, -1
    bnez t0, 3b
    sw s5, 4(s0)
    add s0, s0, s3
    addi s4, s4, -1
    beqz s4, again
    bltu s0, s2, work_page
again:
    sub t0, s2, s1
    srli t0, t0, 25
    bnez t0, work
    j pass

    .data
text:
    .ascii "filled\n"
    .bss
image_end:
    .space 4
    .text
