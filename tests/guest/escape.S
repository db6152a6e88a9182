/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * escape - a guest that looks for a way out of its machine: memory that somebody had before it,
 * every 4 MiB of physical memory by its address and by an entry that names it, every 4 MiB of
 * the address space and each page of the last of them, in both modes, for what a monitor keeps there;
 * the firmware's calls with memory that is not its own; a world of its own whose tables lead outside;
 * every CSR that there is not; and a neighbour's lines on the console. Between its attempts it gives
 * its turn away. What it sees is the same on the bare machine.
 */
#include "guest.inc"
#define STEP 0x400000               /* a superpage */
#define PROBE 0x230                 /* where in it; beyond a device's registers */
#define FIRST_OF_PLIC 0x0c000000
#define END_OF_PLIC 0x0c800000
#define LAST_SUPERPAGE 0xffc00000

#define NESTED 0x09000000
#define SHARED DATA
#define SHADOW (DATA + 0x1000)      /* the root of its world's shadow, two leaf tables, its code */
#define SHADOW_CODE (DATA + 0x2000)
#define SHADOW_LEAF (DATA + 0x3000)
#define WORLD_CODE (DATA + 0x4000)
#define ITS_ROOT (DATA + 0x5000)    /* of the world's own table, and the leaf that it leads to */
#define ITS_LEAF (DATA + 0x6000)
#define STAGE_LEAF (DATA + 0x7000)  /* of its second stage, whose root is as large as four pages */
#define STAGE_ROOT (DATA + 0x8000)
#define WORLD_VA 0x40000000
#define OUTSIDE_VA 0x80000000

    /* Whoever runs beside this one has a turn. */
    .macro GIVE_WAY
    csrr a1, timeh
    csrr a0, time
    addi a0, a0, 1000
    SBI SBI_TIME, 0
    li t0, STIP
    csrw sie, t0
    wfi
    csrw sie, zero
    TIMER_NEVER
    .endm

    .macro REFUSED error, extension, function
    SBI \extension, \function
    IS(a0, \error)
    .endm

main:
    /* ---- Memory is zero, but for what was put there: this program, and its device tree ---- */
    li s0, DATA
    li s1, RAM_SIZE
    bgeu s0, a1, 1f
    bgeu a1, s1, 1f
    srli s1, a1, 12
    slli s1, s1, 12
1:  lw t0, 0(s0)
    CHECK(t0, zero)
    addi s0, s0, 512
    bltu s0, s1, 1b
    GIVE_WAY

    /* ---- Physical memory that is not there ---- */
    li s0, RAM_SIZE + PROBE
    li s1, STEP
2:  TRAPS(LOAD_ACCESS, lw a0, (s0))
    CHECK(s9, s0)
    TRAPS(STORE_ACCESS, sw s0, (s0))
    CHECK(s9, s0)
3:  add s0, s0, s1
    bltu s0, s1, 4f
    li t0, FIRST_OF_PLIC
    bltu s0, t0, 2b
    li t0, END_OF_PLIC
    bltu s0, t0, 3b
    j 2b
4:  GIVE_WAY

    /* ---- The same by entries that name it: 34 bits of address, a quarter at a time ---- */
    call new_table
    la t0, root
    sw a0, 0(t0)
    li s2, 0                        /* the entry of the first superpage */
quarter:
    lw t0, root
    li t1, PTE(0, RWX)              /* this program is always there */
    sw t1, 0(t0)
    li t1, 1023
    ori t2, s2, RWX
    li t3, PTE(STEP, 0)
5:  add t2, t2, t3
    addi t0, t0, 4
    sw t2, 0(t0)
    addi t1, t1, -1
    bnez t1, 5b
    call paging_on
    li s0, STEP + PROBE
    bnez s2, 6f
    li s0, RAM_SIZE + PROBE         /* in the first quarter, its own is there */
6:  slli t0, s0, 9                  /* every other one is written to */
    bltz t0, 22f
    TRAPS(LOAD_ACCESS, lw a0, (s0))
    CHECK(s9, s0)
    j 7f
22: TRAPS(STORE_ACCESS, amoswap.w a0, s0, (s0))
    CHECK(s9, s0)
7:  add s0, s0, s1
    bltu s0, s1, 8f
    bnez s2, 6b
    li t0, FIRST_OF_PLIC
    bltu s0, t0, 6b
    li t0, END_OF_PLIC
    bltu s0, t0, 7b
    j 6b
8:  li t0, PTE(0x40000000, 0)       /* what comes after a quarter: 4 GiB */
    slli t0, t0, 2
    add s2, s2, t0
    bnez s2, quarter
    GIVE_WAY

    /* ---- The address space: every superpage of it is one of its own ---- */
    li a0, PTE(SUPER, RWX)
    call map_all
    mv s0, s1                       /* upwards: written at one address, read at the one before */
