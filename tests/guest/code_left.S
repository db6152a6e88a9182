/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * code_left - memory that has not been written holds no code. Page after page comes to one
 * address, finds zeros there, is then given code, and runs it: for the next VM that gets one of
 * these pages to find, if a monitor or its engine lets it (test_isolation.c runs this again and
 * again on one machine).
 */
#include "guest.inc"
#define PAGE 0x40000000
#define PAGES 256

main:
    call new_space
    MAP PAGE, DATA, RWX
    mv s0, a0
    call paging_on
    li s1, PAGE
    li s2, PTE(DATA, RWX)
    li s3, PAGES
zeros:
    call next_page
    TRAPS(ILLEGAL, jalr s1)
    addi s3, s3, -1
    bnez s3, zeros

    li s2, PTE(DATA, RWX)
    li s3, PAGES
code:
    call next_page
    li t0, INSN_LI_A0(5)
    sw t0, 0(s1)
    li t0, INSN_RET
    sw t0, 4(s1)
    fence.i
    QUIET(jalr s1)
    IS(a0, 5)
    addi s3, s3, -1
    bnez s3, code
    j pass

next_page:
    sw s2, 0(s0)
    sfence.vma
    addi s2, s2, 0x400
    ret
