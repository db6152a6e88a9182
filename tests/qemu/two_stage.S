/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * two_stage.S - an image for QEMU's virt machine, in machine mode: makes the accesses that
 * tests/tools/two_stage.c has written into memory, through two stages of translation, and sends
 * what came of each to the UART. The layout of both is said there.
 */
#define CASES 0x80400000
#define UART 0x10000000
#define UART_LSR 5
#define UART_EMPTY 0x20
#define FINISHER 0x100000
#define FINISHER_PASS 0x5555

#define PMPCFG_NAPOT_RWX 0x1f
#define CSR_HSTATUS 0x600
#define CSR_HGATP 0x680
#define CSR_MSTATUSH 0x310
#define CSR_VSSTATUS 0x200
#define CSR_VSATP 0x280
#define CSR_MTINST 0x34a
#define CSR_MTVAL2 0x34b

#define HSTATUS_SPVP_SHIFT 8
#define MSTATUS_MPP 0x1800
#define MSTATUS_MPP_SHIFT 11
#define MSTATUS_MXR 0x80000
#define MSTATUSH_MPV 0x80
#define SATP_SV32 0x80000000
#define SSTATUS_SUM 0x40000

/* Assemblers without the hypervisor extension know none of these. */
#define HLV_W_A3_A1 .word 0x68004073 | 13 << 7 | 11 << 15
#define HSV_W_A2_A1 .word 0x6a004073 | 12 << 20 | 11 << 15
#define HFENCE_VVMA .word 0x22000073
#define HFENCE_GVMA .word 0x62000073

    .option norvc

    /* The next word of the cases. */
    .macro NEXT reg
    lw \reg, 0(s0)
    addi s0, s0, 4
    .endm

    .macro PUT reg
    mv a0, \reg
    call put
    .endm

    .text
    .globl _start
_start:
    lla t0, trap
    csrw mtvec, t0
    li t0, -1
    csrw pmpaddr0, t0
    li t0, PMPCFG_NAPOT_RWX
    csrw pmpcfg0, t0
    li t0, SATP_SV32 /* QEMU 7.2 calls faults of vsatp page faults only if satp translates */
    csrw satp, t0
    li t0, SSTATUS_SUM
    csrw CSR_VSSTATUS, t0
    li s0, CASES
    NEXT s1

space:
    NEXT t0
    csrw CSR_HGATP, t0
    NEXT t0
    csrw CSR_VSATP, t0
    li t1, MSTATUS_MXR
    csrc mstatus, t1
    NEXT t0
    csrs mstatus, t0
    NEXT s9
    slli t0, s9, HSTATUS_SPVP_SHIFT
    csrw CSR_HSTATUS, t0
    NEXT s3
    NEXT s4
    NEXT s2

access:
    HFENCE_GVMA
    HFENCE_VVMA
    NEXT t0
    NEXT a1
    NEXT a2
    li s5, -1
    li s6, 0
    li s7, 0
    li s8, 0
    li a3, 0
    beqz t0, load
    addi t0, t0, -1
    beqz t0, fetch
    HSV_W_A2_A1
    j over
load:
    HLV_W_A3_A1
    j over

    /* Go there; whatever is there, it traps. */
fetch:
    li t0, MSTATUS_MPP
    csrc mstatus, t0
    slli t0, s9, MSTATUS_MPP_SHIFT
    csrs mstatus, t0
    li t0, MSTATUSH_MPV
    csrs CSR_MSTATUSH, t0
    csrw mepc, a1
    mret
over:
    PUT s5
    PUT s6
    PUT s7
    PUT s8
    PUT a3
    addi s2, s2, -1
    bnez s2, access

    /* A hash of the memory of the space: A and D are in it, and what was stored. */
    li a0, 1
1:  lw t0, 0(s3)
    slli t1, a0, 5
    sub a0, t1, a0
    add a0, a0, t0
    addi s3, s3, 4
    addi s4, s4, -1
    bnez s4, 1b
    call put
    addi s1, s1, -1
    bnez s1, space

    li t0, FINISHER
    li t1, FINISHER_PASS
    sw t1, 0(t0)
2:  j 2b

    /* Note the trap. Of any, the access is over. */
    .balign 4
trap:
    csrr s5, mcause
    csrr s6, mtval
    csrr s7, CSR_MTVAL2
    csrr s8, CSR_MTINST
    j over

    /* Send the word a0, its low byte first. */
put:
    li t0, UART
    li t2, 4
3:  lbu t1, UART_LSR(t0)
    andi t1, t1, UART_EMPTY
    beqz t1, 3b
    sb a0, 0(t0)
    srli a0, a0, 8
    addi t2, t2, -1
    bnez t2, 3b
    ret
