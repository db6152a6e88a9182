/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * para_calls - hypercalls (docs/para.md), where there are any: each once as it is meant, then some
 * thousands with random and hostile arguments, while random words are stored in the shared page.
 * Under another monitor, or none, it finds that there are none.
 */
#include "guest.inc"

#define PARA 0x0a00505a
#define VERSION 0
#define SHARE 1
#define SRET 2
#define ROOT 3
#define UPDATE 4
#define FENCE 5
#define YIELD 6

#define PAGE DATA
#define PENDING 4
#define SSTATUS 8
#define SSCRATCH 12
#define SEPC 16
#define SCAUSE 20
#define STVAL 24
#define GIVEN_A0 28
#define GIVEN_A7 40
#define ARRAY (DATA + 0x2000)
#define SPARE (DATA + 0x4000) /* what random updates write to */
#define USER_VA 0x10000000
#define ROUNDS 6000

    .macro CALL function, x=0, y=0, z=0
    li a0, \x
    li a1, \y
    li a2, \z
    SBI PARA, \function
    .endm

    /* s0: the next random number. */
    .macro RANDOM reg
    li t6, 1664525
    mul s0, s0, t6
    li t6, 1013904223
    add s0, s0, t6
    srli \reg, s0, 7
    .endm

    /* A word of a table, by a random number. */
    .macro CHOOSE reg, table, mask
    RANDOM \reg
    andi \reg, \reg, \mask
    slli \reg, \reg, 2
    la t6, \table
    add \reg, \reg, t6
    lw \reg, 0(\reg)
    .endm

main:
    li a0, PARA
    SBI 0x10, 3
    beqz a1, none
    call meant
    call random
none:
    j pass

/* ---- As it is meant ---- */

meant:
    mv s5, ra
    CALL VERSION
    IS(a0, 0)
    IS(a1, 1)
    CALL SRET
    IS(a0, -4)
    CALL SHARE, PAGE
    IS(a0, 0)
    li s2, PAGE

    /* A trap is in the page, and in the CSRs alike. */
    TRAPS(BREAKPOINT, ebreak)
    lw t0, SCAUSE(s2)
    IS(t0, BREAKPOINT)
    li t0, 0x12345677
    sw t0, SEPC(s2)
    csrr t1, sepc
    IS(t1, 0x12345676)
    csrw sscratch, t0
    lw t1, SSCRATCH(s2)
    CHECK(t0, t1)

    /* Into user mode, with registers out of the page, and back by a trap. */
    la t0, in_user
    sw t0, SEPC(s2)
    sw zero, SSTATUS(s2)
    li t0, 1234
    sw t0, GIVEN_A0(s2)
    li s10, NO_TRAP
    la s8, 8f
    CALL SRET
in_user:
    ecall
8:  IS(s10, ECALL_U)
    IS(a0, 1234)

    /* An interrupt that is pending when they are enabled comes at the yield. */
    la t0, timer_catch
    csrw stvec, t0
    li a0, 0
    li a1, 0
    SBI SBI_TIME, 0
    li t0, STIP
    csrs sie, t0
    lw t1, PENDING(s2)
    CHECK(t0, t1)
    li s10, NO_TRAP
    la s8, 8f
    li t0, SSTATUS_SIE
    sw t0, SSTATUS(s2)
    lw t1, PENDING(s2)
    IS(s10, NO_TRAP)
    CALL YIELD
8:  IS(s10, TIMER_INTERRUPT)
    TIMER_NEVER
    lw t1, PENDING(s2)
    CHECK(t1, zero)
    /* One that becomes so later comes by itself. */
    li t0, STIP
    csrs sie, t0
    li s10, NO_TRAP
    la s8, 8f
    csrr a0, time
    addi a0, a0, 500
    csrr a1, timeh
    SBI SBI_TIME, 0
    li t0, SSTATUS_SIE
    sw t0, SSTATUS(s2)
9:  j 9b
8:  IS(s10, TIMER_INTERRUPT)
    /* And one that is pending, at the next privileged instruction, whatever that does. */
    sw zero, SSTATUS(s2)
    li a0, 0
    li a1, 0
    SBI SBI_TIME, 0
    li t0, STIP
    csrs sie, t0
    li s10, NO_TRAP
    la s8, 8f
    li t0, SSTATUS_SIE
    sw t0, SSTATUS(s2)
    csrr t1, sscratch
behind:
    la t1, behind
    j 9f