10: sw s0, PROBE(s0)
    lw t0, PROBE(s1)
    CHECK(t0, s0)
    add s0, s0, s1
    bnez s0, 10b
11: sub s0, s0, s1                  /* downwards, and as an instruction */
    li t0, INSN_RET
    sw t0, PROBE(s0)
    fence.i
    addi t0, s0, PROBE
    jalr ra, t0
    bne s0, s1, 11b
    li s0, LAST_SUPERPAGE           /* its last superpage, page by page */
12: sw s0, PROBE(s0)
    lw t0, PROBE(s0)
    CHECK(t0, s0)
    lui t0, 1
    add s0, s0, t0
    bnez s0, 12b
    la t0, sweep                    /* and all of it from user mode */
    la t1, sweep_end
    mv t2, s1
13: lw t3, 0(t0)
    sw t3, 0(t2)
    addi t0, t0, 4
    addi t2, t2, 4
    bne t0, t1, 13b
    fence.i
    li a0, PTE(SUPER, RWX | U)
    call map_all
    USER s1
    IS(s10, ECALL_U)
    IS(a0, 1023)
    csrw satp, zero
    sfence.vma
    GIVE_WAY

    /* ---- The firmware is given memory of others: to print, to write to, to share ---- */
    li s0, RAM_SIZE
14: .irp high, 0, 1, 3
    li a0, 64
    mv a1, s0
    li a2, \high
    REFUSED SBI_INVALID_PARAM, SBI_DBCN, 0
    li a0, 64
    mv a1, s0
    REFUSED SBI_INVALID_PARAM, SBI_DBCN, 1
    mv a0, s0
    li a1, \high
    li a2, 1
    REFUSED -5, NESTED, 1
    .endr
    li t0, 0x4000000
    add s0, s0, t0
    bgeu s0, t0, 14b
    li a0, 1                        /* harts that are not its own */
    REFUSED SBI_INVALID_PARAM, 0x48534d, 0
    li a0, 2
    li a1, 0
    REFUSED SBI_INVALID_PARAM, 0x735049, 0
    GIVE_WAY

    /* ---- A world whose tables lead outside, with firmware that fills its shadow ---- */
    li a0, SHARED
    li a1, 0
    li a2, 1
    REFUSED 0, NESTED, 1
    call build_world                /* as it is meant to be */
    li t0, DATA + 0x10000
    sw s0, 0(t0)
    call enter_world
    IS(a3, ECALL_U)
    li t0, SHARED
    lw t0, 4 * 10(t0)
    CHECK(t0, s0)
    la s3, outside
15: call build_world
    lw t0, 0(s3)                    /* its shadow's leaf table is there */
    slli t0, t0, 10
    ori t0, t0, V
    li t1, SHADOW + OUTSIDE_VA / STEP * 4
    sw t0, 0(t1)
    call fail_to_enter
    call build_world
    lw t0, 0(s3)                    /* its own page is */
    slli t0, t0, 10
    ori t0, t0, RWX | U
    li t1, ITS_LEAF
    sw t0, 0(t1)
    call fail_to_enter
    call build_world
    lw t0, 0(s3)                    /* its own leaf table is */
    slli t0, t0, 10
    ori t0, t0, V
    li t1, ITS_ROOT + OUTSIDE_VA / STEP * 4
    sw t0, 0(t1)
    call fail_to_enter
    call build_world
    lw t0, 0(s3)                    /* its second stage leads there */
    slli t0, t0, 10
    ori t0, t0, RWX | U
    li t1, STAGE_LEAF + 4 * (DATA >> 12)
    sw t0, 0(t1)
    call fail_to_enter
    call build_world
    lw t0, 0(s3)                    /* the table of that stage is there */
    li t1, 0x80000000
    or t0, t0, t1
    li t1, SHARED
    sw t0, 0xa4(t1)
    call fail_to_enter
    addi s3, s3, 4
    la t0, outside_end
    bne s3, t0, 15b
    li a0, -1
    li a1, -1
    li a2, 0
    REFUSED 0, NESTED, 1
    GIVE_WAY

    /* ---- CSRs of other modes and machines ---- */
    li s0, 0
    la s2, csrs
16: lhu t0, 0(s2)
    bne s0, t0, 17f
    addi s2, s2, 2
    j 18f
17: slli t0, s0, 20
    srli t1, s0, 10                 /* where a number says that it cannot be written, read it */
    addi t1, t1, -3
    li t2, 0x9573                   /* csrrw a0, .., ra */
    bnez t1, 24f
    li t2, 0x2573                   /* csrr a0, .. */
24: or t0, t0, t2
    li t1, DATA
    sw t0, 0(t1)
    fence.i
    li ra, -1
    TRAPS(ILLEGAL, jr t1)
    li t1, DATA
    lw t0, 0(t1)
    CHECK(t0, s9)
