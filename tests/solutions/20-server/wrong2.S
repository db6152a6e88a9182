/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A value that is replaced takes a new entry, too. An entry: who, key, value; the first `used` of them are. */
#include "server.inc"

server:
    REPLY_WAIT
    la t0, table
    lw t1, used
    li t2, 12
    mul t1, t1, t2
    add t1, t1, t0
    /* t0: the entry, or t1, the end. */
2:  beq t0, t1, 4f
    lw t2, 0(t0)
    bne t2, a3, 3f
    lw t2, 4(t0)
    beq t2, a1, 4f
3:  addi t0, t0, 12
    j 2b
4:  li t2, GET
    beq a0, t2, server_get
    li t2, PUT
    beq a0, t2, server_put
    li a0, -ENOSYS
    j server

server_get:
    li a0, -ENOENT
    beq t0, t1, server
    lw a1, 8(t0)
    li a0, 0
    j server

server_put:
    nop
    lw t2, used
    li t3, ENTRIES
    li a0, -ENOSPC
    bgeu t2, t3, server
    addi t2, t2, 1
    sw t2, used, t3
    sw a3, 0(t0)
    sw a1, 4(t0)
2:  sw a2, 8(t0)
    li a0, 0
    j server

    .data
    .balign 4
used:
    .word 0
table:
    .space 12 * ENTRIES
    .text
