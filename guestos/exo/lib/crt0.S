/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crt0.S - where a library system starts: a0 = its arguments, a1 = the name of the table that
 * its image is mapped by, sp = its stack.
 */
    .section .text.start, "ax"
    .global flat_start
flat_start:
    j     1f
    .word BASE
1:  mv    s0, a0
    mv    s1, a1
    lla   a0, bss_start
    lla   a1, bss_end
    call  flat_zero_pages
    mv    a0, s0
    mv    a1, s1
    call  flat_main
    unimp
