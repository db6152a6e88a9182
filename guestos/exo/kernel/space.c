/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * space.c - page tables, changed at a library's request and only then. The library names the
 * physical page; the kernel checks the binding, and enters it in the table that the hardware
 * walks. There is no other record of what is mapped where.
 *
 * A table may be installed in several roots, so that a library maps its own image once for all
 * its environments. Tables can be mapped to be read: a library sees the hardware's own entries.
 */
#include "kernel.h"
#include "sparse.h"
#include "string.h"

#define KERNEL_FLAGS (PTE_V | PTE_G | PTE_A | PTE_D)
#define DEVICE_BASE 0xffc00000u
#define ENTRY_BITS (MAP_R | MAP_W | MAP_X | MAP_A | MAP_D | MAP_SOFT1 | MAP_SOFT2)

static pte_t *kernel_root;

static pte_t entry_of(const struct page *p, uint32_t bits)
{
    return page_name(p) << PTE_PPN_SHIFT | bits | PTE_V;
}

static struct page *entry_page(pte_t entry)
{
    return page_of(entry >> PTE_PPN_SHIFT);
}

static pte_t *entry_table(pte_t entry)
{
    return phys_to_virt(entry >> PTE_PPN_SHIFT << PAGE_SHIFT);
}

static uint32_t image_flags(const char *page)
{
    if (page < text_end)
        return KERNEL_FLAGS | PTE_R | PTE_X;
    return KERNEL_FLAGS | PTE_R | (page < rodata_end ? 0 : PTE_W);
}

static pte_t *static_page(void)
{
    int32_t error;
    struct page *p = page_take(BOOT_GROUP, NONE, 0, &error);

    if (!p)
        panic("not enough memory for the kernel");
    p->type = PAGE_KERNEL;
    return page_address(p);
}

/* The upper quarter, as in every root: the image page by page, then superpages. */
void space_init(uint32_t ram_end)
{
    uint32_t superpages = (ram_end - phys_base + SUPERPAGE_SIZE - 1) / SUPERPAGE_SIZE;
    pte_t *image = static_page();

    kernel_root = static_page();
    for (uint32_t i = 0; i < PTES_PER_TABLE; i++)
        image[i] = (phys_base / PAGE_SIZE + i) << PTE_PPN_SHIFT |
                   image_flags((char *)KERNEL_BASE + i * PAGE_SIZE);
    kernel_root[USER_ENTRIES] =
        (((uint32_t)image - KERNEL_BASE + phys_base) / PAGE_SIZE) << PTE_PPN_SHIFT | PTE_V;
    for (uint32_t i = 1; i < superpages && i < MAX_SUPERPAGES; i++)
        kernel_root[USER_ENTRIES + i] =
            (phys_base + i * SUPERPAGE_SIZE) / PAGE_SIZE << PTE_PPN_SHIFT | KERNEL_FLAGS |
            PTE_R | PTE_W;
    space_leave();
}

/* One page of a device, in the last 4 MiB, where no memory is mapped. */
volatile void *space_device(uint32_t pa)
{
    static uint32_t used;
    pte_t *slot = &kernel_root[PTES_PER_TABLE - 1];

    if (!*slot)
        *slot = (virt_to_phys(static_page()) / PAGE_SIZE) << PTE_PPN_SHIFT | PTE_V;
    entry_table(*slot)[used] = pa / PAGE_SIZE << PTE_PPN_SHIFT | KERNEL_FLAGS | PTE_R | PTE_W;
    sfence_vma_all();
    return (volatile char *)DEVICE_BASE + used++ * PAGE_SIZE;
}

void space_leave(void)
{
    csr_write(satp, SATP_SV32 | virt_to_phys(kernel_root) >> PAGE_SHIFT);
    sfence_vma_all();
}

void space_start(pte_t *root)
{
    memset(root, 0, USER_ENTRIES * sizeof(pte_t));
    memcpy(root + USER_ENTRIES, kernel_root + USER_ENTRIES,
           (PTES_PER_TABLE - USER_ENTRIES) * sizeof(pte_t));
}

static void drop_leaf(pte_t entry)
{
    struct page *p = entry & PTE_V ? entry_page(entry) : NULL;

    if (p) {
        p->maps--;
        page_settle(p);
    }
}

static void clear_entries(pte_t *table)
{
    for (uint32_t i = 0; i < PTES_PER_TABLE; i += sparse_step(table, i)) {
        drop_leaf(table[i]);
        table[i] = 0;
    }
}

/* One root less has it; with the last it is a page like others, and then a free one. */
static void drop_table(pte_t entry)
{
    struct page *p = entry_page(entry);

    if (--p->installs > 0)
        return;
    clear_entries(page_address(p));
    p->type = PAGE_USER;
    page_settle(p);
}

