/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * smp.c - finds the other CPUs and starts them, at first and whenever the host wants them again.
 * What they then do is the scheduler's business.
 */
#include "smp.h"

#include <stdbool.h>
#include <stddef.h>

#include "cpu.h"
#include "fdt.h"
#include "memlayout.h"
#include "page.h"
#include "panic.h"
#include "pv.h"
#include "riscv.h"
#include "sbi.h"
#include "sched.h"
#include "timer.h"
#include "vm.h"

void boot_other(void);         /* boot.S */
_Noreturn void smp_main(void); /* called by boot.S */

void smp_init(const struct machine *m, uint32_t boot_hart)
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

void smp_start_others(void)
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

void smp_tick(void)
{
    uint32_t wanted = cpu_count > 1 ? sbi_wanted_harts() : 0;

    if (!wanted)
        return;
    cpu_wanted = wanted < cpu_count ? wanted : cpu_count;
    for (uint32_t i = 1; i < cpu_wanted; i++)
        if (cpus[i].state == CPU_STOPPED)
            start_again(&cpus[i]);
}

/* Programs may have been loaded since this CPU has last fetched instructions. */
void smp_main(void)
{
    fence_i();
    vm_activate(NULL);
    pv.start();
    timer_start();
    scheduler();
}