8:  la t1, behind
9:  IS(s10, TIMER_INTERRUPT)
    CHECK(s7, t1)
    TIMER_NEVER
    la t0, trap_catch
    csrw stvec, t0

    /* A page is mapped by an update, and no longer by another. */
    call new_space
    MAP USER_VA, DATA + 0x6000, 0
    mv s3, a0
    lw a0, root
    srli a0, a0, 12
    li t0, 0x80000000
    or a0, a0, t0
    mv s4, a0
    li a1, 2
    SBI PARA, ROOT
    IS(a0, 0)
    csrr t0, satp
    CHECK(t0, s4)
    li s1, USER_VA
    TRAPS(LOAD_PAGE, lw t0, 0(s1))
    li t0, PTE(DATA + 0x6000, RW)
    call update
    QUIET(sw s1, 0(s1))
    li t0, PTE(DATA + 0x7000, RW)
    call update
    lw t0, 0(s1)
    CHECK(t0, zero)
    li t0, 0
    call update
    TRAPS(LOAD_PAGE, lw t0, 0(s1))
    li t0, PTE(DATA + 0x6000, RW)
    sw t0, 0(s3)
    CALL FENCE, USER_VA, 0x1000, 1
    IS(a0, 0)
    lw t0, 0(s1)
    CHECK(t0, s1)
    CALL ROOT, 0, 3
    IS(a0, 0)
    mv ra, s5
    ret

    /* The entry at s3 becomes t0, for the page at USER_VA. */
update:
    li t1, ARRAY
    sw s3, 0(t1)
    sw zero, 4(t1)
    sw t0, 8(t1)
    li t0, USER_VA | 1
    sw t0, 12(t1)
    mv t5, ra
    CALL UPDATE, ARRAY, 0, 1
    mv ra, t5
    IS(a0, 0)
    IS(a1, 1)
    ret

    .balign 4
timer_catch:
    csrr s10, scause
    csrr s7, sepc
    csrw sie, zero
    csrw sepc, s8
    sret

/* ---- As it is not ---- */

random:
    mv s5, ra
    li s0, 12345
    li s1, ROUNDS
1:  call scribble
    RANDOM t0
    andi t0, t0, 7
    li t1, ROOT
    beq t0, t1, 3f
    li t1, UPDATE
    beq t0, t1, 4f
    li t1, YIELD
    beq t0, t1, 5f
    mv a6, t0
    CHOOSE a0, addresses, 15
    CHOOSE a1, highs, 7
    CHOOSE a2, smalls, 7
    j 6f
3:  mv a6, t0
    andi a0, s0, 0x80
    beqz a0, 7f
    mv a0, s4
7:  CHOOSE a1, smalls, 7
    j 6f
4:  mv a6, t0
    CHOOSE a0, arrays, 7
    CHOOSE a1, highs, 7
    CHOOSE a2, smalls, 7
    j 6f
5:  mv a6, t0
    CHOOSE a0, yields, 3
6:  la s8, 8f
    li a7, PARA
    ecall
back:
    MIX a0
    MIX a1
    ebreak      /* whatever the mode is now: in supervisor mode behind it */
8:  csrw satp, zero
    csrw sie, zero
    addi s1, s1, -1
    bnez s1, 1b
    CALL SHARE, -1, -1
    IS(a0, 0)
    mv ra, s5
    ret

    /* A random word into the page, one into an update; where SRET goes to stays. */
scribble:
    RANDOM t0
    andi t1, s0, 0x3c
    add t1, t1, s2
    sw t0, 0(t1)
    la t0, back
    sw t0, SEPC(s2)
    RANDOM t0
    li t1, 0xffe
    and t0, t0, t1
    li t1, SPARE
    add t0, t0, t1
    RANDOM t2
    andi t1, t2, 0x70
    li t3, ARRAY
    add t1, t1, t3
    sw t0, 0(t1)
    sw zero, 4(t1)
    sw t2, 8(t1)
    RANDOM t2
    andi t3, t2, 0x100
    beqz t3, 2f
    li t3, ~0xffc
    and t2, t2, t3
2:  sw t2, 12(t1)
    ret

    .data
    .balign 4
addresses:
    .word PAGE, PAGE, PAGE, PAGE + 0x1000, PAGE + 4, -1, 2, UART
    .word RAM_SIZE - 0x1000, RAM_SIZE, 0x80000000, 0xfffff000, ARRAY, 1, 0x800000, SPARE
arrays:
    .word ARRAY, ARRAY, ARRAY, ARRAY + 16, ARRAY + 1, RAM_SIZE - 16, -1, UART
highs:
    .word 0, 0, 0, 0, 0, 1, -1, 4
smalls:
    .word 0, 1, 2, 3, 4, 28, 256, -1
yields:
    .word 0, 1, 3, -1
