/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pmap.c - a second-stage page table, Sv32x4 (Privileged ISA 8.5.1):
 *
 *    guest-physical address:   33          22 21      12 11        0
 *                             +--------------+----------+-----------+
 *                             |     root     |   leaf   |  in page  |
 *                             +--------------+----------+-----------+
 *
 * A guest has all rights to its RAM and needs no A and D bits from this table, so entries grant all
 * rights with A and D set, except that shared pages are read-only. An entry is invalid until a page
 * is attached; a bit of an invalid entry tells whether the page is in the store. Where possible,
 * guest pages are contiguous in the machine, or at least those of one leaf table. This costs
 * little, and lets an engine predict translations: in `jit`, a load whose distance between guest
 * and host address changes is also mispredicted by the host.
 */
#include "vmm/pmap.h"

#include "isa/csr_fields.h"
#include "vmm/parts.h"

#define LEAF_FLAGS (PTE_V | PTE_R | PTE_W | PTE_X | PTE_U | PTE_A | PTE_D)
#define LEAF_WITHHELD (1u << 8) /* RSW: write-protected by pmap_withhold() */
#define ENTRY_AWAY PTE_R        /* in an invalid entry, which only the monitor reads */
#define REGION_SHIFT 22         /* a leaf table covers 4 MiB */
#define REGION_MASK ((1ull << REGION_SHIFT) - 1)

/*
 * Larger RAM is set aside leaf by leaf: the allocator's records of all its pages would be too big.
 */
#define WHOLE_MOST (128ull << 20)

bool pmap_init(struct pmap *pmap, struct allocator *allocator, uint16_t owner, uint64_t base,
               uint64_t size)
{
    *pmap = (struct pmap){.allocator = allocator, .owner = owner, .base = base, .size = size};
    return allocate_pages(allocator, owner, PAGE_PMAP, SV32X4_ROOT_PAGES, &pmap->root);
}

uint32_t pmap_hgatp(const struct pmap *pmap)
{
    return SATP_SV32 | pmap->root.v >> PAGE_SHIFT;
}

static uint8_t *entry(const struct pmap *pmap, struct mpa table, uint32_t slot)
{
    return allocate_host(pmap->allocator, table) + 4 * slot;
}

static struct mpa entry_mpa(const struct pmap *pmap, struct mpa table, uint32_t slot)
{
    return pmap_entry(allocate_host(pmap->allocator, table), slot);
}

const uint8_t *pmap_leaf(const struct pmap *pmap, uint32_t slot)
{
    struct mpa leaf = entry_mpa(pmap, pmap->root, slot);

    return leaf.v ? allocate_host(pmap->allocator, leaf) : NULL;
}

static void set_entry(const struct pmap *pmap, struct mpa table, uint32_t slot, struct mpa mpa,
                      uint32_t flags)
{
    store_le32(entry(pmap, table, slot), PTE_MAKE(mpa.v >> PAGE_SHIFT, flags));
}

/* The part of a leaf's region that is RAM, in pages; not empty. */
struct extent {
    uint32_t first, count;
};

static struct extent leaf_extent(const struct pmap *pmap, uint32_t slot)
{
    uint64_t from = (uint64_t)slot << REGION_SHIFT, to = from + (1u << REGION_SHIFT);
    uint64_t end = pmap->base + pmap->size;

    from = from > pmap->base ? from : pmap->base;
    to = to < end ? to : end;
    return (struct extent){SV32_INDEX((uint32_t)from, 0),
                           (uint32_t)((to - from) >> PAGE_SHIFT)};
}

/* Is all RAM set aside in one block, or can it be now? The root's record says where. */
static bool has_whole(struct pmap *pmap)
{
    struct mpa *whole = &allocate_info(pmap->allocator, pmap->root)->link;

    return whole->v || (pmap->size <= WHOLE_MOST &&
                        allocate_reserve(pmap->allocator, pmap->owner,
                                         (uint32_t)(pmap->size >> PAGE_SHIFT), whole));
}

/* The block set aside for a leaf's pages; MPA_NONE: none. */
static struct mpa set_aside(struct pmap *pmap, uint32_t slot)
{
    uint64_t start = (uint64_t)slot << REGION_SHIFT;
    uint32_t offset = start > pmap->base ? (uint32_t)(start - pmap->base) : 0;
    struct mpa home;

