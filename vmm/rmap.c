/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rmap.c - for each machine page, a singly linked list of the shadow entries that map it. They
 * are short: a page is mapped once or twice in each address space that has it. A page that guests
 * share may be mapped by all of them, and each looks for its own entries only. So it has a list for
 * each VM, found by hash; entries of other pages with the same hash are passed by:
 *
 *    page record                     lists, of shared pages
 *   +----------+                    +------+
 *   | mappings |---> entry ---> 0   | head |---> entry ---> entry of another ---> 0
 *   +----------+                    +------+
 */
#include "vmm/rmap.h"

#include "isa/sv32.h"
#include "vmm/assert.h"
#include "vmm/hosted.h"

#define FACTOR 0x9e3779b1u /* odd, and without a pattern */

/* Where an entry's link is: at the same offset in the page next to its table. */
static uint8_t *link_of(const struct allocator *allocator, struct mpa entry)
{
    struct mpa links = allocate_info(allocator, entry)->link;

    return allocate_host(allocator, links) + (entry.v & PAGE_MASK);
}

static struct mpa link_read(const struct allocator *allocator, struct mpa entry)
{
    return (struct mpa){load_le32(link_of(allocator, entry))};
}

static bool has_lists(const struct allocator *allocator, struct mpa page)
{
    return PZ_HOSTED && allocate_info(allocator, page)->kind == PAGE_SHARED;
}

/* The head of the list of a shared page for a VM. */
static uint8_t *head_of(const struct allocator *allocator, struct mpa page, uint16_t owner)
{
    uint32_t hash = ((page.v >> PAGE_SHIFT) * 64 + owner) * FACTOR;

    return allocate_host(allocator, allocator->lists) +
           4 * ((hash ^ hash >> 16) & (allocator->list_count - 1));
}

static struct mpa first_of(const struct allocator *allocator, struct mpa page, uint16_t owner)
{
    if (!has_lists(allocator, page))
        return allocate_info(allocator, page)->mappings;
    return (struct mpa){load_le32(head_of(allocator, page, owner))};
}

static void set_first(struct allocator *allocator, struct mpa page, uint16_t owner,
                      struct mpa entry)
{
    if (has_lists(allocator, page))
        store_le32(head_of(allocator, page, owner), entry.v);
    else
        allocate_info(allocator, page)->mappings = entry;
}

/* From `entry` on, the first of this VM that maps the page. */
static struct mpa pass_others(const struct allocator *allocator, struct mpa page,
                              uint16_t owner, struct mpa entry)
{
    while (entry.v) {
        uint32_t value = load_le32(allocate_host(allocator, entry));

        if (PTE_PPN(value) == page.v >> PAGE_SHIFT &&
            allocate_info(allocator, entry)->owner == owner)
            break;
        entry = link_read(allocator, entry);
    }
    return entry;
}

struct mpa rmap_first(const struct allocator *allocator, struct mpa page, uint16_t owner)
{
    struct mpa first = first_of(allocator, page, owner);

    return has_lists(allocator, page) ? pass_others(allocator, page, owner, first) : first;
}

struct mpa rmap_next(const struct allocator *allocator, struct mpa page, struct mpa entry)
{
    struct mpa next = link_read(allocator, entry);

    if (!has_lists(allocator, page))
        return next;
    return pass_others(allocator, page, allocate_info(allocator, entry)->owner, next);
}

void rmap_add(struct allocator *allocator, struct mpa page, struct mpa entry)
{
    uint16_t owner = allocate_info(allocator, entry)->owner;

    store_le32(link_of(allocator, entry), first_of(allocator, page, owner).v);
    set_first(allocator, page, owner, entry);
}

void rmap_remove(struct allocator *allocator, struct mpa page, struct mpa entry)
{
    uint16_t owner = allocate_info(allocator, entry)->owner;
    struct mpa next = link_read(allocator, entry), at = first_of(allocator, page, owner);

    if (at.v == entry.v) {
        set_first(allocator, page, owner, next);
        return;
    }
    while (link_read(allocator, at).v != entry.v) {
        at = link_read(allocator, at);
        ASSERT(at.v);
    }
    store_le32(link_of(allocator, at), next.v);
}

bool rmap_init_lists(struct allocator *allocator, uint32_t pages)
{
    allocator->list_count = pages * SV32_ENTRIES;
    return allocate_pages(allocator, ALLOCATE_MONITOR, PAGE_SHARE_TABLE, pages,
                          &allocator->lists);
}

void rmap_set_kind(struct allocator *allocator, struct mpa page, uint16_t owner,
                   enum page_kind kind)
{
    struct mpa entry, kept = MPA_NONE;

    while ((entry = rmap_first(allocator, page, owner)).v) {
        rmap_remove(allocator, page, entry);
        store_le32(link_of(allocator, entry), kept.v);
        kept = entry;
    }
    allocate_info(allocator, page)->kind = (uint8_t)kind;
    for (struct mpa next; kept.v; kept = next) {
        next = link_read(allocator, kept);
        rmap_add(allocator, page, kept);
    }
}
