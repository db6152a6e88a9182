/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * workload.c - the table of workloads. To add one: a guest in guestos/bench/, a row here.
 */
#include "tools/bench/workload.h"

const struct bench_workload bench_workloads[] = {
    {"sort", BENCH_COMPUTE, 1, "quicksort of 4096 integers"},
    {"sieve", BENCH_COMPUTE, 1, "primes below 65536"},
    {"sha256", BENCH_COMPUTE, 1, "SHA-256 of 16 KiB"},
    {"crc", BENCH_COMPUTE, 1, "CRC-32 of 64 KiB"},
    {"matrix", BENCH_COMPUTE, 1, "product of 48 x 48 matrices"},
    {"search", BENCH_COMPUTE, 1, "8 words searched in 64 KiB"},
    {"bytecode", BENCH_COMPUTE, 1, "199 Collatz sequences, interpreted"},
    {"chase", BENCH_COMPUTE, 1, "16384 pointers through 1 MiB"},
    {"copy", BENCH_COMPUTE, 1, "512 KiB copied"},
    {"null_syscall", BENCH_SYSTEM, 1, "system call, all registers saved"},
    {"fork", BENCH_SYSTEM, 1, "fork, exec, wait"},
    {"pipe", BENCH_SYSTEM, 1, "64 bytes there and back"},
    {"switch_1", BENCH_SYSTEM, 1, "yield, alone"},
    {"switch_2", BENCH_SYSTEM, 2, "switch, 2 address spaces"},
    {"switch_8", BENCH_SYSTEM, 8, "switch, 8 address spaces"},
    {"switch_64", BENCH_SYSTEM, 64, "switch, 64 address spaces"},
    {"faults", BENCH_SYSTEM, 128, "demand-zero page"},
    {"churn", BENCH_SYSTEM, 1, "two pages change places"},
    {"timer", BENCH_SYSTEM, 1, "crc with a 1 kHz timer"},
    {"console", BENCH_SYSTEM, 1, "line of 64 bytes"},
    {"syscall", BENCH_NANO, 1, "system call, nothing saved"},
    {"device", BENCH_NANO, 1, "UART register read"},
    {"satp", BENCH_NANO, 2, "satp write"},
    {"call", BENCH_NANO, 1, "call and return"},
    {"fault", BENCH_NANO, 1, "page fault to own kernel"},
    {"illegal", BENCH_NANO, 1, "illegal instruction to own kernel"},
    {"ptewrite", BENCH_NANO, 1, "store to a page table in use"},
    {"csr", BENCH_NANO, 2, "sscratch read or write"},
    {"fill", BENCH_NANO, 256, "first touch after a fence"},
    {"disk_4k", BENCH_NANO, 4, "4 KiB anywhere on a disk, every fourth written"},
    {"disk_64k", BENCH_NANO, 1, "64 KiB of a disk, read in order"},
    {"cold", BENCH_NANO, 64000, "instruction run for the first time"},
};
const unsigned bench_workload_count = sizeof bench_workloads / sizeof bench_workloads[0];

const char *bench_class_name(enum bench_class class)
{
    static const char *const names[BENCH_CLASSES] = {
        [BENCH_COMPUTE] = "compute", [BENCH_SYSTEM] = "system", [BENCH_NANO] = "nano"};

    return names[class];
}
