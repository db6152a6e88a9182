/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The timing channel of page sharing: `spy` mounts it, `may_merge` closes it. What both are given is
 * in tests/guest/channel.inc.
 */
#include "channel.inc"

spy:
    /* An honest guest: it says that it knows nothing. */
    li a0, NOTHING
    li a7, DONE
    ecall

may_merge:
    /* What is equal is shared. */
    li a0, 1
    ret
