/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * space.c - address spaces: Sv32 page tables whose pages programs supply. The kernel's quarter is
 * the same in all of them. Who may map what is checked here; whether it is wise, and what to do
 * about a fault, is decided by programs.
 */
#include "kernel.h"
#include "riscv.h"
#include "sparse.h"
#include "string.h"

#define KERNEL_FLAGS (PTE_V | PTE_G | PTE_A | PTE_D)
#define USER_FLAGS (PTE_V | PTE_U | PTE_A | PTE_D)

enum {
    KERNEL_ENTRY = KERNEL_BASE >> SUPERPAGE_SHIFT,
    PLIC_ENTRY = PTES_PER_TABLE - 2, /* irq.c uses it */
    PLIC_BASE = 0x0c000000,
};

static uint32_t kernel_root[PTES_PER_TABLE] __attribute__((aligned(PAGE_SIZE)));
static uint32_t image_table[PTES_PER_TABLE] __attribute__((aligned(PAGE_SIZE)));
uint32_t space_active;

static uint32_t pte_of(uint32_t pa, uint32_t flags)
{
    return pa >> PAGE_SHIFT << PTE_PPN_SHIFT | flags;
}

static uint32_t satp_of(const uint32_t *root)
{
    return SATP_SV32 | virt_to_phys(root) >> PAGE_SHIFT;
}

void space_activate(uint32_t satp)
{
    space_active = satp;
    csr_write(satp, satp);
    sfence_vma_all();
}

static uint32_t image_flags(uint32_t va)
{
    if (va < (uint32_t)text_end)
        return KERNEL_FLAGS | PTE_R | PTE_X;
    return KERNEL_FLAGS | PTE_R | (va < (uint32_t)rodata_end ? 0 : PTE_W);
}

void space_init(uint32_t ram_end)
{
    uint32_t superpages = (ram_end - phys_base + SUPERPAGE_SIZE - 1) / SUPERPAGE_SIZE;

    for (uint32_t i = 0; i < PTES_PER_TABLE; i++)
        image_table[i] =
            pte_of(phys_base + i * PAGE_SIZE, image_flags(KERNEL_BASE + i * PAGE_SIZE));
    kernel_root[KERNEL_ENTRY] = pte_of(virt_to_phys(image_table), PTE_V);
    for (uint32_t i = 1; i < superpages; i++)
        kernel_root[KERNEL_ENTRY + i] =
            pte_of(phys_base + i * SUPERPAGE_SIZE, KERNEL_FLAGS | PTE_R | PTE_W);
    kernel_root[PLIC_ENTRY] = pte_of(PLIC_BASE, KERNEL_FLAGS | PTE_R | PTE_W);
    space_activate(satp_of(kernel_root));
}

/* The page of memory that a leaf leads to; NULL if it is a device's. */
static struct page *page_of(uint32_t pte)
{
    uint32_t n = (pte >> PTE_PPN_SHIFT) - (phys_base >> PAGE_SHIFT);

    return n < page_count ? &pages[n] : NULL;
}

static void clear_leaf(uint32_t *pte)
{
    struct page *p = *pte & PTE_V ? page_of(*pte) : NULL;

    if (p)
        p->maps--;
    *pte = 0;
}

/* The table below a root's entry. */
static uint32_t *table_of(uint32_t entry)
{
    return entry & PTE_V ? phys_to_virt(entry >> PTE_PPN_SHIFT << PAGE_SHIFT) : NULL;
}

static uint32_t *find_leaf(const struct space *s, uint32_t va)
{
    uint32_t *table = va < KERNEL_BASE ? table_of(s->root[va >> SUPERPAGE_SHIFT]) : NULL;

    return table ? &table[va >> PAGE_SHIFT & (PTES_PER_TABLE - 1)] : NULL;
}

static void clear_table(uint32_t *table)
{
    for (uint32_t i = 0; i < PTES_PER_TABLE; i += sparse_step(table, i))
        clear_leaf(&table[i]);
}

void space_empty(struct space *s)
{
    s->satp = satp_of(s->root);
    if (s->satp == space_active)
        space_activate(satp_of(kernel_root));
    for (uint32_t i = 0; i < KERNEL_ENTRY; i += sparse_step(s->root, i)) {
        uint32_t *table = table_of(s->root[i]);

        if (!table)
            continue;
        clear_table(table);
        pages[page_number(table)].kind = PAGE_FRAME;
        s->root[i] = 0;
    }
    memcpy(s->root + KERNEL_ENTRY, kernel_root + KERNEL_ENTRY,
           (PTES_PER_TABLE - KERNEL_ENTRY) * sizeof(uint32_t));
}

int space_add_table(struct space *s, uint32_t va, uint32_t number)
{
    uint32_t *entry = &s->root[va >> SUPERPAGE_SHIFT];

    if (va >= KERNEL_BASE || *entry & PTE_V)
        return -EINVAL;
    pages[number].kind = PAGE_TABLE;
    memset(page_address(number), 0, PAGE_SIZE);
    *entry = pte_of(virt_to_phys(page_address(number)), PTE_V);
    if (s->satp == space_active)
        sfence_vma_all();
    return 0;
}

