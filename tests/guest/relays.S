/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * relays - nested acceleration where the firmware relays, and fills: from the supervisor's side, with
 * what it should name, and with anything else. Its guest calls as a monitor would; user mode is all
 * that the guest's guest has.
 */
#include "guest.inc"
#define NESTED 0x09000000
#define ENTER 2
#define FILL 1
#define RELAY 2

/* Of struct nested (docs/board.md). */
#define PC 0x80
#define SATP 0x84
#define TICKS 0x88
#define CAUSE 0x90
#define TVAL_AT 0x94
#define RETIRED 0x98
#define GUEST_SATP 0xa0
#define HGATP 0xa4
#define RULES 0xa8
#define FILLED 0xac
#define FILLS 0xb0
#define INNER 0x1b0
#define HOME 0x1b4
#define INSIDE 0x1b8
#define SATPS 0x1bc
#define ENTERED 0x1c4
#define DUE 0x1cc
#define TRAPS_AT 0x1dc
#define ENTRIES 0x1e0
#define WORLDS 0x1e4
#define SIZE 0x264

#define OUTER_PAGE DATA
#define INNER_PAGE (DATA + 0x1000)
#define CODE_VA 0x40000000
/* In the code of guests, each 64 bytes after the one before: */
#define INNERS 0x40
#define LOOPS 0x80
#define INNER_LOOPS 0xc0
#define TOUCHES 0x100
#define ITS_OWN 0x80000555
#define THEIRS 0x80000777
#define NO_MEMORY 0x803fffff

    .macro SET page, offset, value
    li t0, \value
    sw t0, \offset(\page)
    .endm

    /* Enter; which trap ends the call, and so many traps and calls were relayed before. */
    .macro GOES cause, traps, entries
    call enter
    lw t0, CAUSE(s0)
    IS(t0, \cause)
    lw t0, TRAPS_AT(s0)
    IS(t0, \traps)
    lw t0, ENTRIES(s0)
    IS(t0, \entries)
    csrr t0, satp
    CHECK(t0, zero)
    call prepare
    .endm

    /* Nothing is relayed if this is what the word is. */
    .macro REFUSED offset, value
    SET s0, \offset, \value
    GOES ECALL_U, 0, 0
    .endm

