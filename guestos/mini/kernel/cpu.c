/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cpu.c - the CPUs, and how one has others come in or see new instructions. smp.c starts them.
 *
 * No remote SFENCE.VMA is ever needed. A process has one thread, so the only CPU on which its
 * page tables are in use is the one that changes them; and that one fences for itself. A CPU
 * forgets all user pages whenever it changes to a process, and one that is idle translates by
 * the kernel's own table (sched.c), which never changes. Instructions are another matter: a
 * program that exec loads here may run there.
 */
#include "cpu.h"

#include <stddef.h>

#include "panic.h"
#include "riscv.h"
#include "sbi.h"

struct cpu cpus[MAX_CPUS];
uint32_t cpu_count;
uint32_t cpu_wanted;

_Static_assert(offsetof(struct cpu, stack_top) == CPU_STACK_TOP, "boot.S relies on this");

void cpu_stop(void)
{
    csr_clear(sie, SIE_STIE | SIE_SSIE);
    sbi_hart_stop();
    panic("hart %u does not stop", cpu_this()->hart);
}

void cpu_interrupt(const struct cpu *other)
{
    cpu_this()->ipis |= 1u << other->hart;
}

void cpu_send_ipis(void)
{
    struct cpu *me = cpu_this();
    uint32_t harts = me->ipis;

    me->ipis = 0;
    sbi_send_ipi(harts);
}

/* FENCE.I is for the CPU that executes it only (Zifencei); the firmware has the others do so. */
void cpu_fence_i_all(void)
{
    uint32_t others = 0;

    for (uint32_t i = 0; i < cpu_count; i++)
        if (&cpus[i] != cpu_this())
            others |= 1u << cpus[i].hart;
    fence_i();
    if (others)
        sbi_remote_fence_i(others);
}
