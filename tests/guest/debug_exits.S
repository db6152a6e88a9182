/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * debug_exits.S - every kind of exit once, at a label of its own, for the debugger's transcripts.
 * Alone, not on guest.inc: what the transcripts show must not move when other guests change.
 * Memory: the image at 0; the root table at 0x4000, a leaf table at 0x5000.
 */
    .option norvc
    .section .text.start, "ax"
    .globl _start
_start:
    la t0, handler
set_stvec:
    csrw stvec, t0
get_stvec:
    csrr a0, stvec

    /* 0 and 0x10000000: superpages of the kernel's; 0x400000: the user's page. */
    li t0, 0x4000
    li t1, 0xcf
    sw t1, 0(t0)
    li t1, (0x10000000 >> 2) | 0xc7
    sw t1, 0x100(t0)
    li t1, (0x5000 >> 2) | 1
    sw t1, 4(t0)
    li t0, 0x5000
    la t1, user_page
    srli t1, t1, 2
    ori t1, t1, 0x1f
    sw t1, 0(t0)
    li t0, 0x80000004
set_satp:
    csrw satp, t0
fence:
    sfence.vma

    li t0, 0x10000000
    li t1, '!'
device:
    sb t1, 0(t0)
no_insn:
    .word 0xffffffff

    li a7, 0x10
    li a6, 0
call_firmware:
    ecall

    /* Sleep until the timer; its interrupt comes behind the wfi. */
    csrr a0, time
    addi a0, a0, 1000
    li a1, 0
    li a7, 0x54494d45
    ecall
    li t0, 0x20
    csrs sie, t0
sleep:
    wfi
    csrsi sstatus, 2
behind_interrupt:
    nop

    /* And once while it computes. */
    csrr a0, time
    addi a0, a0, 40
    ecall
    li t0, 0x20
    csrs sie, t0
compute:
    li t0, 40
1:  addi t0, t0, -1
    bnez t0, 1b

    li t0, 0x400000
    csrw sepc, t0
    li t0, 0x100
    csrc sstatus, t0
to_user:
    sret

/* Passes over what trapped; an interrupt is switched off. ecall with a7 = 99 is the end. */
    .balign 4
handler:
    csrr t3, scause
    bltz t3, 2f
    csrr t4, sepc
    addi t4, t4, 4
    csrw sepc, t4
    li t4, 8
    bne t3, t4, 1f
    li t4, 99
    beq a7, t4, fall
1:  sret
2:  li t4, 0x20
    csrc sie, t4
    sret

/* A handler that cannot be fetched traps without end. */
fall:
    li t0, 0x7ffff000
    csrw stvec, t0
last:
    ebreak

    .balign 4096
user_page:
    lw a0, 0(zero)
    csrr a0, stvec
    ebreak
    li a7, 1
    ecall
    li t0, 0x400000
    lw a0, 0(t0)
    sw a0, 0(t0)
    li a7, 99
    ecall
