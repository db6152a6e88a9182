/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reboot - the machine restarts twice, warm and cold: harts, CSRs, devices and timers are out of
 * reset, the image is as in its file and its code is run as such, translations are gone; other memory
 * stays (warm) or is zero (cold). `time` goes on, and so does what was typed.
 */
#include "guest.inc"
#define MARK 0x600df00d
#define PLIC_PRIORITY (0x0c000000 + 4 * 10)
#define PLIC_ENABLE 0x0c002080
#define FIRST_TIME 100 /* `time` of the first boot is less here */
#define COLD 1
#define WARM 2

main:
    /* Only sp, t0, s8 and s11 have been written so far. */
    IS(a0, 0)
    .irp reg, ra, gp, tp, t1, t2, s0, s1, a2, a3, a4, a5, a6, a7, s2, s3, s4, s5, s6, s7, s9, s10, t3, t4, t5
    CHECK(\reg, zero)
    .endr
    MIX a1
    csrr s1, time
    .irp csr, sstatus, sie, sip, sscratch, sepc, scause, stval, satp, 0x10a
    csrr t0, \csr
    CHECK(t0, zero)
    .endr
    csrr t0, scounteren
    IS(t0, 7)
    /* The image: words with a value and without, and code. */
    lw t0, word
    IS(t0, 77)
    lw t0, empty
    CHECK(t0, zero)
    call patched
    IS(a0, 5)
    /* Devices. */
    li t1, UART
    lbu t0, 1(t1)
    CHECK(t0, zero)
    lbu t0, 7(t1)
    CHECK(t0, zero)
    li t1, PLIC_PRIORITY
    lw t0, 0(t1)
    CHECK(t0, zero)
    li t1, PLIC_ENABLE
    lw t0, 0(t1)
    CHECK(t0, zero)
    SBI 2, 0
    MIX a0
    la a0, boot_text
    li a1, 5
    call print

    /* Which boot is it? */
    li s0, DATA
    lw s2, 0(s0)
    li t0, MARK
    beq s2, t0, second
    CHECK(s2, zero)
    li t0, FIRST_TIME
    bgeu s1, t0, third

    call dirty
    li s3, WARM
    j restart
second:
    lw t0, 0(s0)
    IS(t0, MARK)
    /* Not by a type or a reason that there is not. */
    li a0, COLD
    li a1, 2
    SBI SBI_SRST, 0
    IS(a0, SBI_INVALID_PARAM)
    li a0, 0xf0000000
    li a1, 0
    SBI SBI_SRST, 0
    IS(a0, SBI_INVALID_PARAM)
    call dirty
    li s3, COLD
    j restart
third:
    lw t0, 4(s0)
    CHECK(t0, zero)
    li t1, SUPER
    lw t0, 0(t1)
    CHECK(t0, zero)
    j pass

restart:
    mv a0, s3
    li a1, 0
    SBI SBI_SRST, 0
    li a0, __LINE__
    j fail

    /* All that a restart is to put back. */
dirty:
    mv s5, ra
    la t0, word
    sw zero, 0(t0)
    la t0, empty
    sw t0, 0(t0)
    la t0, patched
    li t1, INSN_LI_A0(6)
    sw t1, 0(t0)
    fence.i
    call patched
    IS(a0, 6)
    li t0, DATA
    li t1, MARK
    sw t1, 0(t0)
    sw t1, 4(t0)
    li t0, SUPER
    sw t1, 0(t0)
    li t1, PLIC_PRIORITY
    li t0, 1
    sw t0, 0(t1)
    li t1, PLIC_ENABLE
    li t0, 1 << 10
    sw t0, 0(t1)
    li t1, UART
    li t0, 3
    sb t0, 1(t1)
    sb t0, 7(t1)
    csrr a0, time
    addi a0, a0, 1
    li a1, 0
    SBI SBI_TIME, 0
    li t0, SSIP | STIP | SEIP
    csrw sie, t0
    csrsi sip, SSIP
    csrw sscratch, t0
    csrw sepc, t0
    csrw scause, t0
    csrw stval, t0
    csrwi scounteren, 1
    csrwi 0x10a, 1 /* senvcfg */
    li t0, SSTATUS_SUM | SSTATUS_MXR | SSTATUS_SPIE
    csrw sstatus, t0
    /* A space in which the first page of DATA is another's. */
    call new_space
    lw t0, root
    li t1, PTE(SUPER, RW)
    sw t1, 4(t0)
    MAP (SUPER + SUPER), DATA, RW
    call paging_on
    li t0, SUPER + SUPER
    lw t1, 0(t0)
    IS(t1, MARK)
    jr s5

patched:
    li a0, 5
    ret

    .data
    .balign 4
word:
    .word 77
boot_text:
    .ascii "boot\n"
    .bss
    .balign 4
empty:
    .space 4
