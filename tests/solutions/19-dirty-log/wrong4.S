/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wrong: a log begins with what the last one had left. */
#include "dirtylog.inc"

log_start:
    addi sp, sp, -16
    sw ra, 0(sp)
    sw s0, 4(sp)
    li s0, 0
2:  mv a0, s0
    call protect
    addi s0, s0, 1
    li t0, PAGES
    bne s0, t0, 2b
    call flush
    lw ra, 0(sp)
    lw s0, 4(sp)
    addi sp, sp, 16
    ret

log_device:
    /* The page stays protected: the guest's first store is one more trap, and nothing is lost. */
    li t0, 1
    sll t0, t0, a0
    lw t1, dirty
    or t1, t1, t0
    sw t1, dirty, t0
    ret

log_fault:
    addi sp, sp, -16
    sw ra, 0(sp)
    sw a0, 4(sp)
    call log_device
    lw a0, 4(sp)
    call unprotect
    lw ra, 0(sp)
    addi sp, sp, 16
    ret

log_take:
    addi sp, sp, -16
    sw ra, 0(sp)
    sw s0, 4(sp)
    sw s1, 8(sp)
    lw s1, dirty
    sw zero, dirty, t0
    li s0, 0
2:  srl t0, s1, s0
    andi t0, t0, 1
    beqz t0, 3f
    mv a0, s0
    call protect
3:  addi s0, s0, 1
    li t0, PAGES
    bne s0, t0, 2b
    call flush
    mv a0, s1
    lw ra, 0(sp)
    lw s0, 4(sp)
    lw s1, 8(sp)
    addi sp, sp, 16
    ret

log_stop:
    addi sp, sp, -16
    sw ra, 0(sp)
    sw s0, 4(sp)
    li s0, 0
2:  mv a0, s0
    call unprotect
    addi s0, s0, 1
    li t0, PAGES
    bne s0, t0, 2b
    lw ra, 0(sp)
    lw s0, 4(sp)
    addi sp, sp, 16
    ret

    .data
    .balign 4
dirty:
    .word 0
    .text