    if (PZ_HOSTED && has_whole(pmap))
        return (struct mpa){allocate_info(pmap->allocator, pmap->root)->link.v + offset};
    if (allocate_reserve(pmap->allocator, pmap->owner, leaf_extent(pmap, slot).count, &home))
        return home;
    return MPA_NONE;
}

static bool new_leaf(struct pmap *pmap, uint32_t slot, struct mpa *leaf)
{
    if (!allocate_page(pmap->allocator, pmap->owner, PAGE_PMAP, leaf))
        return false;
    allocate_info(pmap->allocator, *leaf)->link = set_aside(pmap, slot);
    set_entry(pmap, pmap->root, slot, *leaf, PTE_V);
    return true;
}

static bool find_leaf(struct pmap *pmap, uint32_t slot, struct mpa *leaf)
{
    if (pmap->last.v && pmap->last_slot == slot) {
        *leaf = pmap->last;
        return true;
    }
    *leaf = entry_mpa(pmap, pmap->root, slot);
    if (!leaf->v && !new_leaf(pmap, slot, leaf))
        return false;
    pmap->last = *leaf;
    pmap->last_slot = slot;
    return true;
}

static uint32_t place_of(const struct pmap *pmap, struct gpa gpa)
{
    return (uint32_t)((gpa.v - pmap->base) >> PAGE_SHIFT);
}

/* The page set aside for this guest page, or any other if that one has been taken. */
static bool new_page(struct pmap *pmap, struct mpa leaf, struct gpa gpa, struct mpa *mpa)
{
    struct mpa home = allocate_info(pmap->allocator, leaf)->link;
    uint32_t first = leaf_extent(pmap, SV32X4_INDEX_ROOT(gpa.v)).first;

    *mpa = (struct mpa){home.v + ((SV32_INDEX((uint32_t)gpa.v, 0) - first) << PAGE_SHIFT)};
    if (home.v && allocate_reserved(pmap->allocator, pmap->owner, PAGE_GUEST, *mpa))
        return true;
    return allocate_page(pmap->allocator, pmap->owner, PAGE_GUEST, mpa);
}

/* Fetches the page's bytes, if they are in the source. Other pages may come with it. */
static bool fill(struct pmap *pmap, struct gpa gpa, struct mpa mpa)
{
    const struct pmap_source *source = pmap->source;

    return !source ||
           source->fill(source->owner, pmap, (struct gpa){gpa.v & ~(uint64_t)PAGE_MASK},
                        allocate_host(pmap->allocator, mpa));
}

static void set_attached(struct pmap *pmap, struct mpa leaf, struct gpa gpa, struct mpa mpa)
{
    uint32_t flags = pmap->withholds ? (LEAF_FLAGS & ~PTE_W) | LEAF_WITHHELD : LEAF_FLAGS;

    allocate_info(pmap->allocator, mpa)->place = place_of(pmap, gpa);
    set_entry(pmap, leaf, SV32_INDEX((uint32_t)gpa.v, 0), mpa, flags);
}

/* The page that a leaf's entry maps; allocates one if there is none. */
static enum pmap_result attach(struct pmap *pmap, struct mpa leaf, struct gpa gpa,
                               struct mpa *mpa)
{
    uint32_t slot = SV32_INDEX((uint32_t)gpa.v, 0);

    *mpa = entry_mpa(pmap, leaf, slot);
    if (mpa->v)
        return PMAP_OK;
    if (load_le32(entry(pmap, leaf, slot)) == ENTRY_AWAY)
        return PMAP_AWAY;
    if (!new_page(pmap, leaf, gpa, mpa))
        return PMAP_NO_MEMORY;
    set_attached(pmap, leaf, gpa, *mpa);
    return fill(pmap, gpa, *mpa) ? PMAP_OK : PMAP_NO_MEMORY;
}

bool pmap_attach(struct pmap *pmap, struct gpa gpa, struct mpa mpa)
{
    uint32_t slot = SV32X4_INDEX_ROOT(gpa.v);
    struct mpa leaf = entry_mpa(pmap, pmap->root, slot);

    if (!leaf.v) {
        if (!allocate_page(pmap->allocator, pmap->owner, PAGE_PMAP, &leaf))
            return false;
        set_entry(pmap, pmap->root, slot, leaf, PTE_V); /* nothing is set aside for others */
    }
    set_attached(pmap, leaf, gpa, mpa);
    return true;
}

