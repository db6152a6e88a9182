/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * user.h - for workloads that are user programs: system calls, and the few functions of a C
 * library that compilers call by themselves.
 */
#ifndef BENCH_USER_H
#define BENCH_USER_H

#include <stddef.h>
#include <stdint.h>

#include "calls.h"

#define PAGE_SIZE 4096u
#define ARENA 0x400000u /* where workloads ask for memory */

/* The workload; `count` is how often. It marks its run, and gives its result. */
void bench_main(uint32_t count);

/* What compute workloads have instead (compute.c): all of it once. The same each time. */
void compute_setup(void);
uint32_t compute_once(void);

static inline uint32_t system_call(enum bench_call number, uint32_t a, uint32_t b, uint32_t c)
{
    register uint32_t a0 asm("a0") = a;
    register uint32_t a1 asm("a1") = b;
    register uint32_t a2 asm("a2") = c;
    register uint32_t a7 asm("a7") = number;

    asm volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "t0", "memory");
    return a0;
}

static inline void mark(enum bench_mark kind)
{
    (void)system_call(CALL_MARK, kind, 0, 0);
}

static inline void result(uint32_t checksum)
{
    (void)system_call(CALL_RESULT, checksum, 0, 0);
}

static inline void map(uint32_t address, uint32_t pages)
{
    (void)system_call(CALL_MAP, address, pages, 0);
}

/* Numbers that look random, the same everywhere (Knuth's MMIX multiplier, cut to 32 bits). */
static inline uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Mix a word into a checksum. */
static inline uint32_t mix(uint32_t sum, uint32_t word)
{
    return (sum << 5 | sum >> 27) ^ word;
}

void *memcpy(void *restrict to, const void *restrict from, size_t len);
void *memset(void *to, int byte, size_t len);

#endif
