/* SPDX-License-Identifier: GPL-2.0-or-later */
/* few - uses a page at each end of RAM and one in the middle, besides the kernel's own. */
#include "guest.inc"

main:
    li t0, DATA
    sw t0, 0(t0)
    li t0, SUPER
    sw t0, 0(t0)
    li t0, RAM_SIZE - 4
    sw t0, 0(t0)
    j pass