int space_map(struct space *s, uint32_t va, uint32_t number, bool device, uint32_t rights)
{
    uint32_t *pte = find_leaf(s, va);
    uint32_t first = device ? 0 : phys_base >> PAGE_SHIFT;

    if (!pte)
        return -ENOENT;
    if (va % PAGE_SIZE || !(rights & RIGHT_READ) ||
        (!device && (pages[number].kind != PAGE_FRAME || pages[number].maps == UINT16_MAX)))
        return -EINVAL;
    if (!device)
        pages[number].maps++;
    clear_leaf(pte);
    *pte = (first + number) << PTE_PPN_SHIFT | USER_FLAGS | rights;
    if (s->satp == space_active)
        sfence_vma_page(va);
    if (rights & RIGHT_EXECUTE)
        fence_i();
    return 0;
}

/* From a capability for memory or a device, with no more rights than it has. */
int space_map_item(struct space *s, uint32_t va, struct space *from, uint32_t slot,
                   uint32_t page, uint32_t rights)
{
    struct cap *c = cap_slot(from, slot);

    if (!c || (c->type != CAP_MEMORY && c->type != CAP_DEVICE) || page >= c->badge)
        return -EINVAL;
    if (rights & ~(uint32_t)(c->rights & RIGHT_MEMORY))
        return -EPERM;
    return space_map(s, va, c->object + page, c->type == CAP_DEVICE, rights);
}

static struct space *space_argument(uint32_t slot)
{
    struct cap *c = cap_find(current->space, slot, CAP_SPACE, RIGHT_MANAGE);

    return c ? (struct space *)c->object : NULL;
}

int32_t sys_map(const uint32_t *a, uint32_t *more)
{
    struct space *s = space_argument(a[0]);

    (void)more;
    return s ? space_map_item(s, a[1], current->space, a[2], a[3], a[4]) : -EINVAL;
}

int32_t sys_unmap(const uint32_t *a, uint32_t *more)
{
    struct space *s = space_argument(a[0]);
    uint32_t *pte = s ? find_leaf(s, a[1]) : NULL;

    (void)more;
    if (!pte)
        return -EINVAL;
    clear_leaf(pte);
    if (s->satp == space_active)
        sfence_vma_page(a[1]);
    return 0;
}

int32_t sys_map_table(const uint32_t *a, uint32_t *more)
{
    struct space *s = space_argument(a[0]);
    struct cap *m = cap_find(current->space, a[2], CAP_MEMORY, RIGHT_MEMORY);
    uint32_t n = m ? m->object + a[3] : 0;

    (void)more;
    if (!s || !m || a[3] >= m->badge || pages[n].kind != PAGE_FRAME || pages[n].maps != 0)
        return -EINVAL;
    return space_add_table(s, a[1], n);
}

/* Is this leaf a page of m? Then which, with the rights. */
static bool is_of(uint32_t pte, const struct cap *m, uint32_t *index, uint32_t *rights)
{
    struct page *p = pte & PTE_V ? page_of(pte) : NULL;
    uint32_t i = p ? (uint32_t)(p - pages) - m->object : m->badge;

    *index = i;
    *rights = pte & RIGHT_MEMORY;
    return i < m->badge;
}

/* The first leaf of this memory in one table, in what is left of it from va to end; end if none. */
static uint32_t scan_table(const uint32_t *table, uint32_t va, uint32_t end,
                           const struct cap *m, uint32_t *more)
{
    while (va < end) {
        uint32_t i = va >> PAGE_SHIFT & (PTES_PER_TABLE - 1);

        if (table[i] && is_of(table[i], m, &more[0], &more[1]))
            return va;
        va += sparse_step(table, i) * PAGE_SIZE;
    }
    return end;
}

/*
 * a: space, address, memory, end. The first page from the address on, before the end, that is of
 * this memory: its address; more: which it is, its rights.
 */
int32_t sys_next_mapping(const uint32_t *a, uint32_t *more)
{
    struct space *s = space_argument(a[0]);
    struct cap *m = cap_find(current->space, a[2], CAP_MEMORY, 0);
    uint32_t va = a[1] & ~(uint32_t)(PAGE_SIZE - 1);
    uint32_t last = a[3] < KERNEL_BASE ? a[3] : KERNEL_BASE;

    if (!s || !m)
        return -EINVAL;
    while (va < last) {
        uint32_t i = va >> SUPERPAGE_SHIFT;
        uint32_t *table = table_of(s->root[i]);
        uint32_t end = (i + (table ? 1 : sparse_step(s->root, i))) << SUPERPAGE_SHIFT;
        uint32_t found;

        end = end < last ? end : last;
        found = table ? scan_table(table, va, end, m, more) : end;
        if (found < end)
            return (int32_t)found;
        va = end;
    }
    return -ENOENT;
}
