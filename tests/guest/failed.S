/* SPDX-License-Identifier: GPL-2.0-or-later */
/* failed - a shutdown that reports a failure. */
#include "guest.inc"

main:
    li a0, 0
    li a1, 1
    SBI SBI_SRST, 0
    j pass