main:
    li s0, OUTER_PAGE
    li s3, INNER_PAGE
    call new_space
    li a0, CODE_VA
    la a1, code
    srli a1, a1, 2
    ori a1, a1, V | R | X | A | U
    call map_pte
    lw s1, root
    srli s1, s1, 12
    li t0, 0x80000000
    or s1, s1, t0
    mv a0, s0
    li a1, 0
    li a2, FILL | RELAY
    SBI NESTED, 1
    IS(a0, 0)
    call prepare

    /* Its call, its guest's, and its own breakpoint. */
    call enter
    lw t0, CAUSE(s0)
    IS(t0, BREAKPOINT)
    lw t0, RETIRED(s0)
    IS(t0, 3)
    lw t0, RETIRED(s3)
    IS(t0, 1)
    lw t0, CAUSE(s3)
    IS(t0, ECALL_U)
    lw t0, 10 * 4(s3)
    IS(t0, 77)
    lw t0, SATP(s3)
    IS(t0, THEIRS)
    lw t0, GUEST_SATP(s0)
    IS(t0, ITS_OWN)
    lw t0, RULES(s0)
    IS(t0, 1)
    call prepare

    /* By the timers, to the instruction: its own, then its guest's. */
    li t0, STIP
    csrw sie, t0
    SET s0, PC, CODE_VA + LOOPS
    SET s3, PC, CODE_VA + INNER_LOOPS
    SET s0, TICKS, 1000
    SET s0, TICKS + 4, 0
    call enter
    lw t0, CAUSE(s0)
    IS(t0, TIMER_INTERRUPT)
    lw t0, RETIRED(s0)
    IS(t0, 1000)
    lw t0, TRAPS_AT(s0)
    IS(t0, 998)
    call prepare
    SET s3, PC, CODE_VA + INNERS + 8
    SET s3, TICKS, 5
    SET s3, TICKS + 4, 0
    call enter
    lw t0, CAUSE(s0)
    IS(t0, TIMER_INTERRUPT)
    lw t0, INSIDE(s0)
    IS(t0, 1)
    lw t0, DUE(s0)
    IS(t0, 7)
    lw t0, RETIRED(s0)
    IS(t0, 7)
    csrw sie, zero
    call prepare

    /* Memory that is none, or that the calls' own page is, or the table that all are mapped by. */
    REFUSED INNER, 0
    REFUSED INNER, INNER_PAGE + 4
    REFUSED INNER, RAM_SIZE
    REFUSED INNER, UART
    REFUSED INNER, -4096
    REFUSED FILLED, 1
    REFUSED FILLED, -1
    REFUSED WORLDS, 0
    REFUSED WORLDS, THEIRS + 1
    SET s0, INNER, OUTER_PAGE
    SET s0, WORLDS, 0x80000111
    GOES ECALL_U, 0, 0
    SET s0, INNER, OUTER_PAGE
    sw s1, WORLDS(s0)
    GOES ECALL_U, 0, 0 /* it would be its own guest, that relays */
    slli t0, s1, 12
    sw t0, INNER(s0)
    GOES ECALL_U, 0, 0

    /* Spaces of which there is no memory, or that are the shared memory; no space at all. */
    SET s0, WORLDS + 4, NO_MEMORY
    GOES INSN_ACCESS, 0, 1
    SET s0, HOME, NO_MEMORY
    GOES INSN_ACCESS, 1, 1
    SET s0, WORLDS + 4, 0x80000000 | INNER_PAGE >> 12
    call enter
    lw t0, ENTRIES(s0)
    IS(t0, 1)
    call prepare
    SET s0, WORLDS + 4, 0
    la t0, inners
    sw t0, PC(s3)
    SET s0, HOME, 0
    call enter
    lw t0, TRAPS_AT(s0)
    IS(t0, 1)
    call prepare

    /* What the firmware keeps up to date is whatever it was at first: also that a guest is entered. */
    SET s0, INSIDE, 7
    SET s0, ENTERED, -1
    SET s0, ENTERED + 4, -1
    GOES ECALL_U, 1, 0

    /* A page of the guest's guest, by both tables: then the supervisor has to be told. */
    SET s0, PC, CODE_VA + LOOPS
    SET s3, PC, CODE_VA + TOUCHES
    la t0, gpa_root
    srli t0, t0, 12
    li t1, 0x80000000
    or t0, t0, t1
    sw t0, HGATP(s0)
    SET s0, WORLDS, 1 /* by its account, its guest does not translate */
    SET s3, SATP, 1
    call enter
    lw t0, FILLED(s0)
    IS(t0, 1)
    lw t0, FILLS(s0)
    IS(t0, CODE_VA + 0x1000)
    lw t0, CAUSE(s0)
    IS(t0, ECALL_U)
    lw t0, TRAPS_AT(s0)
    IS(t0, 0)
    lw t0, INSIDE(s0)
    IS(t0, 1)
    call prepare

    /* By tables that are anything. */
    SET s0, PC, CODE_VA + LOOPS
    SET s3, PC, CODE_VA + TOUCHES + 4
    SET s0, HGATP, NO_MEMORY
    GOES LOAD_PAGE, 0, 1
    SET s3, PC, CODE_VA + TOUCHES + 4
    SET s0, HGATP, 0x80000000 | OUTER_PAGE >> 12
    SET s0, RULES, -1
    GOES LOAD_PAGE, 0, 1
    j pass

    /* Everything is as it should be. */
prepare:
    mv t0, s0
    li t1, 2048
1:  sw zero, 0(t0)
    addi t0, t0, 4
    addi t1, t1, -1
    bnez t1, 1b
    SET s0, PC, CODE_VA
    sw s1, SATP(s0)
    SET s0, TICKS, -1
    SET s0, TICKS + 4, -1
    sw s3, INNER(s0)
    sw s1, HOME(s0)
    SET s0, SATPS, ITS_OWN
    SET s0, WORLDS, THEIRS
    sw s1, WORLDS + 4(s0)
    SET s3, PC, CODE_VA + INNERS
    SET s3, SATP, THEIRS
    SET s3, TICKS, -1
    SET s3, TICKS + 4, -1
    ret

    /* All that is shared goes into the hash. */
enter:
    mv s5, ra
    SBI NESTED, ENTER
    IS(a0, 0)
    mv a4, s0
    call mix
    mv a4, s3
    call mix
    jr s5
mix:
    li a5, SIZE / 4
1:  lw a6, 0(a4)
    MIX a6
    addi a4, a4, 4
    addi a5, a5, -1
    bnez a5, 1b
    ret

    /* Of the guest, and of its guest. */
    .balign 4096
code:
    li a7, NESTED
    li a6, ENTER
    ecall
    ebreak
    .balign 64
inners:
    li a0, 77
    ecall
    j .
    .balign 64                      # LOOPS
    li a7, NESTED
    li a6, ENTER
1:  ecall
    j 1b
    .balign 64                      # INNER_LOOPS
1:  ecall
    j 1b
    .balign 64                      # TOUCHES
    li t0, CODE_VA + 0x1000
    lw t0, 0(t0)
    ecall
    .balign 4096

    /* A second stage: one superpage of all that is here. */
    .balign 16384
gpa_root:
    .space 0x400
    .word PTE(0, V | R | W | X | U | A | D)
    .balign 16384
