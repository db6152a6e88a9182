/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * archive.S - the files that come with the kernel: a directory (struct archive_file), and the
 * files, each from a page on; exo.ld puts the one before the other, and says where they begin. The
 * build lists them in archive.inc, one `file "name"` a line, the first library first. An archive
 * may be of two objects, linked in order: ARCHIVE_BEGINS is the first.
 */
    .option relax /* for the linker to know the offsets */
    .macro file name
    .section .archive.names, "a", @progbits
1:  .ascii "\name"
    .fill 24 - (. - 1b), 1, 0
    .word 2f - exo_archive, 3f - 2f
    .section .archive.files, "a", @progbits
    .balign 4096
2:  .incbin "\name"
3:
    .endm

    .include "archive.inc"
#ifndef ARCHIVE_BEGINS
    .section .archive.names, "a", @progbits
    .fill 32, 1, 0
#endif
