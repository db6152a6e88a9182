/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sbi - every firmware call with good, bad and hostile arguments: lengths beyond RAM, addresses
 * with a high half, across the end of RAM, in holes and devices, unknown extensions and
 * functions, the legacy calls; then the shutdown calls that do not shut down.
 */
#include "guest.inc"

    /* Call with five operands, and mix what comes back. */
    .macro ASK extension, function, x=0, y=0, z=0
    li a0, \x
    li a1, \y
    li a2, \z
    SBI \extension, \function
    MIX a0
    MIX a1
    MIX a2
    .endm

main:
    .irp function, 0, 1, 2, 4, 5, 6, 7, -1
    ASK 0x10, \function, 77, 88, 99
    .endr
    .irp extension, 0, 1, 2, 3, 8, 15, 16, 0x10, SBI_TIME, SBI_DBCN, SBI_SRST, 0x735049, 0x48534d, 0x52464e43, 0x53555350, -1
    ASK 0x10, 3, \extension
    .endr
    ASK SBI_TIME, 1
    ASK SBI_TIME, -1
    /* A deadline that has passed is pending at once, enabled or not; a later one takes it back. */
    ASK SBI_TIME, 0, 0, 0
    csrr t0, sip
    IS(t0, STIP)
    ASK SBI_TIME, 0, -1, 0
    csrr t0, sip
    CHECK(t0, zero)
    TIMER_NEVER
    ASK SBI_DBCN, 3
    ASK SBI_SRST, 1
    /* Of one hart, to itself (smp_*.S have more). */
    ASK 0x735049, 0, 1, 0
    csrr t0, sip
    IS(t0, SSIP)
    csrci sip, SSIP
    ASK 0x735049, 0, 2, 0
    IS(a0, SBI_INVALID_PARAM)
    ASK 0x52464e43, 0, 1, 0
    IS(a0, 0)
    ASK 0x48534d, 0, 0, 0
    IS(a0, -6)
    /* A legacy mask that is not there: a fault of the kernel's own, at its ECALL. */
    .irp call, 4, 5, 6, 7
    li a0, UART
    li s10, NO_TRAP
    SBI \call, 0
    li t0, 5
    CHECK(s10, t0)
    li t0, UART
    CHECK(a0, t0)
    csrr t1, stval
    CHECK(t1, t0)
    .endr
    ASK 4, 0, 0
    IS(a0, 0)
    ASK 3, 0
    IS(a0, 1)
    ASK 3, 0
    IS(a0, 0)
    ASK 9, 0
    ASK 15, 7
    ASK 16, 9
    ASK -1, -1, -1, -1, -1

    /* Writing: what is not all RAM is refused before a byte is printed. */
    la s0, text
    mv a1, s0
    li a0, 5
    li a2, 0
    SBI SBI_DBCN, 0
    CHECK(a0, zero)
    IS(a1, 5)
    ASK SBI_DBCN, 0, 0, 0
    CHECK(a0, zero)
    ASK SBI_DBCN, 0, 0, RAM_SIZE
    ASK SBI_DBCN, 0, 0, 0, 4
    ASK SBI_DBCN, 0, 1, RAM_SIZE
    IS(a0, SBI_INVALID_PARAM)
    ASK SBI_DBCN, 0, 2, RAM_SIZE - 1
    IS(a0, SBI_INVALID_PARAM)
    ASK SBI_DBCN, 0, 1, RAM_SIZE - 1
    CHECK(a0, zero)
    ASK SBI_DBCN, 0, 8, UART
    IS(a0, SBI_INVALID_PARAM)
    ASK SBI_DBCN, 0, 8, -4
    IS(a0, SBI_INVALID_PARAM)
    ASK SBI_DBCN, 0, 8, 0, 1
    IS(a0, SBI_INVALID_PARAM)
    ASK SBI_DBCN, 0, 8, -4, -1
    IS(a0, SBI_INVALID_PARAM)
    ASK SBI_DBCN, 0, 8, 0, 4
    IS(a0, SBI_INVALID_PARAM)
    ASK SBI_DBCN, 0, 8, 0, 0x80000000
    IS(a0, SBI_INVALID_PARAM)
    ASK SBI_DBCN, 0, -1, RAM_SIZE - 8
    IS(a0, SBI_INVALID_PARAM)
    /* More than one call does: it says how much it did. */
    ASK SBI_DBCN, 0, -1, DATA
    IS(a0, SBI_INVALID_PARAM)
    ASK SBI_DBCN, 0, RAM_SIZE - DATA, DATA
    MIX a1
    li t0, RAM_SIZE - DATA
    bne a1, t0, 1f
    j fail
1:

    /* Reading. */
    li a0, 3
    li a1, DATA
    li a2, 0
    SBI SBI_DBCN, 1
    CHECK(a0, zero)
    IS(a1, 3)
    li t0, DATA
    lw t0, 0(t0)
    MIX t0
    ASK SBI_DBCN, 1, 4, RAM_SIZE - 2
    IS(a0, SBI_INVALID_PARAM)
    ASK SBI_DBCN, 1, 4, UART
    IS(a0, SBI_INVALID_PARAM)
    ASK SBI_DBCN, 1, -1, -1, -1
    IS(a0, SBI_INVALID_PARAM)
    ASK SBI_DBCN, 1, 4, DATA + 0xffe
    ASK SBI_DBCN, 1, -1, DATA
    IS(a0, SBI_INVALID_PARAM)
    ASK SBI_DBCN, 1, RAM_SIZE - DATA, DATA
    CHECK(a0, zero)
    MIX a1
    ASK SBI_DBCN, 1, 100, DATA
    CHECK(a1, zero)
    ASK SBI_DBCN, 2, 0x12345600 | '!'
    ASK 1, 0, '?'
    li a1, 0x5a
    li a0, '\n'
    SBI 1, 99
    IS(a1, 0x5a)
    SBI 2, 0
    IS(a0, -1)
    IS(a1, 0x5a)

    /* Deadlines: 64 bits; the past, the far future, and none. */
    ASK SBI_TIME, 0, 0, 0
    csrr t0, sip
    IS(t0, STIP)
    ASK SBI_TIME, 0, 0, 1
    csrr t0, sip
    CHECK(t0, zero)
    ASK 0, 0, 1, 0
    csrr t0, sip
    IS(t0, STIP)
    ASK SBI_TIME, 0, -1, -1
    csrr t0, sip
    CHECK(t0, zero)

    /* Not a shutdown: types and reasons that are reserved, or a platform's. */
    ASK SBI_SRST, 0, 3, 0
    IS(a0, SBI_INVALID_PARAM)
    ASK SBI_SRST, 0, 0, 2
    IS(a0, SBI_INVALID_PARAM)
    ASK SBI_SRST, 0, 1, 2
    IS(a0, SBI_INVALID_PARAM)
    ASK SBI_SRST, 0, 0xf0000000, 0
    IS(a0, SBI_INVALID_PARAM)
    ASK SBI_SRST, 0, -1, -1
    j pass

    .data
text:
    .ascii "text\n"
