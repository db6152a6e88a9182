/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - start-up, in order. Each line may use what the lines above it set up.
 */
#include "balloon.h"
#include "console.h"
#include "cpu.h"
#include "fdt.h"
#include "fork.h"
#include "memlayout.h"
#include "page.h"
#include "panic.h"
#include "print.h"
#include "pv.h"
#include "ramfs.h"
#include "sbi.h"
#include "sched.h"
#include "smp.h"
#include "timer.h"
#include "vm.h"

uint32_t phys_base;

_Noreturn void kernel_main(uint32_t hart, uint32_t dtb, uint32_t base); /* called by boot.S */

/* The boot code mapped from the kernel image up, not below it. */
static const void *find_dtb(uint32_t dtb)
{
    if (dtb < phys_base || dtb - phys_base >= MAX_SUPERPAGES * (uint32_t)SUPERPAGE_SIZE)
        panic("device tree out of reach, at 0x%08x", dtb);
    return phys_to_virt(dtb);
}

/* The end of what we use of RAM: below us is firmware's, and our window is almost 1 GiB. */
static uint32_t usable_end(const struct machine *m)
{
    uint32_t window = MAX_SUPERPAGES * (uint32_t)SUPERPAGE_SIZE;
    uint32_t above = m->ram_size - (phys_base - m->ram_base);

    if (phys_base < m->ram_base || phys_base - m->ram_base >= m->ram_size)
        panic("the kernel is not in memory");
    return phys_base + (above < window ? above : window);
}

static void banner(const struct machine *m, uint32_t hart)
{
    printk("mini: a small operating system\n");
    printk("mini: %u MiB of memory at 0x%08x, hart %u\n", m->ram_size >> 20, m->ram_base, hart);
    printk("mini: kernel at physical page 0x%x, mapped at 0x%08x\n", phys_base >> PAGE_SHIFT,
           KERNEL_BASE);
    printk("mini: %u pages free, %u processes at most\n", page_available(), MAX_PROCESSES);
    if (cpu_count > 1)
        printk("mini: %u CPUs\n", cpu_count);
}

void kernel_main(uint32_t hart, uint32_t dtb, uint32_t base)
{
    static struct machine machine;

    phys_base = base;
    sbi_init();
    fdt_read(find_dtb(dtb), &machine);
    page_init(usable_end(&machine));
    vm_init(usable_end(&machine));
    ramfs_init();
    smp_init(&machine, hart);
    banner(&machine, hart);
    balloon_init(&machine);
    pv_init(machine.para);
    pv.start();
    fork_init(machine.bootargs);
    timer_init(machine.timebase);
    smp_start_others();
    scheduler();
}
