/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zeros - bits of fields that PZ32 does not have (UBE, VS, FS, XS, SD and those reserved) read
 * as zero whatever any instruction writes; the fields that exist are kept.
 */
#include "guest.inc"
#define FIELDS (SSTATUS_SIE | SSTATUS_SPIE | SSTATUS_SPP | SSTATUS_SUM | SSTATUS_MXR)

    .macro ONLY_FIELDS
    csrr t1, sstatus
    li t2, ~FIELDS
    and t1, t1, t2
    IS(t1, 0)
    .endm

main:
    li t0, ~FIELDS
    csrw sstatus, t0
    ONLY_FIELDS
    csrs sstatus, t0
    ONLY_FIELDS
    li t0, 0x6000
    csrs sstatus, t0
    ONLY_FIELDS
    csrwi sstatus, 0x1d
    ONLY_FIELDS
    csrsi sstatus, 0x11
    ONLY_FIELDS
    li t0, -1 ^ SSTATUS_SIE
    csrw sstatus, t0
    ONLY_FIELDS
    li t2, SSTATUS_SUM
    csrr t1, sstatus
    and t1, t1, t2
    CHECK(t1, t2)
    j pass
