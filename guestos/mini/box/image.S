/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image.S - a box's image (mini/box.h): a table of files, and their bytes. The build lists them in
 * image.inc, one `file "name"` a line, and takes the section out as it is.
 */
    .macro file name
1:  .ascii "\name"
    .space 24 - (. - 1b)
    .word bytes_\name - image, end_\name - bytes_\name
    .endm

    .section .image, "a"
image:
    .word 0x31584f42, (table_end - table) / 32
table:
    .include "image.inc"
table_end:

    .purgem file
    .macro file name
    .balign 4
bytes_\name:
    .incbin "\name"
end_\name:
    .endm
    .include "image.inc"
