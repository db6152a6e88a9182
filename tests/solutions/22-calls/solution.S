/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reference solution. */
#include "calls.inc"

translate:
    addi sp, sp, -16
    sw ra, 12(sp)
    sw s0, 8(sp)
    li t0, LINUX_GETPID
    beq a7, t0, translate_getpid
    li t0, LINUX_WRITE
    beq a7, t0, translate_write
    li t0, LINUX_BRK
    beq a7, t0, translate_brk
    li a0, -ENOSYS
    j translate_done

translate_getpid:
    call native_pid
    j translate_done

translate_write:
    addi a0, a0, -1
    li t0, 2
    bgeu a0, t0, 2f
    li t0, PROGRAM
    bltu a1, t0, 3f
    li t0, PROGRAM_END
    bltu t0, a1, 3f
    sub t0, t0, a1
    bltu t0, a2, 3f
    mv a0, a1
    mv a1, a2
    call native_write
    j translate_done
2:  li a0, -EBADF
    j translate_done
3:  li a0, -EFAULT
    j translate_done

translate_brk:
    mv s0, a0
    li a0, 0
    call native_grow
    beqz s0, translate_done
    sub t0, s0, a0
    mv s0, a0
    mv a0, t0
    sw t0, 4(sp)
    call native_grow
    li t0, -1
    beq a0, t0, 2f
    lw t0, 4(sp)
    add s0, s0, t0
2:  mv a0, s0

translate_done:
    lw s0, 8(sp)
    lw ra, 12(sp)
    addi sp, sp, 16
    ret
