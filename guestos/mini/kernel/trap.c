/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trap.c - decides what each trap means. A program's trap is a system call, a tick, a page to
 * bring in, another CPU's call, or the end of the program. The kernel's own is a tick or a call
 * while idle, or a kernel bug.
 */
#include <stddef.h>

#include "balloon.h"
#include "console.h"
#include "exit.h"
#include "fault.h"
#include "panic.h"
#include "print.h"
#include "proc.h"
#include "riscv.h"
#include "sched.h"
#include "smp.h"
#include "syscall.h"
#include "timer.h"

/* Called by trapentry.S and paraentry.S. */
void trap(struct trapframe *tf);
void trap_begin(void);

enum { ECALL_SIZE = 4 };

static const char *const cause_names[] = {
    [CAUSE_MISALIGNED_FETCH] = "misaligned fetch",
    [CAUSE_FETCH_ACCESS] = "fetch access fault",
    [CAUSE_ILLEGAL_INSTRUCTION] = "illegal instruction",
    [CAUSE_BREAKPOINT] = "breakpoint",
    [CAUSE_MISALIGNED_LOAD] = "misaligned load",
    [CAUSE_LOAD_ACCESS] = "load access fault",
    [CAUSE_MISALIGNED_STORE] = "misaligned store",
    [CAUSE_STORE_ACCESS] = "store access fault",
    [CAUSE_FETCH_PAGE_FAULT] = "fetch page fault",
    [CAUSE_LOAD_PAGE_FAULT] = "load page fault",
    [CAUSE_STORE_PAGE_FAULT] = "store page fault",
};

static const char *cause_name(uint32_t cause)
{
    const uint32_t known = sizeof(cause_names) / sizeof(cause_names[0]);
    const char *name = cause < known ? cause_names[cause] : NULL;

    return name ? name : "unknown trap";
}

static void kill_current(const struct trapframe *tf, const char *why)
{
    printk("pid %d (%s): %s pc 0x%08x: killed\n", current->pid, current->name, why, tf->sepc);
    current->killed = true;
}

/* Only these have an address in stval that is the same on every computer. */
static void kill_for_address(const struct trapframe *tf, const char *why)
{
    printk("pid %d (%s): %s at 0x%08x pc 0x%08x: killed\n", current->pid, current->name, why,
           tf->stval, tf->sepc);
    current->killed = true;
}

static void user_page_fault(const struct trapframe *tf, uint32_t right)
{
    int error = fault_resolve(tf->stval, right);

    if (error == -ENOMEM)
        kill_for_address(tf, "out of memory");
    else if (error < 0)
        kill_for_address(tf, cause_name(tf->scause));
}

static void user_ecall(struct trapframe *tf)
{
    tf->sepc += ECALL_SIZE; /* first: exec sets another one */
    syscall(tf);
}

/* Another CPU had us come in: to be killed, or because we were idle. The callers look. */
static void be_called(void)
{
    csr_clear(sip, SIP_SSIP);
}

/* Whichever CPU comes first with a tick does what is to be done at each. */
static void tick(void)
{
    if (!timer_tick())
        return;
    console_poll();
    balloon_tick();
    smp_tick();
}

static void user_timer(void)
{
    tick();
    sched_yield();
}

static void user_trap(struct trapframe *tf)
{
    switch ((int32_t)tf->scause) {
    case CAUSE_TIMER_INTERRUPT: user_timer(); break;
    case CAUSE_SOFTWARE_INTERRUPT: be_called(); break;
    case CAUSE_USER_ECALL: user_ecall(tf); break;
    case CAUSE_FETCH_PAGE_FAULT: user_page_fault(tf, PTE_X); break;
    case CAUSE_LOAD_PAGE_FAULT: user_page_fault(tf, PTE_R); break;
    case CAUSE_STORE_PAGE_FAULT: user_page_fault(tf, PTE_W); break;
    default: kill_current(tf, cause_name(tf->scause)); break;
    }
    exit_if_killed();
}

static void kernel_trap(const struct trapframe *tf)
{
    if ((int32_t)tf->scause == CAUSE_TIMER_INTERRUPT)
        tick();
    else if ((int32_t)tf->scause == CAUSE_SOFTWARE_INTERRUPT)
        be_called();
    else
        panic("%s in the kernel, cause %x, address 0x%08x, pc 0x%08x", cause_name(tf->scause),
              tf->scause, tf->stval, tf->sepc);
}

void trap(struct trapframe *tf)
{
    if (tf->sstatus & SSTATUS_SPP)
        kernel_trap(tf);
    else
        user_trap(tf);
}

/* A process that has not run yet goes on here: its first turn begins with the lock held. */
void trap_begin(void)
{
    sched_unlock();
    exit_if_killed();
}
