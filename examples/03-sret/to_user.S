/* SPDX-License-Identifier: GPL-2.0-or-later */
/* to_user - SRET into user mode: privileged instructions must trap there. */
#include "guest.inc"

main:
    la t0, user
    USER t0
    IS(s10, ILLEGAL)
    la t0, user
    CHECK(s7, t0)
    j pass

    .section .user, "ax"
user:
    csrr t0, sscratch
    ecall