void space_clear(pte_t *root)
{
    for (uint32_t i = 0; i < USER_ENTRIES; i += sparse_step(root, i)) {
        if (root[i] & PTE_V)
            drop_table(root[i]);
        root[i] = 0;
    }
}

static pte_t *find(const struct env *e, uint32_t va)
{
    pte_t entry = e->root[va >> SUPERPAGE_SHIFT];

    return entry & PTE_V ? entry_table(entry) + (va >> PAGE_SHIFT) % PTES_PER_TABLE : NULL;
}

/* p NULL: nothing. The right to do so has been checked. -ENOENT: there is no table. */
int32_t space_set(struct env *e, uint32_t va, struct page *p, uint32_t bits)
{
    pte_t *pte = find(e, va);
    pte_t old;

    if (!pte)
        return -ENOENT;
    old = *pte;
    if (p) {
        if (p->maps == UINT16_MAX)
            return -ENOMEM;
        p->maps++;
    }
    *pte = p ? entry_of(p, (bits & ENTRY_BITS) | PTE_U) : 0;
    drop_leaf(old);
    sfence_vma_page(va);
    return 0;
}

static bool bits_are_good(uint32_t bits)
{
    return !(bits & ~(uint32_t)(ENTRY_BITS | MAP_KEEP)) && bits & (MAP_R | MAP_X) &&
           !(bits & MAP_W && !(bits & MAP_R));
}

static int32_t map_page(struct env *e, uint32_t va, struct page *p, uint32_t bits)
{
    uint32_t rights = bits & (MAP_R | MAP_W | MAP_X);
    bool ours = p->group == current->group || p->group == e->group;
    int32_t error;

    if (!page_allows(p, current->group, rights) && !page_allows(p, e->group, rights))
        return -EPERM;
    error = space_set(e, va, p, bits);
    if (error == 0 && ours && p->type == PAGE_USER)
        p->held = (bits & MAP_KEEP) != 0;
    return error;
}

int32_t call_map(const uint32_t *a)
{
    struct env *e = env_bound(a[0]);
    struct page *p;
    int32_t error = -EINVAL;

    if (!e)
        return -EPERM;
    if (a[1] % PAGE_SIZE || a[1] >= USER_TOP)
        return -EINVAL;
    if (a[3] == 0)
        return space_set(e, a[1], NULL, 0);
    if (!bits_are_good(a[3]))
        return -EINVAL;
    if (a[2] != NONE) {
        p = page_of(a[2]);
        return p ? map_page(e, a[1], p, a[3]) : -EINVAL;
    }
    if (!find(e, a[1]))
        return -ENOENT;
    p = page_take(e->group, NONE, 0, &error);
    return p ? map_page(e, a[1], p, a[3]) : error;
}

static int32_t install(struct env *e, uint32_t at, struct page *p)
{
    if (p->installs == UINT16_MAX)
        return -ENOMEM;
    if (p->type == PAGE_USER) {
        memset(page_address(p), 0, PAGE_SIZE);
        p->type = PAGE_TABLE;
        p->held = 0;
    }
    p->installs++;
    e->root[at] = entry_of(p, 0);
    if (e == current) /* hardware may remember that there was none */
        sfence_vma_all();
    return 0;
}

int32_t call_map_table(const uint32_t *a)
{
    struct env *e = env_bound(a[0]);
    struct page *p = page_of(a[2]);
    uint32_t at = a[1] >> SUPERPAGE_SHIFT;

    if (!e)
        return -EPERM;
    if (at >= USER_ENTRIES || (a[2] != NONE && !p))
        return -EINVAL;
    if (p && !(p->type == PAGE_TABLE && p->group == e->group) &&
        !(page_plain(p, e->group) && !p->maps))
        return -EPERM;
    if (p && e->root[at] & PTE_V)
        return -EINVAL;
    if (p)
        return install(e, at, p);
    if (e->root[at] & PTE_V)
        drop_table(e->root[at]);
    e->root[at] = 0;
    sfence_vma_all();
    return 0;
}

/* Take this page out of all that the root leads to: how often it was there. */
uint32_t space_strip(pte_t *root, const struct page *p)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < USER_ENTRIES; i++) {
        pte_t *table = root[i] & PTE_V ? entry_table(root[i]) : NULL;

        for (uint32_t j = 0; table && j < PTES_PER_TABLE; j++) {
            if (table[j] & PTE_V && entry_page(table[j]) == p) {
                drop_leaf(table[j]);
                table[j] = 0;
                n++;
            }
        }
    }
    return n;
}
