/* SPDX-License-Identifier: GPL-2.0-or-later */
/* idle - WFI with the timer off: no interrupt can ever come. */
#include "guest.inc"

main:
    li t0, SSIP | STIP | SEIP
    csrw sie, t0
    csrsi sstatus, SSTATUS_SIE
    wfi
    j pass