/* The valid leaf entry for an address; NULL: there is none. */
static uint8_t *valid_entry(const struct pmap *pmap, struct gpa gpa)
{
    struct mpa leaf;
    uint8_t *at;

    if (gpa.v - pmap->base >= pmap->size)
        return NULL;
    leaf = entry_mpa(pmap, pmap->root, SV32X4_INDEX_ROOT(gpa.v));
    if (!leaf.v)
        return NULL;
    at = entry(pmap, leaf, SV32_INDEX((uint32_t)gpa.v, 0));
    return load_le32(at) & PTE_V ? at : NULL;
}

void pmap_detach(struct pmap *pmap, struct gpa gpa)
{
    uint8_t *at = valid_entry(pmap, gpa);

    if (!at)
        return;
    allocate_free(pmap->allocator, (struct mpa){PTE_PPN(load_le32(at)) << PAGE_SHIFT});
    store_le32(at, 0);
    pmap->recent = MPA_NONE;
}

void pmap_withhold(struct pmap *pmap, struct gpa gpa)
{
    uint8_t *at = valid_entry(pmap, gpa);

    if (at && load_le32(at) & PTE_W)
        store_le32(at, (load_le32(at) & ~PTE_W) | LEAF_WITHHELD);
}

bool pmap_give_back(struct pmap *pmap, struct gpa gpa)
{
    uint8_t *at = valid_entry(pmap, gpa);

    if (!at || !(load_le32(at) & LEAF_WITHHELD))
        return false;
    store_le32(at, (load_le32(at) & ~LEAF_WITHHELD) | PTE_W);
    return true;
}

bool pmap_settle(struct pmap *pmap)
{
    const struct pmap_source *source = pmap->source;

    return !source || source->fill_all(source->owner, pmap);
}

/* The firmware asks for the same page twice at each exit of a nested monitor (sbi_nested.c). */
static bool is_recent(const struct pmap *pmap, struct gpa gpa)
{
    return pmap->recent.v && (gpa.v ^ pmap->recent_gpa) < PAGE_SIZE;
}

enum pmap_result pmap_translate_own(struct pmap *pmap, struct gpa gpa, struct mpa *mpa)
{
    enum pmap_result result;
    struct mpa leaf;

    if (!is_recent(pmap, gpa)) {
        if (gpa.v - pmap->base >= pmap->size)
            return PMAP_NOT_RAM;
        if (!find_leaf(pmap, SV32X4_INDEX_ROOT(gpa.v), &leaf))
            return PMAP_NO_MEMORY;
        result = attach(pmap, leaf, gpa, mpa);
        if (result != PMAP_OK)
            return result;
        pmap->recent = *mpa;
        pmap->recent_gpa = gpa.v;
    }
    mpa->v = pmap->recent.v | (uint32_t)(gpa.v & PAGE_MASK);
    return PMAP_OK;
}

struct mpa pmap_lookup_own(const struct pmap *pmap, struct gpa gpa)
{
    struct mpa mpa = pmap->recent;

    if (!is_recent(pmap, gpa)) {
        if (gpa.v - pmap->base >= pmap->size)
            return MPA_NONE;
        mpa = entry_mpa(pmap, pmap->root, SV32X4_INDEX_ROOT(gpa.v));
        if (mpa.v)
            mpa = entry_mpa(pmap, mpa, SV32_INDEX((uint32_t)gpa.v, 0));
    }
    if (mpa.v)
        mpa.v |= (uint32_t)(gpa.v & PAGE_MASK);
    return mpa;
}

/* ---- Pages that come and go ---- */

/* The leaf table for a guest page; MPA_NONE: none. */
static struct mpa leaf_of(const struct pmap *pmap, struct gpa gpa)
{
    return entry_mpa(pmap, pmap->root, SV32X4_INDEX_ROOT(gpa.v));
}

void pmap_set(struct pmap *pmap, struct gpa gpa, struct mpa page, bool writable)
{
    set_entry(pmap, leaf_of(pmap, gpa), SV32_INDEX((uint32_t)gpa.v, 0), page,
              writable ? LEAF_FLAGS : LEAF_FLAGS & ~PTE_W);
    pmap->recent = MPA_NONE;
}

