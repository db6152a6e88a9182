/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vm.c - virtual memory, by the process that has it: demand-zero pages, copies on write, the
 * break. The library reads the hardware's entries where the kernel lets it map them, and the
 * owner table to learn whether a page is shared; only a change is a call of the kernel.
 */
#include "posix.h"
#include "string.h"

enum { ENTRY_V = 1, NAME_SHIFT = 10 };
#define RIGHTS (uint32_t)(MAP_R | MAP_W | MAP_X)

uint32_t *vm_entry(uint32_t va)
{
    uint32_t *views = (uint32_t *)(PRIVATE + PRIVATE / SUPERPAGE * PAGE);

    if (!(views[va / SUPERPAGE] & ENTRY_V))
        return NULL;
    return (uint32_t *)(PRIVATE + va / SUPERPAGE * PAGE) + va / PAGE % 1024;
}

uint32_t vm_free_pages(void)
{
    const struct group_info *g = &info->group[shared->group];
    uint32_t used = g->pages + shared->held + RESERVE;

    return used < g->pages_limit ? g->pages_limit - used : 0;
}

static uint32_t round_up(uint32_t n)
{
    return (n + PAGE - 1) & ~(PAGE - 1);
}

/* What the program may do at this address, whether a page is there yet or not. */
static uint32_t rights_at(uint32_t va)
{
    for (int i = 0; i < MAX_SEGMENTS; i++)
        if (va >= me->segment[i].start && va < me->segment[i].end)
            return me->segment[i].rights;
    if (va >= STACK_BASE ? va < USER_TOP : va >= me->heap_start && va < round_up(me->heap_end))
        return MAP_R | MAP_W;
    return 0;
}

static int32_t new_table(uint32_t va)
{
    int32_t table = exo_page_alloc(NONE, PAGE_DIRTY);

    if (table < 0)
        return table;
    exo_map_table(SELF, va, (uint32_t)table);
    return exo_map(SELF, PRIVATE + va / SUPERPAGE * PAGE, (uint32_t)table, MAP_R);
}

/* The reserve lets tables be made when a program has used up its pages. */
static int32_t new_page(uint32_t va, uint32_t rights)
{
    if (vm_free_pages() == 0)
        return -ENOMEM;
    if (!vm_entry(va) && new_table(va) < 0)
        return -ENOMEM;
    me->pages++;
    return exo_map(SELF, va, NONE, rights | MAP_A | MAP_D);
}

/* Ours alone if nobody else maps it; else a copy. */
static int32_t own_page(uint32_t va, uint32_t entry, uint32_t rights)
{
    uint32_t name = entry >> NAME_SHIFT;
    int32_t copy;

    if (owner(name)->maps == 1)
        return exo_map(SELF, va, name, rights | MAP_A | MAP_D);
    copy = vm_free_pages() ? exo_page_alloc(NONE, PAGE_DIRTY) : -ENOMEM;
    if (copy < 0)
        return copy;
    exo_map(SELF, WINDOW, (uint32_t)copy, MAP_R | MAP_W | MAP_A | MAP_D | MAP_KEEP);
    memcpy((void *)WINDOW, (const void *)va, PAGE);
    exo_map(SELF, va, (uint32_t)copy, rights | MAP_A | MAP_D);
    return exo_map(SELF, WINDOW, NONE, 0);
}

int32_t vm_touch(uint32_t va, uint32_t right)
{
    uint32_t rights = rights_at(va);
    const uint32_t *entry = vm_entry(va);

    va &= ~(PAGE - 1);
    if (!(rights & right))
        return -EFAULT;
    if (!entry || !(*entry & ENTRY_V))
        return new_page(va, rights);
    if (right == MAP_W && *entry & PROTECTED)
        return -EACCES;
    return right & ~*entry & RIGHTS ? own_page(va, *entry, rights) : 0;
}

int32_t vm_range(uint32_t va, uint32_t n, uint32_t right)
{
    int32_t error = 0;

    if (n > USER_TOP || va > USER_TOP - n)
        return n ? -EFAULT : 0;
    for (uint32_t at = va & ~(PAGE - 1); error == 0 && at < va + n; at += PAGE)
        error = vm_touch(at > va ? at : va, right);
    return error == -EACCES ? -EFAULT : error;
}

