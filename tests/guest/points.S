/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * points.S - the same code at the same address in supervisor and in user mode, in two address
 * spaces, four passes: a store, a CSR, a device, an illegal instruction, a timer interrupt, an
 * ecall. For tests of where the debugger's points stop.
 * Memory: the image at 0; root tables at 0x10000 and 0x11000 (satp 0x80000010, 0x80000011), their
 * leaf tables at 0x12000 and 0x13000, their data pages at 0x14000 and 0x15000.
 */
    .option norvc
    .section .text.start, "ax"
    .globl _start
_start:
    la t0, handler
    csrw stvec, t0

    /* In both spaces: the kernel's superpage at 0; 0x401000: a device; 0x402000: data. */
    li s0, 0x10000
    li s1, 0x12000
    li s2, 0x14000
space:
    li t1, 0xcf
    sw t1, 0(s0)
    srli t1, s1, 2
    ori t1, t1, 1
    sw t1, 4(s0)
    li t1, (0x10000000 >> 2) | 0xd7
    sw t1, 4(s1)
    srli t1, s2, 2
    ori t1, t1, 0xd7
    sw t1, 8(s1)
    li t0, 0x1000
    add s0, s0, t0
    add s1, s1, t0
    add s2, s2, t0
    li t0, 0x12000
    bne s0, t0, space

    /* Time for points to be made. */
    li t0, 400
wait:
    addi t0, t0, -1
    bnez t0, wait
    li s11, 0

/* Pass s11: bit 0 is user mode, bit 1 the second space. */
pass:
    srli t0, s11, 1
    li t1, 0x80000010
    add t1, t1, t0
    csrw satp, t1
    sfence.vma
    li t2, 0x8000
    addi t1, s11, 1
    sw t1, 0(t2)
    slli t0, t0, 12
    li t1, 0x12000
    add t0, t0, t1
    andi t2, s11, 1
    slli t2, t2, 4
    la t1, body
    srli t1, t1, 2
    or t1, t1, t2
    ori t1, t1, 0xcf
write_entry:
    sw t1, 0(t0)
    sfence.vma

    csrr a0, time
    addi a0, a0, 100
    li a1, 0
    li a7, 0x54494d45
    ecall
    li t0, 0x20
    csrs sie, t0

    li t0, 0x400000
    csrw sepc, t0
    li t0, 0x40120           /* SUM, SPP, SPIE */
    csrs sstatus, t0
    andi t2, s11, 1
    beqz t2, 1f
    li t0, 0x100
    csrc sstatus, t0
1:  sret

/* Passes over what trapped; ebreak ends the pass; an interrupt is switched off. */
    .balign 4
handler:
    csrr t3, scause
    bltz t3, 2f
    li t4, 3
    beq t3, t4, 3f
    csrr t4, sepc
    addi t4, t4, 4
    csrw sepc, t4
    sret
2:  li t4, 0x20
    csrc sie, t4
    sret
3:  addi s11, s11, 1
    li t4, 4
    bne s11, t4, pass
    li a0, 0
    li a1, 0
    li a7, 0x53525354        /* off */
    li a6, 0
    ecall

    .balign 4096
body:
    li s0, 0x402000
    lw t0, 0(s0)
    addi t0, t0, 1
    sw t0, 0(s0)
    csrr a0, time
    csrr a0, cycle           /* not every engine's CPU traps: its page is interpreted there */
    li t1, 0x401000
    li t2, '!'
    sb t2, 0(t1)
    .word 0xffffffff
    li t0, 100
1:  addi t0, t0, -1
    bnez t0, 1b
    li a7, 0x10
    li a6, 0
    ecall
    ebreak
