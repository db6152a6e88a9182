/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trapframe.h - what trapentry.S saves of an interrupted program, and where. It lies at the top
 * of the process's kernel stack; a trap out of the kernel itself puts one wherever the stack
 * is.
 */
#ifndef MINI_TRAPFRAME_H
#define MINI_TRAPFRAME_H

#define TRAPFRAME_CPU (0 * 4)
#define TRAPFRAME_SP (2 * 4)
#define TRAPFRAME_SEPC (32 * 4)
#define TRAPFRAME_SSTATUS (33 * 4)
#define TRAPFRAME_SCAUSE (34 * 4)
#define TRAPFRAME_STVAL (35 * 4)
#define TRAPFRAME_SIZE (36 * 4) /* a multiple of 16, as the calling convention wants */

#ifndef __ASSEMBLER__

#include <stdint.h>

struct trapframe {
    uint32_t x[32]; /* in place of x[0]: the CPU it runs on (cpu.h) */
    uint32_t sepc;
    uint32_t sstatus;
    uint32_t scause;
    uint32_t stval;
};

_Static_assert(sizeof(struct trapframe) == TRAPFRAME_SIZE, "trapentry.S relies on this");

enum { REG_SP = 2, REG_A0 = 10, REG_A1 = 11, REG_A7 = 17 };

#endif
#endif
