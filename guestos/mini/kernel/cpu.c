/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cpu.c - starts the other CPUs, and calls them. What they then do is the scheduler's business.
 *
 * No remote SFENCE.VMA is ever needed. A process has one thread, so the only CPU on which its
 * page tables are in use is the one that changes them; and that one fences for itself. A CPU
 * forgets all user pages whenever it changes to a process, and one that is idle translates by
 * the kernel's own table (sched.c), which never changes. Instructions are another matter: a
 * program that exec loads here may run there.
 */
#include "cpu.h"

#include <stddef.h>

#include "fdt.h"
#include "memlayout.h"
#include "page.h"
#include "print.h"
#include "proc.h"
#include "pv.h"
#include "riscv.h"
#include "sbi.h"
#include "timer.h"
#include "vm.h"

struct cpu cpus[MAX_CPUS];
uint32_t cpu_count;
uint32_t cpu_wanted;

_Static_assert(offsetof(struct cpu, stack_top) == CPU_STACK_TOP, "boot.S relies on this");

void boot_other(void);               /* boot.S */
_Noreturn void cpu_main_other(void); /* called by boot.S */

void cpu_init(const struct machine *m, uint32_t boot_hart)
{
    cpus[0].hart = boot_hart;
    cpu_count = cpu_wanted = 1;
    if (!sbi_has_smp())
        return;
    for (uint32_t i = 0; i < m->harts && cpu_count < MAX_CPUS; i++)
        if (m->hart[i] != boot_hart && m->hart[i] <= MAX_HART)
            cpus[cpu_count++].hart = m->hart[i];
    cpu_wanted = cpu_count;
}

static bool go(struct cpu *c)
{
    return sbi_hart_start(c->hart, virt_to_phys((void *)boot_other), (uint32_t)c);
}

static void start(struct cpu *c)
{
    uint8_t *stack = page_alloc();

    if (!stack)
        panic("no memory for a CPU's stack");
    c->stack_top = stack + PAGE_SIZE;
    if (!go(c))
        panic("hart %u does not start", c->hart);
}

void cpu_start_others(void)
{
    for (uint32_t i = 1; i < cpu_count; i++)
        start(&cpus[i]);
}

/* One that is still on its way to a stop is started at the next tick. */
static void start_again(struct cpu *c)
{
    sched_lock();
    if (c->state == CPU_STOPPED && go(c))
        c->state = CPU_BUSY;
    sched_unlock();
}

void cpu_tick(void)
{
    uint32_t wanted = cpu_count > 1 ? sbi_wanted_harts() : 0;

    if (!wanted)
        return;
    cpu_wanted = wanted < cpu_count ? wanted : cpu_count;
    for (uint32_t i = 1; i < cpu_wanted; i++)
        if (cpus[i].state == CPU_STOPPED)
            start_again(&cpus[i]);
}

void cpu_stop(void)
{
    csr_clear(sie, SIE_STIE | SIE_SSIE);
    sbi_hart_stop();
    panic("hart %u does not stop", cpu_this()->hart);
}

/* Programs may have been loaded since this CPU has last fetched instructions. */
void cpu_main_other(void)
{
    fence_i();
    vm_activate(NULL);
    pv.start();
    timer_start();
    scheduler();
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
