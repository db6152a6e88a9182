/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * linux_memory.c - brk is mini's heap, with a number for its end; mmap gives anonymous areas above
 * it, whose pages come when touched, as heap and stack do. The stack is larger than mini's. What is
 * asked of rights is not done: all of it may be read and written, and nothing executed.
 */
#include "../kernel/copy.h"
#include "../kernel/cpu.h"
#include "../kernel/fault.h"
#include "../kernel/memlayout.h"
#include "../kernel/page.h"
#include "../kernel/pv.h"
#include "../kernel/vm.h"
#include "linux.h"

enum { MAP_FIXED = 0x10, MAP_ANONYMOUS = 0x20, RIGHT_EXEC = 4 };

int WRAP(fault_resolve)(uint32_t va, uint32_t right);
int REAL(fault_resolve)(uint32_t va, uint32_t right);
bool WRAP(vm_share)(pte_t *from, pte_t *to, uint32_t start, uint32_t end);
bool REAL(vm_share)(pte_t *from, pte_t *to, uint32_t start, uint32_t end);

bool linux_maps(const struct linux_state *s, uint32_t va)
{
    if (va >= LINUX_STACK_BASE && va < USER_TOP)
        return true;
    for (uint32_t i = 0; i < LINUX_MAX_AREAS; i++)
        if (va >= s->area[i].start && va < s->area[i].end)
            return true;
    return false;
}

static int add_zero_page(uint32_t va)
{
    pte_t *pte = vm_find_or_make(current->root, va);
    void *page = pte ? page_alloc_zeroed() : NULL;

    if (!page)
        return -ENOMEM;
    pv.map(pte, pte_make(page, PTE_V | PTE_U | PTE_R | PTE_W), va);
    return 0;
}

int WRAP(fault_resolve)(uint32_t va, uint32_t right)
{
    const struct linux_state *s = linux_current();
    pte_t *pte;

    if (!s || va >= USER_TOP || right == PTE_X || !linux_maps(s, va))
        return REAL(fault_resolve)(va, right);
    pte = vm_find(current->root, va);
    return pte && *pte & PTE_V ? REAL(fault_resolve)(va, right) : add_zero_page(va);
}

/* To a child go heap and stack (proc.c); with the stack all that is mapped below. */
bool WRAP(vm_share)(pte_t *from, pte_t *to, uint32_t start, uint32_t end)
{
    if (start == USER_STACK_BASE && linux_current())
        start = LINUX_MAP_BASE;
    return REAL(vm_share)(from, to, start, end);
}

/* The break afterwards, moved or not: Linux has no error here. */
int32_t linux_brk(const uint32_t *arg)
{
    uint32_t wanted = arg[0], old = current->heap_end;

    if (wanted < linux_current()->brk_start || wanted > LINUX_MAP_BASE)
        return (int32_t)old;
    if (wanted > old && (wanted - old) / PAGE_SIZE > page_available())
        return (int32_t)old;
    current->heap_end = wanted;
    if (wanted < old) {
        vm_unmap(current->root, page_round_up(wanted), page_round_up(old));
        pv.fence();
    }
    return (int32_t)wanted;
}

static struct linux_area *find_unused(struct linux_state *s)
{
    for (uint32_t i = 0; i < LINUX_MAX_AREAS; i++)
        if (s->area[i].start == s->area[i].end)
            return &s->area[i];
    return NULL;
}

static bool overlaps(const struct linux_area *a, uint32_t start, uint32_t end)
{
    return a->start < a->end && a->start < end && start < a->end;
}

/* The lowest place that is free; 0: none. */
static uint32_t find_place(const struct linux_state *s, uint32_t size)
{
    const uint32_t limit = LINUX_STACK_BASE - PAGE_SIZE;
    uint32_t at = LINUX_MAP_BASE, i = 0;

    while (i < LINUX_MAX_AREAS && size <= limit - at) {
        if (overlaps(&s->area[i], at, at + size)) {
            at = s->area[i].end;
            i = 0;
        } else {
            i++;
        }
    }
    return size <= limit - at ? at : 0;
}

/* An area may lose its beginning, its end, or its middle, which makes two of it. */
static int cut(struct linux_state *s, struct linux_area *a, uint32_t start, uint32_t end)
{
    uint32_t old_end = a->end;

    if (a->start < start && a->end > end) {
        struct linux_area *rest = find_unused(s);

        if (!rest)
            return -ENOMEM;
        *rest = (struct linux_area){end, old_end};
        a->end = start;
    } else if (a->start < start) {
        a->end = start;
    } else {
        a->start = end < a->end ? end : a->end;
    }
    return 0;
}

static int unmap(struct linux_state *s, uint32_t start, uint32_t end)
{
    int error = 0;

    for (uint32_t i = 0; i < LINUX_MAX_AREAS && error == 0; i++) {
        struct linux_area *a = &s->area[i];

        if (overlaps(a, start, end))
            error = cut(s, a, start, end);
    }
    if (error == 0) {
        vm_unmap(current->root, start, end);
        pv.fence();
    }
    return error;
}

/* The pages of a range that may be mapped; false: it is elsewhere, or wraps. */
static bool is_range(uint32_t start, uint32_t size)
{
    return start % PAGE_SIZE == 0 && size > 0 && start >= LINUX_MAP_BASE &&
           start < LINUX_STACK_BASE - PAGE_SIZE && size <= LINUX_STACK_BASE - PAGE_SIZE - start;
}

int32_t linux_mmap2(const uint32_t *arg)
{
    struct linux_state *s = linux_current();
    uint32_t at = arg[0], size = page_round_up(arg[1]);
    struct linux_area *a;
    int error;

    if (!(arg[3] & MAP_ANONYMOUS))
        return linux_lacks("mmap of a file", 222), -LINUX_ENODEV;
    if (arg[2] & RIGHT_EXEC)
        return linux_lacks("mmap of executable memory", 222), -EPERM;
    if (size == 0)
        return -EINVAL;
    if (size / PAGE_SIZE > page_available())
        return -ENOMEM;
    if (!(arg[3] & MAP_FIXED))
        at = find_place(s, size);
    if (!is_range(at, size))
        return arg[3] & MAP_FIXED ? -EINVAL : -ENOMEM;
    error = unmap(s, at, at + size);
    a = error == 0 ? find_unused(s) : NULL;
    if (!a)
        return -ENOMEM;
    *a = (struct linux_area){at, at + size};
    return (int32_t)at;
}

int32_t linux_munmap(const uint32_t *arg)
{
    uint32_t size = page_round_up(arg[1]);

    return is_range(arg[0], size) ? unmap(linux_current(), arg[0], arg[0] + size) : -EINVAL;
}

int32_t linux_mprotect(const uint32_t *arg)
{
    (void)arg;
    return linux_lacks("mprotect: rights stay as they are", 226), 0;
}

int32_t linux_riscv_flush_icache(const uint32_t *arg)
{
    (void)arg;
    cpu_fence_i_all();
    return 0;
}
