/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stuck - a trap handler where there is no memory: traps without end, and time stands still. */
#include "guest.inc"

main:
    li t0, RAM_SIZE
    csrw stvec, t0
    ebreak
    j pass
