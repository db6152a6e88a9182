/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * call.c - a call through a pointer, and the return.
 */
#include "nano.h"

static __attribute__((noinline)) uint32_t callee(uint32_t value)
{
    asm volatile("" : "+r"(value));
    return value + 1;
}

static uint32_t (*volatile pointer)(uint32_t) = callee;

void nano_setup(void)
{
}

uint32_t nano_base(uint32_t count)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < count; i++) {
        sum++;
        asm volatile("" : "+r"(sum));
    }
    return sum;
}

uint32_t nano_run(uint32_t count)
{
    uint32_t (*call)(uint32_t) = pointer, sum = 0;

    for (uint32_t i = 0; i < count; i++)
        sum = call(sum);
    return sum;
}
