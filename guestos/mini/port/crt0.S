/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crt0.S - where a program starts. The kernel has set sp, a0 = argc and a1 = argv; what main
 * returns is the exit status.
 */
    .section .text.start, "ax"
    .global user_start
user_start:
    call  main
    call  exit
