/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stuck_root - satp names a root outside memory: nothing can be fetched from then on. */
#include "guest.inc"

main:
    li t0, 0x80000000 | 0x3fffff
    csrw satp, t0
    j pass
