/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crt0.S - where a program starts: sp, a0 = argc and a1 = argv are set; and where it goes on when it
 * handles a page fault itself, with the address in gp and the pc in tp, which no program uses; and
 * touch_pages, which tries whether there is memory.
 */
    .section .text.start, "ax"
    .global user_start
user_start:
    call  main
    call  exit

    .text
    .global fault_entry
fault_entry:
    addi  sp, sp, -80
    sw    ra, 0(sp)
    sw    x5, 8(sp)
    sw    x6, 12(sp)
    sw    x7, 16(sp)
    sw    x10, 20(sp)
    sw    x11, 24(sp)
    sw    x12, 28(sp)
    sw    x13, 32(sp)
    sw    x14, 36(sp)
    sw    x15, 40(sp)
    sw    x16, 44(sp)
    sw    x17, 48(sp)
    sw    x28, 52(sp)
    sw    x29, 56(sp)
    sw    x30, 60(sp)
    sw    x31, 64(sp)
    sw    tp, 4(sp)
    mv    a0, gp
    call  fault_dispatch
    lw    tp, 4(sp)
    lw    x5, 8(sp)
    lw    x6, 12(sp)
    lw    x7, 16(sp)
    lw    x10, 20(sp)
    lw    x11, 24(sp)
    lw    x12, 28(sp)
    lw    x13, 32(sp)
    lw    x14, 36(sp)
    lw    x15, 40(sp)
    lw    x16, 44(sp)
    lw    x17, 48(sp)
    lw    x28, 52(sp)
    lw    x29, 56(sp)
    lw    x30, 60(sp)
    lw    x31, 64(sp)
    lw    ra, 0(sp)
    addi  sp, sp, 80
    jr    tp

/*
 * touch_pages(first byte, last byte): all pages of it are there, and may be written to, at 0. The
 * pager has the program go on at touch_failed where it has no page.
 */
    .global touch_pages, touch_failed
touch_pages:
    lbu   t0, 0(a0)
    sb    t0, 0(a0)
    lui   t0, 1
    addi  t1, t0, -1
    or    a0, a0, t1
    addi  a0, a0, 1
    bgeu  a1, a0, touch_pages
    li    a0, 0
    ret
touch_failed:
    li    a0, -1
    ret
