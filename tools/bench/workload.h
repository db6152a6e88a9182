/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * workload.h - what `pz bench` runs: the guests of guestos/bench/, by name.
 */
#ifndef PZ_TOOLS_BENCH_WORKLOAD_H
#define PZ_TOOLS_BENCH_WORKLOAD_H

#include <stdint.h>

enum bench_class {
    BENCH_COMPUTE, /* a user program that hardly ever enters its kernel */
    BENCH_SYSTEM,  /* what programs ask of a kernel */
    BENCH_NANO,    /* one privileged operation, less an empty loop */
    BENCH_CLASSES,
};

struct bench_workload {
    const char *name; /* bench_<name>.elf, and bench_<name>-virt.elf for QEMU */
    uint8_t class;    /* enum bench_class */
    uint32_t step;    /* counts are multiples of it */
    const char *unit; /* what one of the count is */
};

extern const struct bench_workload bench_workloads[];
extern const unsigned bench_workload_count;

/* The name of a class, for people and programs. */
const char *bench_class_name(enum bench_class class);

#endif