void pmap_unset(struct pmap *pmap, struct gpa gpa, bool away)
{
    set_entry(pmap, leaf_of(pmap, gpa), SV32_INDEX((uint32_t)gpa.v, 0), MPA_NONE,
              away ? ENTRY_AWAY : 0);
    pmap->recent = MPA_NONE;
}

static uint32_t entry_of(const struct pmap *pmap, struct gpa gpa)
{
    struct mpa leaf = leaf_of(pmap, gpa);

    return leaf.v ? load_le32(entry(pmap, leaf, SV32_INDEX((uint32_t)gpa.v, 0))) : 0;
}

bool pmap_is_away(const struct pmap *pmap, struct gpa gpa)
{
    return gpa.v - pmap->base < pmap->size && entry_of(pmap, gpa) == ENTRY_AWAY;
}

bool pmap_next(const struct pmap *pmap, struct gpa *gpa)
{
    while (gpa->v - pmap->base < pmap->size) {
        if (entry_of(pmap, *gpa))
            return true;
        if (leaf_of(pmap, *gpa).v)
            gpa->v += PAGE_SIZE;
        else
            gpa->v = (gpa->v | REGION_MASK) + 1;
    }
    return false;
}

struct mpa pmap_next_attached(const struct pmap *pmap, struct gpa *gpa)
{
    for (; gpa->v - pmap->base < pmap->size; gpa->v = (gpa->v | REGION_MASK) + 1) {
        const uint8_t *leaf = pmap_leaf(pmap, SV32X4_INDEX_ROOT(gpa->v));

        for (uint32_t i = SV32_INDEX((uint32_t)gpa->v, 0); leaf && i < SV32_ENTRIES; i++) {
            struct mpa page = pmap_entry(leaf, i);

            if (!page.v)
                continue;
            gpa->v = (gpa->v & ~REGION_MASK) | (uint64_t)i << PAGE_SHIFT;
            return page;
        }
    }
    return MPA_NONE;
}

/* The first leaf from *slot on; MPA_NONE: there is none. */
static struct mpa next_leaf(const struct pmap *pmap, uint32_t *slot)
{
    uint32_t last = SV32X4_INDEX_ROOT(pmap->base + pmap->size - 1);

    for (; *slot <= last; ++*slot) {
        struct mpa leaf = entry_mpa(pmap, pmap->root, *slot);

        if (leaf.v)
            return leaf;
    }
    return MPA_NONE;
}

uint32_t pmap_tables(const struct pmap *pmap)
{
    uint32_t count = SV32X4_ROOT_PAGES;

    for (uint32_t slot = SV32X4_INDEX_ROOT(pmap->base); next_leaf(pmap, &slot).v; slot++)
        count++;
    return count;
}

/* Either all RAM is set aside, or some leaves have pages of their own (has_whole()). */
void pmap_fini(struct pmap *pmap)
{
    struct allocator *allocator = pmap->allocator;
    struct mpa whole = allocate_info(allocator, pmap->root)->link, leaf;

    for (uint32_t slot = SV32X4_INDEX_ROOT(pmap->base); (leaf = next_leaf(pmap, &slot)).v;
         slot++) {
        struct mpa home = allocate_info(allocator, leaf)->link;

        if (home.v && !whole.v)
            allocate_unreserve(allocator, pmap->owner, home, leaf_extent(pmap, slot).count);
        allocate_free(allocator, leaf);
    }
    if (whole.v)
        allocate_unreserve(allocator, pmap->owner, whole, (uint32_t)(pmap->size >> PAGE_SHIFT));
    for (uint32_t i = 0; i < SV32X4_ROOT_PAGES; i++)
        allocate_free(allocator, (struct mpa){pmap->root.v + (i << PAGE_SHIFT)});
    pmap->last = pmap->recent = MPA_NONE;
    pmap->size = 0;
}

enum pmap_result pmap_translate(struct pmap *pmap, struct gpa gpa, struct mpa *mpa)
{
    if (PZ_HOSTED && __builtin_expect(pmap->parts != NULL, 0))
        return pmap->parts->pmap_translate(pmap, gpa, mpa);
    return pmap_translate_own(pmap, gpa, mpa);
}

struct mpa pmap_lookup(const struct pmap *pmap, struct gpa gpa)
{
    if (PZ_HOSTED && __builtin_expect(pmap->parts != NULL, 0))
        return pmap->parts->pmap_lookup(pmap, gpa);
    return pmap_lookup_own(pmap, gpa);
}