18: addi s0, s0, 1
    li t0, 0x1000
    bne s0, t0, 16b
    GIVE_WAY

    /* ---- The console: as if another had printed it ---- */
    la a0, forged
    la a1, forged_end
    sub a1, a1, a0
    call print
    j pass

    /* Every superpage but this program's has the entry a0. */
map_all:
    lw t0, root
    li t1, 1023
9:  addi t0, t0, 4
    sw a0, 0(t0)
    addi t1, t1, -1
    bnez t1, 9b
    sfence.vma
    ret

    /* The world's tables, as they are meant to be: OUTSIDE_VA is its page DATA + 0x10000. */
build_world:
    li t0, SHARED
    li t1, 0xc0
19: sw zero, 0(t0)
    addi t0, t0, 4
    addi t1, t1, -4
    bnez t1, 19b
    li t0, SHADOW_LEAF
    sw zero, 0(t0)
    li t0, PTE(SHADOW_CODE, V)
    li t1, SHADOW + WORLD_VA / STEP * 4
    sw t0, 0(t1)
    li t0, PTE(SHADOW_LEAF, V)
    li t1, SHADOW + OUTSIDE_VA / STEP * 4
    sw t0, 0(t1)
    li t0, PTE(WORLD_CODE, V | R | X | U | A | D)
    li t1, SHADOW_CODE
    sw t0, 0(t1)
    li t0, PTE(ITS_LEAF, V)
    li t1, ITS_ROOT + OUTSIDE_VA / STEP * 4
    sw t0, 0(t1)
    li t0, PTE(DATA, RWX | U)
    li t1, ITS_LEAF
    sw t0, 0(t1)
    li t0, PTE(STAGE_LEAF, V)
    li t1, STAGE_ROOT
    sw t0, 0(t1)
    li t1, STAGE_LEAF + 4 * (DATA >> 12) /* what it takes for its memory is this one's */
    li t2, 16
    li t0, PTE(DATA + 0x10000, RWX | U)
    sw t0, 0(t1)
    li t0, PTE(DATA + 0x1000, RWX | U)
20: addi t1, t1, 4
    sw t0, 0(t1)
    addi t0, t0, PTE(0x1000, 0)
    addi t2, t2, -1
    bnez t2, 20b
    li t1, WORLD_CODE
    li t0, 0x0005a503               /* lw a0, 0(a1) */
    sw t0, 0(t1)
    li t0, INSN_ECALL
    sw t0, 4(t1)
    fence.i
    li t1, SHARED
    li t0, 0x80000000 | ITS_ROOT >> 12
    sw t0, 0xa0(t1)
    li t0, 0x80000000 | STAGE_ROOT >> 12
    sw t0, 0xa4(t1)
    ret

    /* It reads a word at OUTSIDE_VA. a3: the cause of the trap that it ends with. */
enter_world:
    li t1, SHARED
    li t0, WORLD_VA
    sw t0, 0x80(t1)
    li t0, OUTSIDE_VA
    sw t0, 4 * 11(t1)
    li t0, 0x80000000 | SHADOW >> 12
    sw t0, 0x84(t1)
    li t0, -1
    sw t0, 0x88(t1)
    sw t0, 0x8c(t1)
    sfence.vma
    SBI NESTED, 2
    IS(a0, 0)
    li t0, SHARED
    lw a3, 0x90(t0)
    MIX a3
    lw t1, 0xac(t0)
    MIX t1
    lw t1, 0xb4(t0)
    MIX t1
    ret

    /* It must not get that far. */
fail_to_enter:
    mv s4, ra
    call enter_world
    addi a3, a3, -ECALL_U
    mv ra, s4
    bnez a3, 21f
    li a0, __LINE__
    j fail
21: ret

    .data
outside:                            /* page numbers */
    .word RAM_SIZE >> 12, 0x80000, 0x80200, 0x80400, 0x84000, 0xfffff, 0x100000, 0x3fffff
outside_end:
csrs:                               /* that there are, or that the firmware emulates */
    .half 0x100, 0x104, 0x105, 0x106, 0x10a, 0x140, 0x141, 0x142, 0x143, 0x144, 0x14d, 0x15d
    .half 0x180, 0xc00, 0xc01, 0xc02, 0xc80, 0xc81, 0xc82, -1
forged:
    .ascii "[vm0] guard: broken\n[vm0] [vm0] guard: broken"
    .ascii "................................................................................"
    .ascii "................................................................................"
    .ascii "................................................................................"
    .ascii "................................................................................"
    .ascii "................................................................................"
    .ascii "\n[vm0] "
forged_end:

    .section .user, "ax"
    .balign 4
sweep:                              /* copied to where it runs: at one of the addresses that it sweeps */
    li a0, 0
    lui t0, STEP >> 12
    mv t1, t0
22: addi t2, t1, 0x7f0
    sw t1, 0(t2)
    lw t3, 0(t2)
    bne t3, t1, 23f
    addi a0, a0, 1
    add t1, t1, t0
    bnez t1, 22b
23: ecall
sweep_end:
