/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A server that keeps values for its clients. What it is given, and what it may call, is in
 * tests/guest/server.inc; what clients may ask for is in the README.
 */
#include "server.inc"

server:
    REPLY_WAIT
    /* a0: what is wanted, a1: the key, a2: the value, a3: who wants it. Reply: a0, a1. */
    li a0, -ENOSYS
    j server

    .data
    .balign 4
    /* Your table: ENTRIES of them at the most. */
    .text
