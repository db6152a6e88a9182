/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * archive.S - the files that come with the kernel, and the table of them that ramfs.c reads.
 * The build lists them in archive.inc, one `file "name"` a line, and puts their folder on the
 * path.
 */
    .macro file name
    .section .rodata.archive_data, "a"
    .balign 4
1:  .incbin "\name"
2:
    .section .rodata.archive_names, "a"
3:  .asciz "\name"
    .section .rodata.archive, "a"
    .word 3b, 1b, 2b
    .endm

    .section .rodata.archive, "a"
    .balign 4
    .global archive
archive:
    .include "archive.inc"
    .section .rodata.archive, "a"
    .word 0, 0, 0
