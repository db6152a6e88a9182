/* SPDX-License-Identifier: GPL-2.0-or-later */
/* start.S - where a server starts: sp and its argument, a0, are set. It never ends. */
    .section .text.start, "ax"
    .global user_start
user_start:
    call  server_main
1:  j     1b
