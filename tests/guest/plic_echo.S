/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plic_echo - what is typed comes back, all by interrupts: the UART asks the PLIC, the PLIC the
 * hart, which waits with WFI in between; and the transmitter's interrupt, told by IIR. Its last
 * byte, a new line, ends it. How often it was woken, and when, is part of what is compared.
 */
#include "guest.inc"

#define PLIC 0x0c000000
#define PRIORITY (PLIC + 4 * 10)
#define ENABLE (PLIC + 0x2080)
#define THRESHOLD (PLIC + 0x201000)
#define CLAIM (PLIC + 0x201004)
#define EXTERNAL_INTERRUPT 0x80000009

main:
    li s0, UART
    li s1, CLAIM
    li s4, 0

    /* Nothing enabled: nothing comes. */
    lw t0, 0(s1)
    CHECK(t0, zero)
    li t0, 1
    li t1, PRIORITY
    sw t0, 0(t1)
    li t0, 1 << 10
    li t1, ENABLE
    sw t0, 0(t1)
    li t1, THRESHOLD
    sw zero, 0(t1)

    /* The PLIC takes words only. */
    li t1, PRIORITY
    TRAPS(LOAD_ACCESS, lh t0, 0(t1))
    TRAPS(STORE_ACCESS, sb t0, 0(t1))

    /* An empty transmitter is pending at once, seen in sip with interrupts off. */
    li t0, 2
    sb t0, 1(s0)
    csrr t0, sip
    IS(t0, SEIP)
    lw t0, 0(s1)
    IS(t0, 10)
    csrr t0, sip
    CHECK(t0, zero)
    lbu t0, 2(s0)
    IS(t0, 0xc2)
    li t0, 10
    sw t0, 0(s1)
    csrr t0, sip
    CHECK(t0, zero)

    /* Echo: received data interrupts. */
    la t0, echo
    csrw stvec, t0
    li t0, 1
    sb t0, 1(s0)
    li t0, SEIP
    csrw sie, t0
    csrsi sstatus, SSTATUS_SIE
1:  wfi
    addi s4, s4, 1
    beqz s5, 1b
    csrci sstatus, SSTATUS_SIE
    la t0, trap_catch
    csrw stvec, t0
    MIX s4
    rdtime t0
    MIX t0
    j pass

    .balign 4
echo:
    csrr t0, scause
    IS(t0, EXTERNAL_INTERRUPT)
    lw s2, 0(s1)
    IS(s2, 10)
    lbu t0, 2(s0)
    IS(t0, 0xc4)
    lbu t0, 0(s0)
    sb t0, 0(s0)
    MIX t0
    rdtime t1
    MIX t1
    sw s2, 0(s1)
    addi t0, t0, -'\n'
    bnez t0, 2f
    li s5, 1
2:  sret
