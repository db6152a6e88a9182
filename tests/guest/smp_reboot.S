/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * smp_reboot - the last hart has the machine restart while the others work and wait: hart 0 boots, the
 * others have stopped, and interrupts sent before are lost. Then all are started again.
 */
#include "smp.inc"
#define MARK (DATA + 0x800)

main:
    IS(a0, 0)
    COUNT_HARTS
    li s2, 1
states:
    bge s2, s1, all_stopped
    mv a0, s2
    SBI SBI_HSM, 2
    IS(a1, STOPPED)
    addi s2, s2, 1
    j states
all_stopped:
    csrr t0, sip
    CHECK(t0, zero)
    li t0, MARK
    lw t1, 0(t0)
    addi t2, t1, 1
    sw t2, 0(t0)
    li t0, 2
    bge t1, t0, over
    START_ALL second
    addi t1, s1, -1
    beqz t1, restart
spin:
    addi t0, t0, 1
    j spin
over:
    START_ALL third
    addi t2, s1, -1
    UNTIL arrived, t2
    j pass

    /* The last one restarts; one waits for an interrupt, the others work. */
second:
    ENTER
    addi t0, s1, -1
    beq s0, t0, restart
    li t0, 1
    bne s0, t0, spin
    li t0, SSIP
    csrw sie, t0
    wfi
    j spin
restart:
    /* Not before all have begun. */
    li t0, 4000
1:  addi t0, t0, -1
    bnez t0, 1b
    li a0, 1
    li a1, 0
    SBI SBI_IPI, 0
    li a0, 2
    li a1, 0
    SBI SBI_SRST, 0
    li a0, __LINE__
    j fail

third:
    ENTER
    addi t2, s0, 100
    CHECK(a1, t2)
    BUMP arrived
    SBI SBI_HSM, 1

    .data
    .balign 4
arrived:
    .word 0
