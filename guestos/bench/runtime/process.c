/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * process.c - processes, taken in turn. Each has an ASID of its own, so that changing from one to
 * the other needs no fence; only what changes in an address space does.
 */
#include <stddef.h>

#include "kernel.h"

static struct process processes[PROCESSES];
static unsigned most; /* slots ever used: looking further is a waste */
struct process *current;

enum { ECALL_SIZE = 4 };

static uint32_t asid_of(const struct process *process)
{
    return (uint32_t)(process - processes) + 1;
}

static void fence(const struct process *process)
{
    asm volatile("sfence.vma zero, %0" : : "r"(asid_of(process)) : "memory");
}

struct process *process_new(void)
{
    const uint32_t asid_shift = 22;

    for (unsigned i = 0; i < PROCESSES; i++) {
        struct process *process = &processes[i];

        if (process->state != PROCESS_FREE)
            continue;
        most = i < most ? most : i + 1;
        process->root = space_new();
        process->satp = SATP_SV32 | asid_of(process) << asid_shift |
                        virt_to_phys(process->root) >> PAGE_SHIFT;
        process->state = PROCESS_READY;
        process->parent = current;
        process->demand_start = process->demand_end = 0;
        fence(process); /* an earlier process may have had this ASID */
        return process;
    }
    panic("too many processes", PROCESSES, 0);
}

static void set_up(struct process *process, uint32_t entry, uint32_t argument)
{
    struct trapframe *frame = &process->frame;

    for (unsigned i = 0; i < 32; i++)
        frame->x[i] = 0;
    frame->x[REG_SP] = USER_STACK_TOP;
    frame->x[REG_A0] = argument;
    frame->sepc = entry;
    frame->sstatus = SSTATUS_SPIE;
}

/* Enter the first process, at the beginning of the program. */
void process_start(struct process *process, uint32_t argument)
{
    (void)space_image(process->root);
    set_up(process, (uint32_t)user_text, argument);
    current = process;
    space_use(process->satp);
    if (para_shares())
        trap_return_para(&process->frame);
    trap_return(&process->frame);
}

/* The next one that is ready, after the current one; it may be the same. */
static struct trapframe *go_on(void)
{
    unsigned at = (unsigned)(current - processes);

    for (unsigned i = 0; i < most; i++) {
        struct process *next;

        at = at + 1 < most ? at + 1 : 0;
        next = &processes[at];
        if (next->state != PROCESS_READY)
            continue;
        if (next != current)
            space_use(next->satp);
        current = next;
        return &next->frame;
    }
    panic("everybody waits", 0, 0);
}

struct trapframe *process_yield(void)
{
    return go_on();
}

/* The call is made again when the process wakes: sepc goes back to it. */
struct trapframe *process_wait_for(const void *channel)
{
    current->frame.sepc -= ECALL_SIZE;
    current->channel = channel;
    current->state = PROCESS_WAITING;
    return go_on();
}

void process_wake(const void *channel)
{
    for (unsigned i = 0; i < most; i++)
        if (processes[i].state == PROCESS_WAITING && processes[i].channel == channel)
            processes[i].state = PROCESS_READY;
}

struct trapframe *process_fork(void)
{
    struct process *child = process_new();

    (void)space_copy(child->root, current->root);
    memory_copy(&child->frame, &current->frame, sizeof child->frame);
    child->frame.x[REG_A0] = 0;
    current->frame.x[REG_A0] = 1;
    return &current->frame;
}

struct trapframe *process_exec(uint32_t entry, uint32_t argument)
{
    (void)space_image(current->root);
    set_up(current, entry, argument);
    fence(current);
    return &current->frame;
}

struct trapframe *process_exit(uint32_t status)
{
    if (!current->parent)
        sbi_shutdown(status != 0);
    current->status = status;
    current->state = PROCESS_DEAD;
    process_wake(current->parent);
    return go_on();
}

static void bury(struct process *child)
{
    space_free(child->root);
    child->state = PROCESS_FREE;
}

struct trapframe *process_wait(void)
{
    for (unsigned i = 0; i < most; i++) {
        struct process *child = &processes[i];

        if (child->state != PROCESS_DEAD || child->parent != current)
            continue;
        current->frame.x[REG_A0] = child->status;
        bury(child);
        return &current->frame;
    }
    return process_wait_for(current);
}
