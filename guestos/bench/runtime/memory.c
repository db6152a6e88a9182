/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory.c - pages, and address spaces made of them. A process has the image's code for itself
 * to read, a copy of its data, a stack, and what it asked for. Callers execute the fences.
 */
#include <stddef.h>

#include "kernel.h"

enum {
    ENTRIES = PTES_PER_TABLE,
    FIRST_KERNEL_ENTRY = KERNEL_BASE >> SUPERPAGE_SHIFT,
};

struct free_page {
    struct free_page *next;
};

static struct free_page *free_pages;
static char *fresh; /* pages from here on have never been given out, and are zero */

void memory_init(void)
{
    fresh = bss_end;
}

static void clear(void *page)
{
    uint32_t *words = page;

    for (uint32_t i = 0; i < PAGE_SIZE / 4; i++)
        words[i] = 0;
}

/* Memory that was never touched may still not be zero on a real machine: clear it all the same. */
void *page_alloc(void)
{
    struct free_page *page = free_pages;

    if (page) {
        free_pages = page->next;
    } else {
        if (fresh >= (char *)KERNEL_BASE + MEMORY_SIZE - 4 * PAGE_SIZE)
            panic("out of memory", (uint32_t)fresh, 0); /* the last pages: a device tree's */
        page = (struct free_page *)fresh;
        fresh += PAGE_SIZE;
    }
    clear(page);
    return page;
}

void page_free(void *page)
{
    struct free_page *free = page;

    free->next = free_pages;
    free_pages = free;
}

static void *entry_page(pte_t entry)
{
    return phys_to_virt(entry >> PTE_PPN_SHIFT << PAGE_SHIFT);
}

static pte_t entry_make(const void *page, uint32_t flags)
{
    return virt_to_phys(page) >> PAGE_SHIFT << PTE_PPN_SHIFT | flags;
}

pte_t *space_new(void)
{
    pte_t *root = page_alloc();

    for (uint32_t i = FIRST_KERNEL_ENTRY; i < ENTRIES; i++)
        root[i] = kernel_root[i];
    return root;
}

pte_t *space_entry(pte_t *root, uint32_t va)
{
    pte_t upper = root[va >> SUPERPAGE_SHIFT];

    if (!(upper & PTE_V))
        return NULL;
    return (pte_t *)entry_page(upper) + (va >> PAGE_SHIFT & (ENTRIES - 1));
}

bool space_map(pte_t *root, uint32_t va, const void *page, uint32_t flags)
{
    pte_t *upper = &root[va >> SUPERPAGE_SHIFT];

    if (va >= KERNEL_BASE)
        return false;
    if (!(*upper & PTE_V))
        *upper = entry_make(page_alloc(), PTE_V);
    *space_entry(root, va) = entry_make(page, flags);
    return true;
}

static void entry_free(pte_t *entry)
{
    if ((*entry & PTE_V) && !(*entry & PTE_SHARED))
        page_free(entry_page(*entry));
    *entry = 0;
}

void space_unmap(pte_t *root, uint32_t va, uint32_t pages)
{
    for (; pages; pages--, va += PAGE_SIZE) {
        pte_t *entry = va < KERNEL_BASE ? space_entry(root, va) : NULL;

        if (entry)
            entry_free(entry);
    }
}

/* All of the user's half, its tables too. */
static void space_clear(pte_t *root)
{
    for (uint32_t i = 0; i < FIRST_KERNEL_ENTRY; i++) {
        pte_t *table = entry_page(root[i]);

        if (!(root[i] & PTE_V))
            continue;
        for (uint32_t k = 0; k < ENTRIES; k++)
            entry_free(&table[k]);
        page_free(table);
        root[i] = 0;
    }
}

void space_free(pte_t *root)
{
    space_clear(root);
    page_free(root);
}

static void copy_page(pte_t *to, uint32_t va, pte_t entry)
{
    void *page;

    if (entry & PTE_SHARED) {
        (void)space_map(to, va, entry_page(entry), entry & PTE_FLAGS);
        return;
    }
    page = page_alloc();
    memory_copy(page, entry_page(entry), PAGE_SIZE);
    (void)space_map(to, va, page, entry & PTE_FLAGS);
}

bool space_copy(pte_t *to, const pte_t *from)
{
    for (uint32_t i = 0; i < FIRST_KERNEL_ENTRY; i++) {
        const pte_t *table = entry_page(from[i]);

        if (!(from[i] & PTE_V))
            continue;
        for (uint32_t k = 0; k < ENTRIES; k++)
            if (table[k] & PTE_V)
                copy_page(to, i << SUPERPAGE_SHIFT | k << PAGE_SHIFT, table[k]);
    }
    return true;
}

static void map_shared(pte_t *root, const char *from, const char *to, uint32_t flags)
{
    for (; from < to; from += PAGE_SIZE)
        (void)space_map(root, (uint32_t)from, user_image + (from - user_text),
                        flags | PTE_SHARED);
}

/* The program as it was linked, and a stack, in place of whatever was there. */
bool space_image(pte_t *root)
{
    const uint32_t writable = USER_FLAGS | PTE_R | PTE_W;

    space_clear(root);
    map_shared(root, user_text, user_rodata, USER_FLAGS | PTE_R | PTE_X);
    map_shared(root, user_rodata, user_data, USER_FLAGS | PTE_R);
    for (const char *at = user_data; at < user_end; at += PAGE_SIZE) {
        void *page = page_alloc();

        memory_copy(page, user_image + (at - user_text), PAGE_SIZE);
        (void)space_map(root, (uint32_t)at, page, writable);
    }
    for (uint32_t i = 1; i <= USER_STACK_PAGES; i++)
        (void)space_map(root, USER_STACK_TOP - i * PAGE_SIZE, page_alloc(), writable);
    return true;
}
