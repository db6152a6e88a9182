/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * callouts - accesses that keep faulting under a monitor, from one place each: a load of a device,
 * which then is of memory, and of a device again; of nothing; and another instruction. A store to a
 * page table in use. A device that interrupts at once, from a handler of the same kind. How
 * many instructions have retired is part of what is seen.
 */
#include "guest.inc"

#define PLIC 0x0c000000
#define CLAIM (PLIC + 0x201004)
#define PAGE 0x50000000
#define HOLE 0x20000000
#define TIMES 12

    /* `body`, so many times. */
    .macro REPEAT body:vararg
    li s3, TIMES
7:  \body
    addi s3, s3, -1
    bnez s3, 7b
    .endm

main:
    li t0, DATA
    li t1, 0x2a
    sb t1, 5(t0)
    call new_space
    MAP PAGE, UART, RW
    mv s0, a0
    MAP (PAGE + 0x1000), HOLE, RW
    li a0, PLIC
    li a1, PTE(PLIC, RW)
    call map_super
    call paging_on
    li s1, PAGE
    REPEAT call look

    /* Memory there, and the device again; the store to the table has one place, too. */
    REPEAT call there_and_back
    REPEAT call look
    li a1, PTE(DATA, RW)
    call enter
    REPEAT call look
    IS(t0, 0x2a)
    li a1, PTE(UART, RW)
    call enter
    REPEAT call look

    /* Nothing there: by the bus, and by the table. */
    li s1, PAGE + 0x1000
    li s10, NO_TRAP
    call look
    IS(s10, LOAD_ACCESS)
    li s1, PAGE + 0x2000
    li s10, NO_TRAP
    call look
    IS(s10, LOAD_PAGE)
    li s1, PAGE
    REPEAT call look

    /* Another instruction there; and the first again. */
    la s2, look
    lw s4, 0(s2)
    li t0, 0x04d00293               # li t0, 77
    sw t0, 0(s2)
    fence.i
    REPEAT call look
    IS(t0, 77)
    sw s4, 0(s2)
    fence.i
    REPEAT call look

    /* The transmitter is empty, so asking for its interrupt is having it. */
    la t0, served
    csrw stvec, t0
    li t0, 1
    li t1, PLIC + 4 * 10
    sw t0, 0(t1)
    li t0, 1 << 10
    li t1, PLIC + 0x2080
    sw t0, 0(t1)
    li t1, CLAIM - 4
    sw zero, 0(t1)
    li t0, SEIP
    csrw sie, t0
    li s2, CLAIM
    li s4, 0
    csrsi sstatus, SSTATUS_SIE
    REPEAT call ask
    csrci sstatus, SSTATUS_SIE
    la t0, trap_catch
    csrw stvec, t0
    IS(s5, TIMES)

    /* Memory there for long, which is filled each time; and the device again. */
    REPEAT call two_pages
    li a1, PTE(UART, RW)
    call enter
    REPEAT call look
    j pass

    .balign 4
served:
    csrr tp, sepc
    MIX tp
    lw s7, 0(s2)
    lbu tp, 2(s1)
    MIX tp
    sb zero, 1(s1)
    sw s7, 0(s2)
    rdinstret tp
    MIX tp
    addi s5, s5, 1
    sret

    .balign 4
look:
    lbu t0, 5(s1)
    rdinstret t1
    MIX t0
    MIX t1
    ret

ask:
    li t0, 2
    sb t0, 1(s1)
    MIX s4
    addi s4, s4, 1
    ret

there_and_back:
    mv s5, ra
    li a1, PTE(DATA, RW)
    call enter
    call look
    li a1, PTE(UART, RW)
    call enter
    call look
    mv ra, s5
    li s5, 0
    ret

two_pages:
    mv s5, ra
    li a1, PTE(DATA, RW)
    call enter
    call look
    li a1, PTE(DATA + 0x1000, RW)
    call enter
    call look
    mv ra, s5
    ret

enter:
    sw a1, 0(s0)
    sfence.vma
    ret