int copy_to_user(uint32_t va, const void *from, uint32_t n)
{
    int32_t error = vm_range(va, n, MAP_W);

    if (error == 0)
        memcpy((void *)va, from, n);
    return error;
}

int copy_from_user(void *to, uint32_t va, uint32_t n)
{
    int32_t error = vm_range(va, n, MAP_R);

    if (error == 0)
        memcpy(to, (const void *)va, n);
    return error;
}

/* Its length without the zero; -ENAMETOOLONG if that has no room. */
int copy_string_from_user(char *to, uint32_t va, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        if ((i == 0 || (va + i) % PAGE == 0) && vm_range(va + i, 1, MAP_R) < 0)
            return -EFAULT;
        to[i] = *(const char *)(va + i);
        if (!to[i])
            return (int32_t)i;
    }
    return -ENAMETOOLONG;
}

static void shrink(uint32_t from, uint32_t to)
{
    for (uint32_t va = from; va < to; va += PAGE) {
        const uint32_t *entry = vm_entry(va);

        if (entry && *entry & ENTRY_V) {
            exo_map(SELF, va, NONE, 0);
            me->pages--;
        }
    }
}

int32_t vm_sbrk(int32_t n)
{
    uint32_t old = me->heap_end, size = (uint32_t)n;

    if (n < 0) {
        if (0 - size > old - me->heap_start)
            return -EINVAL;
        me->heap_end = old + size;
        shrink(round_up(me->heap_end), round_up(old));
        return (int32_t)old;
    }
    if (size > HEAP_LIMIT - old ||
        (round_up(old + size) - round_up(old)) / PAGE > vm_free_pages())
        return -ENOMEM;
    me->heap_end = old + size;
    return (int32_t)old;
}

static int32_t protect_page(uint32_t va, uint32_t rights)
{
    int32_t error = vm_touch(va, MAP_R);
    uint32_t name;

    if (error < 0)
        return error;
    name = *vm_entry(va) >> NAME_SHIFT;
    if (!(rights & PROT_WRITE))
        return exo_map(SELF, va, name, MAP_R | MAP_A | PROTECTED);
    if (owner(name)->maps > 1)
        return exo_map(SELF, va, name, MAP_R | MAP_A | COW);
    return exo_map(SELF, va, name, MAP_R | MAP_W | MAP_A | MAP_D);
}

int32_t vm_protect(uint32_t va, uint32_t n, uint32_t rights)
{
    int32_t error = 0;

    if (rights != PROT_READ && rights != (PROT_READ | PROT_WRITE))
        return -EINVAL;
    if (va % PAGE || va < me->heap_start || va > me->heap_end ||
        n > (round_up(me->heap_end) - va) / PAGE)
        return -EINVAL;
    for (uint32_t i = 0; error == 0 && i < n; i++)
        error = protect_page(va + i * PAGE, rights);
    return error;
}

void *cache_page(uint32_t *name)
{
    int32_t page = vm_free_pages() ? exo_page_alloc(NONE, 0) : -ENOMEM;

    for (uint32_t i = 0; page >= 0 && i < CACHE_PAGES; i++) {
        uint32_t bit = 1u << i % 32;

        if (shared->cache_used[i / 32] & bit)
            continue;
        shared->cache_used[i / 32] |= bit;
        exo_map(SELF, CACHE + i * PAGE, (uint32_t)page, MAP_R | MAP_W | MAP_A | MAP_D);
        if (name)
            *name = (uint32_t)page;
        return (void *)(CACHE + i * PAGE);
    }
    if (page >= 0)
        exo_page_free((uint32_t)page);
    return NULL;
}

void cache_free(void *page)
{
    uint32_t i = ((uint32_t)page - CACHE) / PAGE;

    exo_map(SELF, (uint32_t)page, NONE, 0);
    shared->cache_used[i / 32] &= ~(1u << i % 32);
}
