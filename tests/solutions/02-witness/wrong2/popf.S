/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A witness against popf: writes of sstatus that read nothing (rd = x0) are ignored in user mode.
 * What does your kernel believe of its interrupts, and what is true?
 */
#include "guest.inc"

main:
    csrsi sstatus, SSTATUS_SIE
    csrr a0, sstatus
    call print_hex
    j pass
