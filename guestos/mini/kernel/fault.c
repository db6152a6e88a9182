/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fault.c - the policy of user memory. Heap and stack pages appear, zeroed, when first touched;
 * shared pages are copied when first written. Any other fault is an error of the program.
 */
#include "fault.h"

#include <stdbool.h>
#include <stddef.h>

#include "common/abi.h"
#include "memlayout.h"
#include "page.h"
#include "proc.h"
#include "pv.h"
#include "string.h"
#include "vm.h"

static bool is_demand_zero(uint32_t va)
{
    bool in_heap = va >= current->heap_start && va < page_round_up(current->heap_end);
    bool in_stack = va >= USER_STACK_BASE && va < USER_TOP;

    return in_heap || in_stack;
}

/*
 * The fence is needed although the entry was invalid before: section 4.2.1 lets the hardware
 * remember invalid entries too.
 */
static int add_zero_page(uint32_t va)
{
    pte_t *pte = vm_find_or_make(current->root, va);
    void *page = pte ? page_alloc_zeroed() : NULL;

    if (!page)
        return -ENOMEM;
    pv.map(pte, pte_make(page, PTE_V | PTE_U | PTE_R | PTE_W), va);
    return 0;
}

/*
 * The last holder of a shared page just gets its right to write back. If two holders on two CPUs
 * come at once, both copy, and the page is free: each lets go of it only when it has its copy.
 */
static int make_writable(pte_t *pte, uint32_t va)
{
    void *page = pte_page(*pte);
    uint32_t flags = (*pte & PTE_FLAGS & ~(pte_t)PTE_COW) | PTE_W;

    if (page_is_shared(page)) {
        void *copy = page_alloc();

        if (!copy)
            return -ENOMEM;
        memcpy(copy, page, PAGE_SIZE);
        page_free(page);
        page = copy;
    }
    pv.map(pte, pte_make(page, flags), va);
    return 0;
}

int fault_resolve(uint32_t va, uint32_t right)
{
    pte_t *pte;

    if (va >= USER_TOP)
        return -EFAULT;
    pte = vm_find(current->root, va);
    if (!pte || !(*pte & PTE_V))
        return right != PTE_X && is_demand_zero(va) ? add_zero_page(va) : -EFAULT;
    if (*pte & right)
        return 0;
    if (right == PTE_W && *pte & PTE_COW)
        return make_writable(pte, va);
    return -EFAULT;
}
