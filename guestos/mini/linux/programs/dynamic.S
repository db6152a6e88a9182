/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dynamic.S - a program that says that it needs a dynamic linker: mini has none for it. */
    .section .interp, "a"
    .asciz "/lib/ld-linux-riscv32-ilp32.so.1"
    .text
    .global _start
_start:
    ebreak
    .section .note.GNU-stack, "", @progbits
