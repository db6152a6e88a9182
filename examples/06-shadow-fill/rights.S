/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rights - each kernel page is first used as its entry allows; after that, what it does not
 * allow must still fault.
 */
#include "guest.inc"
#define READ 0x40000000
#define WRITE 0x40001000
#define EXECUTE 0x40002000
#define CODE 0x40003000

main:
    li t0, INSN_RET
    .irp at, 0, 0x1000, 0x2000, 0x3000
    li t1, DATA + \at
    sw t0, 0(t1)
    .endr
    call new_space
    MAP READ, DATA, (V | R | A | D)
    MAP WRITE, (DATA + 0x1000), (V | R | W | A | D)
    MAP EXECUTE, (DATA + 0x2000), (V | X | A | D)
    MAP CODE, (DATA + 0x3000), (V | R | X | A | D)
    call paging_on

    li s1, READ
    QUIET(lw t0, 0(s1))
    TRAPS(STORE_PAGE, sw t0, 0(s1))
    TRAPS(INSN_PAGE, jalr s1)
    li s1, WRITE
    QUIET(lw t0, 0(s1))
    QUIET(sw t0, 0(s1))
    TRAPS(INSN_PAGE, jalr s1)
    li s1, EXECUTE
    QUIET(jalr s1)
    TRAPS(LOAD_PAGE, lw t0, 0(s1))
    TRAPS(STORE_PAGE, sw t0, 0(s1))
    li s1, CODE
    QUIET(jalr s1)
    QUIET(lw t0, 0(s1))
    TRAPS(STORE_PAGE, sw t0, 0(s1))
    j pass
