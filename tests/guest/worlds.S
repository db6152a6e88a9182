/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * worlds - nested acceleration from the supervisor's side: what is refused; a world entered and left
 * by a call, by an illegal instruction, by a fault, by the timer to the instruction; and shared
 * memory with values that no register takes, or that is the page table of the world itself.
 */
#include "guest.inc"
#define NESTED 0x09000000
#define ENTER 2
#define SHARED DATA
#define CODE (DATA + 0x1000)
#define CODE_VA 0x40000000
#define PC 0x80
#define SATP 0x84
#define TICKS 0x88
#define CAUSE 0x90
#define TVAL_AT 0x94
#define RETIRED 0x98
#define IMPLEMENTED_INSN 0x10002573 /* csrr a0, sstatus */
#define INSN_LOOP 0x0000006f        /* j . */

    .macro ASK function, x=0, y=0, z=0
    li a0, \x
    li a1, \y
    li a2, \z
    SBI NESTED, \function
    MIX a0
    MIX a1
    .endm

    /* Enter at CODE_VA + offset, with a timer; all that is exchanged goes into the hash. */
    .macro WORLD offset, ticks=-1
    li t0, CODE_VA + \offset
    sw t0, PC(s0)
    sw s1, SATP(s0)
    li t0, \ticks
    sw t0, TICKS(s0)
    srai t0, t0, 31
    sw t0, TICKS + 4(s0)
    ASK ENTER
    IS(a0, 0)
    call mix_shared
    .endm

    .macro LEFT_BY cause, retired
    lw t0, CAUSE(s0)
    IS(t0, \cause)
    lw t0, RETIRED(s0)
    IS(t0, \retired)
    csrr t0, satp                   /* this world is as it was */
    CHECK(t0, s2)
    .endm

main:
    ASK 0, 0
    IS(a1, 1)
    ASK 0, 1
    IS(a1, 1)
    ASK 0, 2
    IS(a1, 1)
    ASK 0, 3
    IS(a1, 0)
    ASK ENTER                       /* before there is memory */
    IS(a0, -9)
    ASK 1, SHARED + 4
    IS(a0, SBI_INVALID_PARAM)
    ASK 1, SHARED, 0, 4
    IS(a0, SBI_INVALID_PARAM)
    ASK 1, RAM_SIZE
    IS(a0, -5)
    ASK 1, SHARED, 1
    IS(a0, -5)
    ASK 1, UART
    IS(a0, -5)
    ASK 1, SHARED
    IS(a0, 0)
    ASK 1, -1, -1                   /* not any more */
    IS(a0, 0)
    ASK ENTER
    IS(a0, -9)
    ASK 1, SHARED
    ASK 3
    IS(a0, -2)

    call new_space
    MAP CODE_VA, CODE, V | R | X | A | U
    lw s1, root
    srli s1, s1, 12
    li t0, 0x80000000
    or s1, s1, t0
    li s0, SHARED
    csrr s2, satp
    li t0, CODE
    li t1, INSN_LI_A0(77)
    sw t1, 0(t0)
    li t1, INSN_ECALL
    sw t1, 4(t0)
    li t1, IMPLEMENTED_INSN
    sw t1, 8(t0)
    li t1, INSN_LOOP
    sw t1, 12(t0)
    fence.i

    /* By a call: its registers are back in memory, and this world's are its own. */
    li t0, 1234
    sw t0, 11 * 4(s0)
    li a3, 99
    WORLD 0
    LEFT_BY ECALL_U, 1
    lw t0, 10 * 4(s0)
    IS(t0, 77)
    lw t0, 11 * 4(s0)
    IS(t0, 1234)
    IS(a3, 99)
    lw t0, PC(s0)
    IS(t0, CODE_VA + 4)
    lw t0, SATP(s0)
    CHECK(t0, s1)

    /* By what user mode may not do, and where nothing is mapped. */
    WORLD 8
    LEFT_BY ILLEGAL, 0
    lw t0, TVAL_AT(s0)
    IS(t0, IMPLEMENTED_INSN)
    WORLD 0x1000
    LEFT_BY INSN_PAGE, 0
    lw t0, TVAL_AT(s0)
    IS(t0, CODE_VA + 0x1000)

    /* By the timer: to the instruction. At once, if there is no time. */
    li t0, STIP
    csrw sie, t0
    WORLD 12, 1000
    LEFT_BY TIMER_INTERRUPT, 1000
    WORLD 0, 1
    LEFT_BY TIMER_INTERRUPT, 1
    WORLD 0, 0
    LEFT_BY TIMER_INTERRUPT, 0
    csrw sie, zero

    /* An odd pc is even; without translation the world is physical memory. */
    WORLD 5
    LEFT_BY ECALL_U, 0
    lw t0, PC(s0)
    IS(t0, CODE_VA + 4)
    mv s3, s1
    li s1, 0
    WORLD CODE - CODE_VA
    LEFT_BY ECALL_U, 1

    /* A root of which there is no memory; one that is the shared memory itself. */
    li s1, 0x803fffff
    WORLD 0
    LEFT_BY INSN_ACCESS, 0
    li s1, 0x80000000 | SHARED >> 12
    WORLD -CODE_VA + 0x1000
    lw t0, CAUSE(s0)
    IS(t0, INSN_PAGE)

    /* With translation here too. */
    mv s1, s3
    call new_space
    call paging_on
    csrr s2, satp
    WORLD 0
    LEFT_BY ECALL_U, 1
    TRAPS(NO_TRAP, nop)
    j pass

mix_shared:
    mv a4, s0
    li a5, 40
1:  lw a6, 0(a4)
    MIX a6
    addi a4, a4, 4
    addi a5, a5, -1
    bnez a5, 1b
    ret
