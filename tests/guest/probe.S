/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe - what a guest sees of the computer through the encodings that broken instruction sets
 * change (isa/variants.def): in supervisor mode (S), then in user mode (U). Each line is a value,
 * or that it traps. It is made to get through on a CPU where returning from a trap, or writing
 * sstatus, does not work: the handler goes back by whichever of its two ways does, and nothing
 * depends on what is in sstatus.
 *
 * s0 the user's results: the cause of each trap, and a0.
 */
#include "guest.inc"

#define DATA_VA 0x40000000
#define USER_DATA_VA 0x40001000
#define USER_VA 0x50000000
#define UART_MCR 4

#define LRA_A0_A1 .word 0x0005850b
#define IO_PROBE_A0 .word 0x0000150b
#define INSTRET 0xc02

    /* A line: what was tried, and how it went. */
    .macro SAY text, value
    mv s4, \value
    la a0, 7f
    call say
    .pushsection .rodata
7:  .byte 6f - 7b - 1
    .ascii "\text "
6:
    .popsection
    .endm

    .macro PROBE text, insn:vararg
    li s10, NO_TRAP
    \insn
    SAY "\text", a0
    .endm

    /* In user mode there is no console: keep it. */
    .macro KEEP insn:vararg
    li s10, NO_TRAP
    li a0, 0
    lla ra, 4f
    \insn
4:  sw s10, 0(s0)
    sw a0, 4(s0)
    addi s0, s0, 8
    .endm

    .macro TELL text
    lw s10, 0(s0)
    lw s3, 4(s0)
    addi s0, s0, 8
    SAY "\text", s3
    .endm

main:
    la t0, handler
    csrw stvec, t0
    call new_space
    MAP DATA_VA, DATA, RW
    MAP USER_DATA_VA, DATA, RW | U
    MAP UART, UART, RW
    la a1, user
    srli a1, a1, 2
    ori a1, a1, RX | U
    li a0, USER_VA
    call map_pte
    call paging_on
    li t0, UART
    li t1, 3
    sb t1, UART_MCR(t0)

    li t0, SSTATUS_SUM | SSTATUS_MXR
    csrw sstatus, t0
    PROBE "S csrr sstatus", csrr a0, sstatus
    csrci sstatus, SSTATUS_SIE
    csrsi sstatus, SSTATUS_SIE
    PROBE "S ... after csrsi", csrr a0, sstatus
    csrw sstatus, zero
    PROBE "S ... after csrw zero", csrr a0, sstatus
    PROBE "S csrr stvec", csrr a0, stvec
    PROBE "S csrr satp", csrr a0, satp
    csrr s2, time
    li s10, NO_TRAP
    csrr a0, INSTRET
    sub a0, a0, s2
    SAY "S instret - time", a0
    li a0, 0
    li a1, DATA_VA + 4
    PROBE "S lra", LRA_A0_A1
    li a0, 0
    PROBE "S io.probe", IO_PROBE_A0

    li t0, SSTATUS_SUM | SSTATUS_MXR
    csrw sstatus, t0
    li t0, USER_VA
    csrw sepc, t0
    li s0, USER_DATA_VA
    la ra, stayed
    csrr s2, time
    sret
stayed:
    li s10, NO_TRAP
    SAY "S sret does not leave supervisor mode", zero
    j over

back:
    csrr s3, sstatus
    li s10, NO_TRAP
    SAY "S csrr sstatus, after user mode", s3
    li s0, DATA_VA
    TELL "U csrr sstatus"
    TELL "U csrr stvec"
    TELL "U csrr satp"
    TELL "U csrw sstatus"
    TELL "U csrsi sstatus"
    TELL "U sret"
    lw s3, 4(s0)
    sub s3, s3, s2
    sw s3, 4(s0)
    TELL "U instret - time before"
    TELL "U lra"
    TELL "U io.probe"
over:
    li a1, 0
    j power_off

    /* Stand behind the instruction; after an ECALL of the user, in supervisor mode at `back`. */
    .balign 4
handler:
    csrr s10, scause
    li s6, ECALL_U
    beq s10, s6, back
    csrr s7, sepc
    addi s7, s7, 4
    csrw sepc, s7
    mv ra, s7
    sret
    jr s7

    /* a0: the text, behind its length; s10: the trap; s4: the value. */
say:
    mv s5, ra
    lbu a1, 0(a0)
    addi a0, a0, 1
    call print
    li t0, NO_TRAP
    bne s10, t0, 2f
    mv a0, s4
    mv ra, s5
    j print_hex
2:  la a0, traps_text
    li a1, 6
    mv ra, s5
    j print

    .section .rodata
traps_text:
    .ascii "traps\n"

    .section .user, "ax"
    .balign 4096
user:
    KEEP csrr a0, sstatus
    KEEP csrr a0, stvec
    KEEP csrr a0, satp
    KEEP csrw sstatus, zero
    KEEP csrsi sstatus, SSTATUS_SIE
    KEEP sret
    KEEP csrr a0, INSTRET
    li a1, USER_DATA_VA + 4
    KEEP LRA_A0_A1
    KEEP IO_PROBE_A0
    ecall
