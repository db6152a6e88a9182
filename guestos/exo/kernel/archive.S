/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * archive.S - the files that come with the kernel: a directory (struct archive_file), and the
 * files, each from a page on. The build lists them in archive.inc, one `file "name"` a line, the
 * first library first.
 */
    .macro file name
    .section .archive, "a", @progbits
    .subsection 0
1:  .ascii "\name"
    .fill 24 - (. - 1b), 1, 0
    .word 2f - exo_archive, 3f - 2f
    .subsection 1
    .balign 4096
2:  .incbin "\name"
3:
    .endm

    .section .archive, "a", @progbits
    .balign 4096
    .global exo_archive, exo_archive_end
exo_archive:
    .include "archive.inc"
    .subsection 0
    .fill 32, 1, 0
    .subsection 2
    .balign 4096
exo_archive_end:
