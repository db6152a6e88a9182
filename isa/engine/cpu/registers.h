/* SPDX-License-Identifier: GPL-2.0-or-later */
/* registers.h - how cpu.c, for which alone this is, copies the registers of a hart. */
#ifndef PZ_ISA_ENGINE_CPU_REGISTERS_H
#define PZ_ISA_ENGINE_CPU_REGISTERS_H

#include <stdint.h>

/* A quarter at a time: short enough for the compiler to do without a loop. */
struct quarter {
    uint32_t x[8];
};

static __attribute__((noinline)) void copy_registers(uint32_t to[32], const uint32_t from[32])
{
    struct quarter *out = (struct quarter *)(void *)to;
    const struct quarter *in = (const struct quarter *)(const void *)from;

    out[0] = in[0];
    out[1] = in[1];
    out[2] = in[2];
    out[3] = in[3];
}

#endif
