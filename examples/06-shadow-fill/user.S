/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * user - programs can use only pages with U; the kernel, without SUM, only those without. Each
 * page is used from one mode only.
 */
#include "guest.inc"
#define CODE 0x40000000
#define THEIRS 0x40001000
#define ALSO_THEIRS 0x40002000
#define OURS 0x40003000

    /* Runs in user mode from \label on, until a trap with \cause. */
    .macro RUN label, cause
    la t0, \label
    la t1, user
    sub t0, t0, t1
    li t1, CODE
    add t0, t0, t1
    USER t0
    IS(s10, \cause)
    .endm

main:
    call new_space
    la s0, user
    srli a1, s0, 2
    ori a1, a1, RX | U
    li a0, CODE
    call map_pte
    MAP THEIRS, DATA, (RW | U)
    MAP ALSO_THEIRS, (DATA + 0x1000), (RWX | U)
    MAP OURS, (DATA + 0x2000), RWX
    call paging_on
    li s1, THEIRS
    li s2, ALSO_THEIRS
    li s3, OURS

    RUN user, ECALL_U
    IS(s4, THEIRS)
    RUN user_load, LOAD_PAGE
    TVAL(OURS)
    RUN user_store, STORE_PAGE
    TVAL(OURS)
    USER s3
    IS(s10, INSN_PAGE)
    TRAPS(LOAD_PAGE, lw t0, 0(s2))
    CHECK(s9, s2)
    TRAPS(STORE_PAGE, sw t0, 0(s2))
    j pass

    .section .user, "ax"
user:
    sw s1, 0(s1)
    lw s4, 0(s1)
    ecall
user_load:
    lw s4, 0(s3)
    ecall
user_store:
    sw s4, 0(s3)
    ecall
