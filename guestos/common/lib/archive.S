/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * archive.S - the files that come with a kernel: a table, `archive`, of {name, start, end}, ended
 * by zeros, and what it points to. The build lists them in archive.inc, one `file "name"` a line,
 * and puts their folders on the path. An archive may be of two objects, linked in order:
 * ARCHIVE_BEGINS is the first, ARCHIVE_ENDS the second.
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
#ifndef ARCHIVE_ENDS
    .global archive
archive:
#endif
    .include "archive.inc"
#ifndef ARCHIVE_BEGINS
    .section .rodata.archive, "a"
    .word 0, 0, 0
#endif
