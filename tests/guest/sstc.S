/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sstc - stimecmp, which the firmware emulates: read and written in each way, a timer interrupt at
 * the very time, WFI, and set_timer seen in it. A program's access is illegal.
 */
#include "guest.inc"

#define stimecmp 0x14d
#define stimecmph 0x15d

main:
    csrr t0, stimecmp
    IS(t0, -1)
    csrr t0, stimecmph
    IS(t0, -1)

    /* As SBI set it, and the other way round. */
    li a0, 0x1234
    li a1, 0x5678
    SBI SBI_TIME, 0
    csrr t0, stimecmp
    IS(t0, 0x1234)
    csrr t0, stimecmph
    IS(t0, 0x5678)
    csrrsi t0, stimecmp, 3
    csrrci t1, stimecmp, 4
    IS(t1, 0x1237)
    csrr t0, stimecmp
    IS(t0, 0x1233)
    QUIET(csrw stimecmph, zero)
    csrr t0, sip
    CHECK(t0, zero)
    QUIET(csrwi stimecmp, 1)
    csrr t0, sip
    IS(t0, STIP)
    li t0, -1
    csrw stimecmph, t0
    csrr t0, sip
    CHECK(t0, zero)
    csrr t0, sstatus
    MIX t0
    csrr t0, instret /* what is emulated does not retire */
    MIX t0

    /* Fifty interrupts, each set by the one before. */
    la t0, tick
    csrw stvec, t0
    li s0, 50
    li s1, 1000
    call next
    li t0, STIP
    csrw sie, t0
    csrsi sstatus, SSTATUS_SIE
1:  andi t0, s0, 1
    beqz t0, 2f
    wfi
2:  bnez s0, 1b
    csrci sstatus, SSTATUS_SIE
    csrw sie, zero
    la t0, trap_catch
    csrw stvec, t0

    /* In user mode. */
    la t0, 3f
    USER t0
    li t0, ILLEGAL
    CHECK(s10, t0)
    j pass
3:  csrr t0, stimecmp
    j 3b

next:
    rdtimeh t1
    rdtime t0
    add t0, t0, s1
    li t2, -1
    csrw stimecmp, t2
    csrw stimecmph, t1
    csrw stimecmp, t0
    mv s2, t0
    ret

    .balign 4
tick:
    csrr t1, scause
    IS(t1, TIMER_INTERRUPT)
    rdtime t1
    MIX t1
    sub t1, t1, s2
    li t2, 5
    bltu t1, t2, 4f
    li a0, __LINE__
    j fail
4:  addi s0, s0, -1
    addi s1, s1, -17
    mv s3, ra
    call next
    mv ra, s3
    bnez s0, 5f
    li t0, -1
    csrw stimecmph, t0
5:  sret
