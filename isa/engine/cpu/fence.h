/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fence.h - what cpu.c, for which alone this is, does to the CPU it runs on: reads and writes CSRs,
 * sets the table and the trap vector, and fences. Which table and which fence, cpu.c decides.
 */
#ifndef PZ_ISA_ENGINE_CPU_FENCE_H
#define PZ_ISA_ENGINE_CPU_FENCE_H

#include "isa/csr.h"
#include "isa/engine/cpu/state.h"

#define NOINLINE __attribute__((noinline))

#define CSR_READ(name)                                                                         \
    ({                                                                                         \
        uint32_t value;                                                                        \
        __asm__ volatile("csrr %0, " #name : "=r"(value));                                     \
        value;                                                                                 \
    })
#define CSR_WRITE(name, value) __asm__ volatile("csrw " #name ", %0" ::"r"(value) : "memory")

static void set_vector(struct cpu *cpu, uint32_t vector)
{
    if (cpu->vector != vector)
        CSR_WRITE(stvec, vector);
    cpu->vector = vector;
}

static void fence_all(void)
{
    __asm__ volatile("sfence.vma" ::: "memory");
}

static void fence_space(uint32_t asid)
{
    __asm__ volatile("sfence.vma zero, %0" ::"r"(asid) : "memory");
}

static void fence_page(uint32_t va, uint32_t asid)
{
    __asm__ volatile("sfence.vma %0, %1" ::"r"(va), "r"(asid) : "memory");
}

static void set_table(struct cpu *cpu, uint32_t satp)
{
    if (cpu->in_force != satp)
        CSR_WRITE(satp, satp);
    cpu->in_force = satp;
}

/* The monitor runs by its own table again. */
static void retreat(struct cpu *cpu)
{
    set_table(cpu, cpu->own);
}

/*
 * The monitor needs no translation but its own, so what has changed in a guest's is fenced when a
 * guest is entered: on some CPUs a fence drops all that they have, whatever it names, and then
 * several in a row cost as much as one.
 */
static void fence_later(struct cpu *cpu, const struct cpu_fence *fence)
{
    if (cpu->fence_count < CPU_FENCES)
        cpu->fences[cpu->fence_count] = *fence;
    cpu->fence_count++;
}

static NOINLINE void fence_now(struct cpu *cpu)
{
    if (cpu->fence_count > CPU_FENCES)
        fence_all();
    for (uint32_t i = 0; i < cpu->fence_count && cpu->fence_count <= CPU_FENCES; i++)
        if (cpu->fences[i].whole)
            fence_space(cpu->fences[i].asid);
        else
            fence_page(cpu->fences[i].va, cpu->fences[i].asid);
    cpu->fence_count = 0;
}

#endif
