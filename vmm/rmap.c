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

static uint16_t owner_of(const struct allocator *allocator, struct mpa entry)
{
    return allocate_info(allocator, entry)->owner;
}

static bool has_lists(const struct allocator *allocator, struct mpa page)
{
    return PZ_HOSTED && allocate_info(allocator, page)->kind == PAGE_SHARED;
}

/* The head of the list of a page; of a shared page, that for a VM. */
static struct mpa *head_of(const struct allocator *allocator, struct mpa page, uint16_t owner)
{
    uint32_t hash = ((page.v >> PAGE_SHIFT) * 64 + owner) * FACTOR;
    struct mpa *heads;

    if (!has_lists(allocator, page))
        return &allocate_info(allocator, page)->mappings;
    heads = (struct mpa *)(void *)allocate_host(allocator, allocator->lists);
    return &heads[(hash ^ hash >> 16) & (allocator->list_count - 1)];
}

/* From `entry` on, the first of this VM that maps the page. */
static struct mpa pass_others(const struct allocator *allocator, struct mpa page,
                              uint16_t owner, struct mpa entry)
{
    while (entry.v) {
        uint32_t value = load_le32(allocate_host(allocator, entry));

        if (PTE_PPN(value) == page.v >> PAGE_SHIFT && owner_of(allocator, entry) == owner)
            break;
        entry = link_read(allocator, entry);
    }
    return entry;
}

struct mpa rmap_first(const struct allocator *allocator, struct mpa page, uint16_t owner)
{
    struct mpa first = *head_of(allocator, page, owner);

    return has_lists(allocator, page) ? pass_others(allocator, page, owner, first) : first;
}

struct mpa rmap_next(const struct allocator *allocator, struct mpa page, struct mpa entry)
{
    struct mpa next = link_read(allocator, entry);

    if (!has_lists(allocator, page))
        return next;
    return pass_others(allocator, page, owner_of(allocator, entry), next);
}

void rmap_add(struct allocator *allocator, struct mpa page, struct mpa entry)
{
    struct mpa *head = head_of(allocator, page, owner_of(allocator, entry));

    store_le32(link_of(allocator, entry), head->v);
    *head = entry;
}

void rmap_remove(struct allocator *allocator, struct mpa page, struct mpa entry)
{
    struct mpa *head = head_of(allocator, page, owner_of(allocator, entry));
    struct mpa next = link_read(allocator, entry), at = *head;

    if (at.v == entry.v) {
        *head = next;
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
