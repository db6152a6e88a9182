/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dirty log of a migration: which pages have been written? What these functions are given, and
 * the monitor's own, are in tests/guest/dirtylog.inc.
 */
#include "dirtylog.inc"

log_start:
    ret

log_fault:
    /* a0: a page. This lets the guest go on. */
    j unprotect

log_device:
    ret

log_take:
    li a0, 0
    ret

log_stop:
    ret

    .data
    .balign 4
    /* What you have to remember. */
    .text
