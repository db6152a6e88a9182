/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crossings - system calls by the dozen, so that a monitor's short cuts are taken; and between
 * two of them all that must not be missed there: pages that were the other mode's, tables that have
 * changed, another space, SUM, an interrupt that waits for SRET, a reservation.
 */
#include "guest.inc"
#define PAGE 0x40000000
#define FRESH 0x40100000 /* a page for each time, 1 MiB apart */
#define USER_CODE 0x50000000
#define KERNEL_PAGE DATA
#define TIMES 6

/* The program's pieces, at its end. */
#define AT(n) (USER_CODE + 16 * n)
#define READ AT(0)
#define NOTHING AT(1)
#define READ_KERNEL AT(2)
#define RESERVE AT(3)
#define KEEP AT(4)
#define TOUCH AT(5)

    /* One call of the program at an address; what it saw is in a0, and is mixed. */
    .macro CALL address
    li t0, \address
    USER t0
    IS(s10, ECALL_U)
    TVAL(0)
    MIX a0
    csrr t0, sstatus
    MIX t0
    .endm

    .macro FAULTS address, cause
    li t0, \address
    USER t0
    IS(s10, \cause)
    .endm

main:
    li s1, PAGE
    li s0, PTE(DATA + 0x1000, RW | U)
    call space
    lw t0, root
    la t1, other
    sw t0, 0(t1)
    li s0, PTE(DATA, RW | U)
    call space
    li t0, DATA
    li t1, 0x1000
    add t1, t1, t0
    sw t0, (t0)
    sw t1, (t1)
    li s2, FRESH + TIMES * 0x100000
1:  li t0, 0x100000
    sub s2, s2, t0
    mv a0, s2
    li a1, PTE(DATA, RW | U)
    call map_pte
    li t0, FRESH
    bne s2, t0, 1b
    call paging_on
    li s2, 0
    li s5, FRESH
again:
    CALL READ
    IS(a0, DATA)
    CALL READ
    FAULTS READ_KERNEL, LOAD_PAGE
    CALL NOTHING
    TRAPS(LOAD_PAGE, lw t0, (s1))   # nor may the kernel, without SUM
    TRAPS(INSN_PAGE, jalr s1)

    /* What the program is the first to touch is no page of the kernel's. */
    CALL TOUCH
    IS(a0, DATA)
    TRAPS(LOAD_PAGE, lw t0, (s5))
    li t0, 0x100000
    add s5, s5, t0

    /* With SUM it may; and then, too, when it was set before the call. */
    li t0, SSTATUS_SUM
    csrs sstatus, t0
    QUIET(lw t0, (s1))
    CALL NOTHING
    CALL NOTHING
    QUIET(lw t0, (s1))
    IS(t0, DATA)
    li t0, SSTATUS_SUM
    csrc sstatus, t0
    TRAPS(LOAD_PAGE, lw t0, (s1))
    CALL READ

    /* Another page behind the same address; then none; by each kind of fence. */
    li t0, PTE(DATA + 0x1000, RW | U)
    sw t0, (s0)
    sfence.vma s1, zero
    CALL READ
    IS(a0, DATA + 0x1000)
    sw zero, (s0)
    sfence.vma
    FAULTS READ, LOAD_PAGE
    CALL NOTHING
    FAULTS READ, LOAD_PAGE
    li t0, PTE(DATA, RW | U)
    sw t0, (s0)
    sfence.vma
    CALL READ
    IS(a0, DATA)

    /* The kernel goes on in the other space, and back: there PAGE is another. */
    call switch
    CALL READ
    IS(a0, DATA + 0x1000)
    CALL NOTHING
    call switch
    CALL READ
    IS(a0, DATA)

    /* A reservation does not outlive a call. */
    CALL RESERVE
    li t0, KEEP
    li a0, 0
    USER t0
    IS(a0, 1)

    /* An interrupt that is pending is taken in user mode, before its first instruction. */
    li t0, SSIP
    csrs sie, t0
    csrs sip, t0
    li t0, NOTHING
    li a0, 7
    USER t0
    IS(s10, SOFT_INTERRUPT)
    IS(s7, NOTHING)
    IS(a0, 7)
    li t0, SSIP
    csrc sip, t0
    CALL NOTHING
    csrw sie, zero

    /* SRET to the supervisor; and a vectored handler: calls go to its base. */
    la t0, 2f
    csrw sepc, t0
    li t0, SSTATUS_SPP
    csrs sstatus, t0
    sret
2:  csrci sstatus, SSTATUS_SIE
    csrr t0, stvec
    xori t0, t0, 1
    csrw stvec, t0
    CALL NOTHING
    TRAPS(ILLEGAL, .word 0)
    IS(s9, 0)
    csrr t0, stvec
    xori t0, t0, 1
    csrw stvec, t0

    addi s2, s2, 1
    li t0, TIMES
    bne s2, t0, again
    csrw satp, zero
    j pass

    /* A new space: `root`, with the entry s0 for PAGE; then s0 is where that is. */
space:
    mv s4, ra
    call new_space
    la a1, user_code
    srli a1, a1, 2
    ori a1, a1, RX | U
    li a0, USER_CODE
    call map_pte
    li a0, PAGE
    mv a1, s0
    call map_pte
    mv s0, a0
    jr s4

    /* The two spaces take turns, with no fence: neither was changed. */
switch:
    la t0, other
    lw t1, root
    lw t2, 0(t0)
    sw t1, 0(t0)
    la t0, root
    sw t2, 0(t0)
    srli t2, t2, 12
    li t1, 0x80000000
    or t2, t2, t1
    csrw satp, t2
    ret

    .data
    .balign 4
other:
    .word 0

    .section .user, "ax"
    .balign 16
user_code:
    lw a0, (s1)
    ecall
    .balign 16
    ecall
    .balign 16
    li a0, KERNEL_PAGE
    lw a0, (a0)
    ecall
    .balign 16
    lr.w t0, (s1)
    ecall
    .balign 16
    sc.w a0, t0, (s1)
    ecall
    .balign 16
    lw a0, (s5)
    ecall
