/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * from_user - SRET is privileged. For a program it must be an illegal instruction, with the
 * instruction's bits in stval, and have no other effect.
 */
#include "guest.inc"

main:
    li t0, 0x5a5a5a
    csrw sscratch, t0
    la t0, user
    USER t0
    IS(s10, ILLEGAL)
    IS(s9, 0x10200073)
    la t0, user
    CHECK(s7, t0)
    j pass

    .section .user, "ax"
user:
    sret
    ecall
