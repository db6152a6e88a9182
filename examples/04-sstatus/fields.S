/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fields - the five fields that PZ32 has can be set, one by one. */
#include "guest.inc"

    .macro FIELD bits
    li t0, \bits
    csrw sstatus, zero
    csrs sstatus, t0
    csrr t1, sstatus
    and t1, t1, t0
    CHECK(t1, t0)
    .endm

main:
    FIELD SSTATUS_SIE
    FIELD SSTATUS_SPIE
    FIELD SSTATUS_SPP
    FIELD SSTATUS_SUM
    FIELD SSTATUS_MXR
    j pass
