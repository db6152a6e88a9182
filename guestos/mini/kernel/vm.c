/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vm.c - builds, shares and frees Sv32 page tables (privileged specification, section 4.3).
 * Which user page may be touched how, and what to do about a fault, is decided in fault.c.
 *
 *   virtual address:  31      22 21      12 11       0
 *                    |  VPN 1   |  VPN 0   |  offset  |
 *
 * VPN 1 picks an entry of the root. Without R, W, X it points to the table that VPN 0 indexes;
 * with one of them it is a leaf, a superpage of 4 MiB. The kernel maps itself by superpages;
 * user pages are always 4 KiB.
 */
#include "vm.h"

#include <stddef.h>

#include "memlayout.h"
#include "page.h"
#include "panic.h"
#include "pv.h"
#include "string.h"

/* Nobody looks at the kernel's own A and D bits: set, they spare the hardware the trouble. */
#define KERNEL_FLAGS (PTE_V | PTE_G | PTE_A | PTE_D)

enum {
    FIRST_KERNEL_ENTRY = KERNEL_BASE >> SUPERPAGE_SHIFT,
};

static pte_t *kernel_root;

static uint32_t vpn1(uint32_t va)
{
    return va >> SUPERPAGE_SHIFT;
}

static uint32_t vpn0(uint32_t va)
{
    return va >> PAGE_SHIFT & (PTES_PER_TABLE - 1);
}

void *pte_page(pte_t pte)
{
    return phys_to_virt(pte >> PTE_PPN_SHIFT << PAGE_SHIFT);
}

pte_t pte_make(const void *page, uint32_t flags)
{
    return virt_to_phys(page) >> PAGE_SHIFT << PTE_PPN_SHIFT | flags;
}

static uint32_t image_flags(const char *page)
{
    if (page < text_end)
        return KERNEL_FLAGS | PTE_R | PTE_X;
    if (page < rodata_end)
        return KERNEL_FLAGS | PTE_R;
    return KERNEL_FLAGS | PTE_R | PTE_W;
}

/* The first 4 MiB hold the image and are mapped page by page: its parts differ in rights. */
static pte_t *map_image(void)
{
    pte_t *table = page_alloc_zeroed();

    if (!table)
        panic("not enough memory for the kernel");
    for (uint32_t i = 0; i < PTES_PER_TABLE; i++) {
        char *page = (char *)KERNEL_BASE + i * PAGE_SIZE;

        table[i] = pte_make(page, image_flags(page));
    }
    return table;
}

void vm_init(uint32_t ram_end)
{
    uint32_t superpages = (ram_end - phys_base + SUPERPAGE_SIZE - 1) / SUPERPAGE_SIZE;

    kernel_root = page_alloc_zeroed();
    if (!kernel_root)
        panic("not enough memory for the kernel");
    kernel_root[FIRST_KERNEL_ENTRY] = pte_make(map_image(), PTE_V);
    for (uint32_t i = 1; i < superpages; i++) {
        char *start = (char *)KERNEL_BASE + i * SUPERPAGE_SIZE;

        kernel_root[FIRST_KERNEL_ENTRY + i] = pte_make(start, KERNEL_FLAGS | PTE_R | PTE_W);
    }
    vm_activate(kernel_root);
}

volatile uint8_t *vm_map_device(uint32_t pa)
{
    static uint32_t mapped;
    uint32_t va = DEVICES_BASE + mapped * PAGE_SIZE;
    bool is_ram = kernel_root[vpn1(va)] & (PTE_R | PTE_W);
    pte_t *pte = is_ram || mapped == PTES_PER_TABLE ? NULL : vm_find_or_make(kernel_root, va);

    if (!pte)
        return NULL;
    mapped++;
    *pte = pa >> PAGE_SHIFT << PTE_PPN_SHIFT | KERNEL_FLAGS | PTE_R | PTE_W;
    vm_activate(kernel_root); /* with a fence */
    return (volatile uint8_t *)va + pa % PAGE_SIZE;
}

/* The kernel's half never changes after start-up, so a copy of its root entries stays true. */
pte_t *vm_new(void)
{
    pte_t *root = page_alloc();

    if (!root)
        return NULL;
    memset(root, 0, FIRST_KERNEL_ENTRY * sizeof(pte_t));
    memcpy(root + FIRST_KERNEL_ENTRY, kernel_root + FIRST_KERNEL_ENTRY,
           (PTES_PER_TABLE - FIRST_KERNEL_ENTRY) * sizeof(pte_t));
    return root;
}

void vm_activate(pte_t *root)
{
    pv.activate(root ? root : kernel_root);
}

pte_t *vm_find(pte_t *root, uint32_t va)
{
    pte_t entry = root[vpn1(va)];

    return entry & PTE_V ? (pte_t *)pte_page(entry) + vpn0(va) : NULL;
}

pte_t *vm_find_or_make(pte_t *root, uint32_t va)
{
    if (!(root[vpn1(va)] & PTE_V)) {
        pte_t *table = page_alloc_zeroed();

        if (!table)
            return NULL;
        /* Another CPU may be counting our pages: it must not find the table before its zeros. */
        __atomic_store_n(&root[vpn1(va)], pte_make(table, PTE_V), __ATOMIC_RELEASE);
    }
    return vm_find(root, va);
}

static void free_table(pte_t *table)
{
    for (uint32_t i = 0; i < PTES_PER_TABLE; i++)
        if (table[i] & PTE_V)
            page_free(pte_page(table[i]));
    page_free(table);
}

void vm_free(pte_t *root)
{
    for (uint32_t i = 0; i < FIRST_KERNEL_ENTRY; i++)
        if (root[i] & PTE_V)
            free_table(pte_page(root[i]));
    page_free(root);
}

/*
 * The first valid entry at or after *va and below end; *va becomes its address. Where there is
 * no table, 4 MiB are skipped at once.
 */
static pte_t *next_valid(pte_t *root, uint32_t *va, uint32_t end)
{
    while (*va < end) {
        pte_t *pte = vm_find(root, *va);

        if (pte && *pte & PTE_V)
            return pte;
        *va = pte ? *va + PAGE_SIZE : (*va | (SUPERPAGE_SIZE - 1)) + 1;
    }
    return NULL;
}

/*
 * A writable page becomes read-only on both sides until one of them writes (fault.c). The child
 * has not touched it yet. If we run out of memory half-way, what is read-only by then is found
 * to be the parent's alone, and writable again, at its next write.
 */
bool vm_share(pte_t *from, pte_t *to, uint32_t start, uint32_t end)
{
    pte_t *pte;

    for (uint32_t va = start; (pte = next_valid(from, &va, end)); va += PAGE_SIZE) {
        pte_t *child = vm_find_or_make(to, va), shared;

        if (!child)
            return false;
        shared = *pte & PTE_W ? (*pte & ~(pte_t)PTE_W) | PTE_COW : *pte;
        if (*pte & PTE_W)
            pv.change(pte, shared, va);
        *child = shared & ~(pte_t)(PTE_A | PTE_D);
        page_share(pte_page(shared));
    }
    return true;
}

void vm_unmap(pte_t *root, uint32_t start, uint32_t end)
{
    pte_t *pte;

    for (uint32_t va = start; (pte = next_valid(root, &va, end)); va += PAGE_SIZE) {
        page_free(pte_page(*pte));
        pv.change(pte, 0, va);
    }
}

uint32_t vm_count_pages(pte_t *root)
{
    uint32_t n = 0;

    for (uint32_t va = 0; next_valid(root, &va, USER_TOP); va += PAGE_SIZE)
        n++;
    return n;
}
