/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trap.c - what a trap means: a system call, a page to be allocated on demand, a tick. Anything
 * else is an error in the benchmark, and ends it.
 */
#include <stddef.h>

#include "kernel.h"

enum { ECALL_SIZE = 4, LINE = 256 };

typedef struct trapframe *call(struct trapframe *frame, const uint32_t *a);

static uint32_t tick_interval;

static void sfence_vma_all_of_user(void)
{
    asm volatile("sfence.vma zero, %0" : : "r"(csr_read(satp) >> 22 & 0x1ff) : "memory");
}

static struct trapframe *call_null(struct trapframe *frame, const uint32_t *a)
{
    (void)a;
    return frame;
}

static struct trapframe *call_mark(struct trapframe *frame, const uint32_t *a)
{
    print_mark((enum bench_mark)a[0]);
    return frame;
}

static struct trapframe *call_result(struct trapframe *frame, const uint32_t *a)
{
    print_result(a[0]);
    return frame;
}

/* A user's page is the kernel's too, at another address: the firmware reads it from there. */
static struct trapframe *call_write(struct trapframe *frame, const uint32_t *a)
{
    pte_t *entry = space_entry(current->root, a[0]);
    const char *page;

    if (!entry || !(*entry & PTE_V) || (a[0] & (PAGE_SIZE - 1)) + a[1] > PAGE_SIZE)
        panic("bad write", a[0], a[1]);
    page = phys_to_virt(*entry >> PTE_PPN_SHIFT << PAGE_SHIFT);
    sbi_console_write(page + (a[0] & (PAGE_SIZE - 1)), a[1]);
    return frame;
}

static struct trapframe *call_exit(struct trapframe *frame, const uint32_t *a)
{
    (void)frame;
    return process_exit(a[0]);
}

static struct trapframe *call_yield(struct trapframe *frame, const uint32_t *a)
{
    (void)frame, (void)a;
    return process_yield();
}

static struct trapframe *call_fork(struct trapframe *frame, const uint32_t *a)
{
    (void)frame, (void)a;
    return process_fork();
}

static struct trapframe *call_exec(struct trapframe *frame, const uint32_t *a)
{
    (void)frame;
    return process_exec(a[0], a[1]);
}

static struct trapframe *call_wait(struct trapframe *frame, const uint32_t *a)
{
    (void)frame, (void)a;
    return process_wait();
}

static struct trapframe *call_send(struct trapframe *frame, const uint32_t *a)
{
    (void)frame;
    return pipe_write(a[0], a[1], a[2]);
}

static struct trapframe *call_receive(struct trapframe *frame, const uint32_t *a)
{
    (void)frame;
    return pipe_read(a[0], a[1], a[2]);
}

static struct trapframe *call_map(struct trapframe *frame, const uint32_t *a)
{
    for (uint32_t i = 0; i < a[1]; i++)
        (void)space_map(current->root, a[0] + i * PAGE_SIZE, page_alloc(),
                        USER_FLAGS | PTE_R | PTE_W);
    sfence_vma_all_of_user();
    return frame;
}

static struct trapframe *call_unmap(struct trapframe *frame, const uint32_t *a)
{
    space_unmap(current->root, a[0], a[1]);
    sfence_vma_all_of_user();
    return frame;
}

static struct trapframe *call_demand(struct trapframe *frame, const uint32_t *a)
{
    current->demand_start = a[0];
    current->demand_end = a[0] + a[1] * PAGE_SIZE;
    return frame;
}

static struct trapframe *call_remap(struct trapframe *frame, const uint32_t *a)
{
    pte_t *one = space_entry(current->root, a[0]), *other = space_entry(current->root, a[1]);
    const pte_t entry = *one, swapped[] = {*other, entry};

    if (para_shares()) {
        para_write((pte_t *[]){one, other}, swapped, a, 2);
        return frame;
    }
    *one = *other;
    *other = entry;
    sfence_vma_page(a[0]);
    sfence_vma_page(a[1]);
    return frame;
}

static void next_tick(void)
{
    sbi_set_timer(read_time() + tick_interval);
}

static struct trapframe *call_timer(struct trapframe *frame, const uint32_t *a)
{
    tick_interval = a[0] ? (uint32_t)TIMEBASE_HZ / a[0] : 0;
    if (tick_interval) {
        next_tick();
        csr_set(sie, SIE_STIE);
    } else {
        csr_clear(sie, SIE_STIE);
    }
    return frame;
}

static struct trapframe *call_fast(struct trapframe *frame, const uint32_t *a)
{
    (void)a;
    if (!para_shares()) /* it knows nothing of the page */
        csr_write(stvec, fast_entry);
    return frame;
}

static call *const calls[CALL_COUNT] = {
    [CALL_NULL] = call_null,   [CALL_MARK] = call_mark,       [CALL_RESULT] = call_result,
    [CALL_WRITE] = call_write, [CALL_EXIT] = call_exit,       [CALL_YIELD] = call_yield,
    [CALL_FORK] = call_fork,   [CALL_EXEC] = call_exec,       [CALL_WAIT] = call_wait,
    [CALL_SEND] = call_send,   [CALL_RECEIVE] = call_receive, [CALL_MAP] = call_map,
    [CALL_UNMAP] = call_unmap, [CALL_DEMAND] = call_demand,   [CALL_REMAP] = call_remap,
    [CALL_TIMER] = call_timer, [CALL_FAST] = call_fast,
};

static struct trapframe *system_call(struct trapframe *frame)
{
    uint32_t number = frame->x[REG_A7];

    frame->sepc += ECALL_SIZE;
    if (number >= CALL_COUNT)
        panic("no such call", number, frame->sepc);
    return calls[number](frame, &frame->x[REG_A0]);
}

static struct trapframe *page_fault(struct trapframe *frame)
{
    uint32_t va = frame->stval;

    if (va < current->demand_start || va >= current->demand_end)
        panic("page fault", va, frame->sepc);
    (void)space_map(current->root, page_round_down(va), page_alloc(),
                    USER_FLAGS | PTE_R | PTE_W);
    sfence_vma_page(va);
    return frame;
}

struct trapframe *trap(struct trapframe *frame)
{
    if (frame->sstatus & SSTATUS_SPP)
        panic("trap in the kernel", frame->scause, frame->sepc);
    switch ((int32_t)frame->scause) {
    case CAUSE_USER_ECALL: return system_call(frame);
    case CAUSE_LOAD_PAGE_FAULT:
    case CAUSE_STORE_PAGE_FAULT: return page_fault(frame);
    case CAUSE_TIMER_INTERRUPT: next_tick(); return frame;
    default: panic("unexpected trap", frame->scause, frame->sepc);
    }
}
