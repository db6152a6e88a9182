/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sysmem.c - the system calls about memory.
 */
#include <stddef.h>

#include "copy.h"
#include "memlayout.h"
#include "page.h"
#include "proc.h"
#include "pv.h"
#include "syscall.h"
#include "vm.h"

/*
 * Growing only moves the break: pages come when touched (fault.c). But more than the machine
 * has left is refused now, kindly, and not by killing the program later.
 */
static int32_t grow_heap(uint32_t n)
{
    uint32_t old = current->heap_end;

    if (n > USER_HEAP_LIMIT - old || n / PAGE_SIZE > page_available())
        return -ENOMEM;
    current->heap_end = old + n;
    return (int32_t)old;
}

static int32_t shrink_heap(uint32_t n)
{
    uint32_t old = current->heap_end;

    if (n > old - current->heap_start)
        return -EINVAL;
    current->heap_end = old - n;
    vm_unmap(current->root, page_round_up(current->heap_end), page_round_up(old));
    pv.fence();
    return (int32_t)old;
}

/*
 * The old break. As a number it may look negative once the heap passes 2 GiB: a program tells
 * errors apart because they are all above -4096, where no heap can be.
 */
int32_t sys_sbrk(const uint32_t *arg)
{
    int32_t n = (int32_t)arg[0];

    return n < 0 ? shrink_heap(-(uint32_t)n) : grow_heap((uint32_t)n);
}

int32_t sys_meminfo(const uint32_t *arg)
{
    struct meminfo info = {.total_pages = page_total(), .free_pages = page_available()};

    return copy_to_user(arg[0], &info, sizeof(info));
}

/*
 * Withhold n pages until told otherwise (n = 0) or the caller's end: a test makes a small
 * machine out of a big one, so that running out of memory takes the same work on both.
 */
int32_t sys_hold(const uint32_t *arg)
{
    uint32_t n = arg[0];

    page_unhold(current->held);
    current->held = 0;
    if (!page_hold(n))
        return -ENOMEM;
    current->held = n;
    return 0;
}
