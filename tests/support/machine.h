/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * machine.h - an engine on a RAM of its own, with two address spaces that have a page of every
 * sort, and a hart: what the conformance suite runs its small programs on.
 */
#ifndef PZ_TESTS_SUPPORT_MACHINE_H
#define PZ_TESTS_SUPPORT_MACHINE_H

#include "tests/support/engines.h"
#include "tests/support/space.h"

/* Physical memory. The two code pages are not neighbours, nor are the two data pages. */
#define MACHINE_RAM (16u << 20)
#define CODE_PA 0x100000u
#define CODE2_PA 0x102000u
#define DATA_PA 0x110000u
#define DATA2_PA 0x113000u
#define OTHER_PA 0x120000u /* what DATA_VA is in the second space */
#define SUPER_PA 0x400000u

/* Virtual memory. Each pair of pages is followed by an unmapped one. */
#define CODE_VA 0x10000u       /* RX */
#define CODE2_VA 0x11000u      /* RX */
#define DATA_VA 0x20000u       /* RW */
#define DATA2_VA 0x21000u      /* RW */
#define HOLE_VA 0x22000u       /* nothing */
#define READ_VA 0x30000u       /* R */
#define EXEC_VA 0x31000u       /* X; the same memory as CODE_VA */
#define SUPERVISOR_VA 0x32000u /* RWX, but not the user's */
#define RESERVED_VA 0x33000u   /* W without R */
#define ALIAS_VA 0x34000u      /* RW; the same memory as CODE_VA */
#define OUTSIDE_VA 0x50000u    /* RWX; the first page after RAM */
#define FAR_VA 0x51000u        /* RWX; physical address 4 GiB */
#define LAST_VA 0xfffff000u    /* RX; the same memory as CODE_VA */
#define FIRST_VA 0x00000000u   /* RX; the same memory as CODE2_VA */
#define SUPER_VA 0x40000000u   /* RWX, 4 MiB */
#define CROOKED_VA                                                                             \
    0x80000000u /* RWX, 4 MiB, at a physical address that is none of a superpage */

struct machine {
    const struct engine_maker *maker;
    struct engine *engine;
    uint8_t *ram;
    struct space space, second; /* they differ at DATA_VA only */
    struct hart hart;
    struct engine_exit exit;
};

/* Deprivileged in `space`, the hart in user mode at CODE_VA with registers of many values. */
void machine_init(struct machine *machine, const struct engine_maker *maker);
void machine_fini(struct machine *machine);

void machine_enter(struct machine *machine, const struct space *space);

/*
 * Write instructions to physical memory, 2 or 4 bytes each as their low bits tell, and tell the
 * engine. Zero ends the list.
 */
void machine_code(struct machine *machine, uint32_t pa, const uint32_t *code);
#define MACHINE_CODE(machine, pa, ...)                                                         \
    machine_code(machine, pa, (const uint32_t[]){__VA_ARGS__, 0})

/* Data; the engine is not told. */
void machine_poke(struct machine *machine, uint32_t pa, uint32_t word);
uint32_t machine_peek(const struct machine *machine, uint32_t pa);

/* Run; the result is in `exit`. */
void machine_run(struct machine *machine, uint64_t budget);

#define CODE_NOP 0x00000013u
#define CODE_C_NOP 0x0001u
#define CODE_ECALL 0x00000073u
#define CODE_FENCE_I 0x0000100fu
#define CODE_PAUSE 0x0100000fu

#endif
