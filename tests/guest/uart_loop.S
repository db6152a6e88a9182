/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uart_loop - the 16550's receiver in loop mode: a FIFO of 16 bytes that overruns and interrupts at
 * four levels, or below them after a silence of four characters, which WFI sleeps through; and the
 * modem lines. What IIR and LSR say is what QEMU's UART says.
 */
#include "guest.inc"

#define PLIC 0x0c000000
#define PRIORITY (PLIC + 4 * 10)
#define ENABLE (PLIC + 0x2080)
#define THRESHOLD (PLIC + 0x201000)
#define CLAIM (PLIC + 0x201004)
#define FOUR_CHARACTERS (2 * 10 * 1736) /* divisor, bits; ticks of four bits' clocks */

    .macro GET value, at
    lbu t0, \at(s0)
    MIX t0
    IS(t0, \value)
    .endm
    .macro PUT value, at
    li t0, \value
    sb t0, \at(s0)
    .endm

main:
    li s0, UART

    /* As firmware leaves it. */
    GET 0x00, 1
    GET 0xc1, 2
    GET 0x03, 3
    GET 0x00, 4
    PUT 0x83, 3
    GET 0x02, 0
    GET 0x00, 1
    PUT 0x03, 3

    /* Modem outputs are inputs. */
    PUT 0x10, 4
    GET 0x00, 6
    PUT 0x11, 4
    GET 0x20, 6
    PUT 0x12, 4
    GET 0x10, 6
    PUT 0x14, 4
    GET 0x40, 6
    PUT 0x18, 4
    GET 0x80, 6
    PUT 0x10, 4

    /* Sixteen bytes; the seventeenth is lost, and reading LSR acknowledges that. */
    PUT 0x07, 2
    PUT 0x05, 1
    li s1, 0x30
    li s2, 0x41
1:  sb s1, 0(s0)
    addi s1, s1, 1
    bne s1, s2, 1b
    GET 0xc6, 2
    GET 0x63, 5
    GET 0x61, 5
    GET 0xc4, 2
    li s1, 0x30
    li s2, 0x40
2:  lbu t0, 0(s0)
    CHECK(t0, s1)
    addi s1, s1, 1
    bne s1, s2, 2b
    GET 0x60, 5
    GET 0x00, 0
    GET 0xc1, 2

    /* Level 8: not before the eighth byte, and not when it is read. */
    PUT 0x87, 2
    li s1, 7
3:  sb s1, 0(s0)
    addi s1, s1, -1
    bnez s1, 3b
    GET 0xc1, 2
    PUT 0x55, 0
    GET 0xc4, 2
    GET 0x07, 0
    GET 0xc1, 2

    /* Clearing it empties it; so does turning it off. Then it holds one byte. */
    PUT 0x83, 2
    GET 0x60, 5
    PUT 0x77, 0
    PUT 0x00, 2
    GET 0x60, 5
    PUT 'a', 0
    GET 0x04, 2
    PUT 'b', 0
    GET 0x06, 2
    GET 0x63, 5
    GET 'b', 0
    GET 0x60, 5

    /* The transmitter's FIFO is empty when it is cleared, and says so. */
    PUT 0x02, 1
    GET 0x02, 2
    GET 0x01, 2
    PUT 0xc7, 2
    GET 0xc2, 2
    GET 0xc1, 2

    /* Level 14 and two bytes: after a silence they interrupt, and again after the first is read. */
    PUT 0x01, 1
    li t1, PRIORITY
    li t0, 1
    sw t0, 0(t1)
    li t1, ENABLE
    li t0, 1 << 10
    sw t0, 0(t1)
    li t1, THRESHOLD
    sw zero, 0(t1)
    lw t0, 4(t1) /* all of the above has left a request pending */
    IS(t0, 10)
    sw t0, 4(t1)
    li t0, SEIP
    csrw sie, t0
    PUT 'x', 0
    rdtime s3
    PUT 'y', 0
    li s2, 'x'
    call silence
    li s2, 'y'
    call silence
    GET 0xc1, 2
    GET 0x60, 5
    j pass

    /* Silent since s3, until IIR says so; then the byte s2 is read, and it begins again. */
silence:
    mv s5, ra
    csrr t0, sip
    CHECK(t0, zero)
    wfi
    rdtime t1
    MIX t1
    sub t1, t1, s3
    li t2, FOUR_CHARACTERS
    bltu t1, t2, 4f
    addi t2, t2, 40
    bltu t1, t2, 5f
4:  li a0, __LINE__
    j fail
5:  csrr t0, sip
    IS(t0, SEIP)
    li s4, CLAIM
    lw s1, 0(s4)
    IS(s1, 10)
    GET 0xcc, 2
    rdtime s3
    lbu t0, 0(s0)
    CHECK(t0, s2)
    sw s1, 0(s4)
    mv ra, s5
    ret
