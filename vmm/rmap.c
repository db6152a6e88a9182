/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rmap.c - for each machine page, a ring of the shadow entries that map it, accessed through the
 * newest entry. A kernel's page is mapped in each address space. To remove an entry, its
 * predecessor is searched from the oldest entry on; the oldest spaces go first, so it is near. A
 * shared page may be mapped by several guests, each of which needs only its own entries. So it has
 * a ring for each VM, found by hash; entries of other pages with the same hash are skipped:
 *
 *    page record     +-----------------------------+   lists, of shared pages
 *   +----------+     v                             |   +------+
 *   | mappings |---> newest ---> oldest ---> ... --+   | head |---> ...
 *   +----------+                                       +------+
 */
#include "vmm/rmap.h"

#include "isa/sv32.h"
#include "vmm/assert.h"
#include "vmm/hosted.h"

#define FACTOR 0x9e3779b1u /* the golden ratio: its multiples are far from each other */

/* An entry's link: at the same offset in the page of links of its table. */
static uint8_t *link_of(const struct allocator *allocator, struct mpa entry)
{
    struct mpa links = allocate_info(allocator, entry)->link;

    return allocate_host(allocator, links) + (entry.v & PAGE_MASK);
}

static struct mpa link_read(const struct allocator *allocator, struct mpa entry)
{
    return (struct mpa){load_le32(link_of(allocator, entry))};
}

/* Used only for shared pages. */
static uint16_t owner_of(const struct allocator *allocator, struct mpa entry)
{
    return PZ_HOSTED ? allocate_info(allocator, entry)->owner : ALLOCATE_MONITOR;
}

static bool has_lists(const struct allocator *allocator, struct mpa page)
{
    return PZ_HOSTED && allocate_info(allocator, page)->kind == PAGE_SHARED;
}

/*
 * The index of the list of a shared page's entries for a VM. The lists of one VM are adjacent, as
 * its pages are, so that they are in the host's caches together; those of two VMs lie apart.
 */
static uint32_t place_of(const struct allocator *allocator, struct mpa page, uint16_t owner)
{
    uint64_t part = owner * FACTOR; /* of all lists, in units of 2^-32 */
    uint32_t first = (uint32_t)(part * allocator->list_count >> 32);

    return (first + (page.v >> PAGE_SHIFT)) & (allocator->list_count - 1);
}

/*
 * The place of the pointer to the newest entry of a page's ring; for a shared page, of the VM's
 * ring.
 */
static struct mpa *newest_of(const struct allocator *allocator, struct mpa page, uint16_t owner)
{
    struct mpa *heads;

    if (!has_lists(allocator, page))
        return &allocate_info(allocator, page)->mappings;
    heads = (struct mpa *)(void *)allocate_host(allocator, allocator->lists);
    return &heads[place_of(allocator, page, owner)];
}

static bool is_wanted(const struct allocator *allocator, struct mpa page, uint16_t owner,
                      struct mpa entry)
{
    uint32_t value = load_le32(allocate_host(allocator, entry));

    return PTE_PPN(value) == page.v >> PAGE_SHIFT && owner_of(allocator, entry) == owner;
}

/* The VM's first entry after `entry` that maps the page. */
static struct mpa next_of(const struct allocator *allocator, struct mpa page, uint16_t owner,
                          struct mpa newest, struct mpa entry)
{
    if (!has_lists(allocator, page))
        return link_read(allocator, entry);
    do
        entry = link_read(allocator, entry);
    while (entry.v != newest.v && !is_wanted(allocator, page, owner, entry));
    return is_wanted(allocator, page, owner, entry) ? entry : MPA_NONE;
}

struct mpa rmap_first(const struct allocator *allocator, struct mpa page, uint16_t owner)
{
    struct mpa newest = *newest_of(allocator, page, owner);

    return newest.v ? next_of(allocator, page, owner, newest, newest) : MPA_NONE;
}

struct mpa rmap_next(const struct allocator *allocator, struct mpa page, struct mpa entry)
{
    uint16_t owner = owner_of(allocator, entry);
    struct mpa newest = *newest_of(allocator, page, owner);

    return entry.v == newest.v ? MPA_NONE : next_of(allocator, page, owner, newest, entry);
}

void rmap_add(struct allocator *allocator, struct mpa page, struct mpa entry)
{
    struct mpa *newest = newest_of(allocator, page, owner_of(allocator, entry));
    struct mpa oldest = newest->v ? link_read(allocator, *newest) : entry;

    store_le32(link_of(allocator, entry), oldest.v);
    if (newest->v)
        store_le32(link_of(allocator, *newest), entry.v);
    *newest = entry;
}

/* The predecessor of an entry in its ring: itself, if it is alone. */
static struct mpa before(const struct allocator *allocator, struct mpa newest, struct mpa entry)
{
    struct mpa at = newest, next;

    while ((next = link_read(allocator, at)).v != entry.v) {
        at = next;
        ASSERT(at.v != newest.v);
    }
    return at;
}

void rmap_remove(struct allocator *allocator, struct mpa page, struct mpa entry)
{
    struct mpa *newest = newest_of(allocator, page, owner_of(allocator, entry));
    struct mpa at = before(allocator, *newest, entry);

    store_le32(link_of(allocator, at), link_read(allocator, entry).v);
    if (newest->v == entry.v)
        *newest = at.v == entry.v ? MPA_NONE : at;
}

bool rmap_init_lists(struct allocator *allocator, uint32_t pages)
{
    allocator->list_count = pages * SV32_ENTRIES;
    return allocate_pages(allocator, ALLOCATE_MONITOR, PAGE_SHARE_TABLE, pages,
                          &allocator->lists);
}

/* Empties a ring, keeping the order of its entries: returns the first; 0 follows the last. */
static struct mpa take_all(struct allocator *allocator, struct mpa page, uint16_t owner)
{
    struct mpa entry, first = MPA_NONE, last = MPA_NONE;

    while ((entry = rmap_first(allocator, page, owner)).v) {
        rmap_remove(allocator, page, entry);
        store_le32(link_of(allocator, entry), 0);
        if (last.v)
            store_le32(link_of(allocator, last), entry.v);
        else
            first = entry;
        last = entry;
    }
    return first;
}

void rmap_set_kind(struct allocator *allocator, struct mpa page, uint16_t owner,
                   enum page_kind kind)
{
    struct mpa entry = take_all(allocator, page, owner), next;

    allocate_info(allocator, page)->kind = (uint8_t)kind;
    for (; entry.v; entry = next) {
        next = link_read(allocator, entry);
        rmap_add(allocator, page, entry);
    }
}
