/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * smp_suspend - SUSP: refused while another hart has not stopped, for other types, and where no hart
 * can resume; then the machine sleeps, and a timer and an interrupt that was pending wake it.
 */
#include "smp.inc"
#define SBI_SUSP 0x53555350
#define SBI_DENIED -4

    .macro SUSPEND type, address
    li a0, \type
    la a1, \address
    li a2, 55
    SBI SBI_SUSP, 0
    .endm

    .macro AWAKE
    IS(a0, 0)
    IS(a1, 55)
    csrr t0, satp
    CHECK(t0, zero)
    csrr t0, sstatus
    andi t0, t0, SSTATUS_SIE
    CHECK(t0, zero)
    li sp, STACK_TOP
    la t0, trap_catch
    csrw stvec, t0
    li s8, 0
    li s11, 1
    lw s1, harts
    .endm

main:
    COUNT_HARTS
    li a0, SBI_SUSP
    SBI 0x10, 3
    IS(a1, 1)
    SUSPEND 1, awake
    IS(a0, SBI_INVALID_PARAM)
    SUSPEND 0x80000000, awake
    IS(a0, SBI_INVALID_PARAM)
    li a0, 0
    li a1, RAM_SIZE
    SBI SBI_SUSP, 0
    IS(a0, SBI_INVALID_ADDRESS)
    SUSPEND 0, awake + 1
    IS(a0, SBI_INVALID_ADDRESS)
    SBI SBI_SUSP, 1
    IS(a0, -2)
    li t0, 1
    beq s1, t0, alone
    START_ALL second
    SUSPEND 0, awake
    IS(a0, SBI_DENIED)
    la t0, go_on
    li t1, 1
    sw t1, 0(t0)
    li s2, 1
stopping:
    bge s2, s1, alone
    STATUS s2, STOPPED
    addi s2, s2, 1
    j stopping
alone:
    call new_space
    call paging_on
    li t0, STIP
    csrw sie, t0
    csrr s3, time
    la t0, began
    sw s3, 0(t0)
    li t0, 100000
    add a0, s3, t0
    li a1, 0
    SBI SBI_TIME, 0
    SUSPEND 0, awake
    li a0, __LINE__
    j fail
awake:
    AWAKE
    csrr t0, sip
    IS(t0, STIP)
    csrr t0, time
    lw t1, began
    sub t0, t0, t1
    li t1, 100000
    bgeu t0, t1, 1f
    li a0, __LINE__
    j fail
1:  TIMER_NEVER
    /* What is pending and enabled wakes at once, and is pending still. */
    li t0, SSIP
    csrw sie, t0
    csrsi sip, SSIP
    SUSPEND 0, again
    li a0, __LINE__
    j fail
again:
    AWAKE
    csrr t0, sip
    IS(t0, SSIP)
    j pass

second:
    ENTER
    li t2, 1
    UNTIL go_on, t2
    SBI SBI_HSM, 1

    .data
    .balign 4
go_on:
    .word 0
began:
    .word 0
