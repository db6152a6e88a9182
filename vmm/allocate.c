/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * allocate.c - machine pages. A single page comes from the freed pages first, then from fresh ones
 * in order, then from pages set aside; a block comes from fresh pages first. Each page is zeroed
 * when allocated, unless the caller overwrites all of it, and marked with its owner until freed.
 */
#include "vmm/allocate.h"

#include "vmm/assert.h"
#include "vmm/hosted.h"

#define MACHINE_MOST (1ull << 32)

static struct mpa page_mpa(const struct allocator *allocator, uint32_t number)
{
    return (struct mpa){allocator->base + (number << PAGE_SHIFT)};
}

uint64_t allocate_tables_size(uint64_t size)
{
    uint64_t count = size >> PAGE_SHIFT;

    return (count * sizeof(struct page) + PAGE_MASK) & ~(uint64_t)PAGE_MASK;
}

bool allocate_init(struct allocator *allocator, uint8_t *ram, uint64_t base, uint64_t size)
{
    uint64_t count = size >> PAGE_SHIFT;
    uint64_t tables = allocate_tables_size(size) >> PAGE_SHIFT;

    if (base + size > MACHINE_MOST || tables >= count)
        return false;
    *allocator = (struct allocator){
        .ram = ram,
        .base = (uint32_t)base,
        .count = (uint32_t)count,
        .fresh = (uint32_t)tables,
        .used = (uint32_t)tables,
        .pages = (struct page *)(void *)ram,
    };
    for (uint32_t i = 0; i < tables; i++)
        allocator->pages[i].kind = PAGE_MONITOR;
    return true;
}

static void put_free(struct allocator *allocator, struct mpa mpa)
{
    *allocate_info(allocator, mpa) =
        (struct page){.kind = PAGE_FREE, .next_shadow = allocator->free};
    allocator->free = (struct mpa){mpa.v & ~PAGE_MASK};
}

static struct mpa take_free(struct allocator *allocator)
{
    struct mpa mpa = allocator->free;

    allocator->free = allocate_info(allocator, mpa)->next_shadow;
    return mpa;
}

/* Takes a page that was set aside for another owner. */
static struct mpa take_reserved(struct allocator *allocator)
{
    while (allocator->pages[allocator->steal].kind != PAGE_RESERVED)
        allocator->steal++;
    allocator->reserved--;
    return page_mpa(allocator, allocator->steal);
}

#define PREPARED_LEAST 4u
#define PREPARED_MOST 32u /* pages: more waste memory, and gain nothing */

/* Prepares as many pages as were allocated in a row; the next block set aside begins after them. */
static void prepare(struct allocator *allocator)
{
    uint32_t left = allocator->count - allocator->fresh;
    uint32_t count = allocator->in_a_row < PREPARED_MOST ? allocator->in_a_row : PREPARED_MOST;

    count = count < left ? count : left;
    allocator->in_a_row++;
    if (!allocator->prepare || allocator->fresh < allocator->prepared || count < PREPARED_LEAST)
        return;
    allocator->prepare(allocator->ram + ((uint64_t)allocator->fresh << PAGE_SHIFT),
                       (uint64_t)count << PAGE_SHIFT);
    allocator->prepared = allocator->fresh + count;
}

static struct mpa take_next(struct allocator *allocator)
{
    struct mpa mpa = page_mpa(allocator, allocator->fresh);

    if (PZ_HOSTED)
        prepare(allocator);
    allocator->fresh++;
    return mpa;
}

static bool reclaim(struct allocator *allocator)
{
    return allocator->reclaim && allocator->reclaim(allocator->reclaim_owner);
}

/* `*zero`: the page is known to be zero. */
static bool take(struct allocator *allocator, struct mpa *mpa, bool *zero)
{
    bool none =
        !allocator->free.v && allocator->fresh == allocator->count && !allocator->reserved;

    if (none && !reclaim(allocator))
        return false;
    *zero = !allocator->free.v && allocator->fresh < allocator->count && !allocator->dirty;
    if (allocator->free.v)
        *mpa = take_free(allocator);
    else if (allocator->fresh < allocator->count)
        *mpa = take_next(allocator);
    else
        *mpa = take_reserved(allocator);
    return true;
}

static void give(struct allocator *allocator, uint16_t owner, enum page_kind kind,
                 struct mpa mpa)
{
    *allocate_info(allocator, mpa) = (struct page){.owner = owner, .kind = (uint8_t)kind};
    allocator->used++;
}

bool allocate_page(struct allocator *allocator, uint16_t owner, enum page_kind kind,
                   struct mpa *mpa)
{
    bool zero;

    if (!take(allocator, mpa, &zero))
        return false;
    if (!zero)
        memset(allocate_host(allocator, *mpa), 0, PAGE_SIZE);
    give(allocator, owner, kind, *mpa);
    return true;
}

bool allocate_unzeroed(struct allocator *allocator, uint16_t owner, enum page_kind kind,
                       struct mpa *mpa)
{
    bool zero;

    if (!take(allocator, mpa, &zero))
        return false;
    give(allocator, owner, kind, *mpa);
    return true;
}

/* From fresh pages; those skipped for alignment to `count` become free. */
static bool take_fresh(struct allocator *allocator, uint32_t count, uint32_t *first)
{
    uint32_t from = allocator->fresh, at = (from + count - 1) & ~(count - 1);

    if (at > allocator->count || count > allocator->count - at)
        return false;
    for (uint32_t skipped = at; skipped-- > from;)
        put_free(allocator, page_mpa(allocator, skipped));
    if (allocator->dirty)
        memset(allocate_host(allocator, page_mpa(allocator, at)), 0, count * PAGE_SIZE);
    allocator->fresh = at + count;
    *first = at;
    return true;
}

static void unlink_free(struct allocator *allocator, struct mpa mpa)
{
    struct mpa *at = &allocator->free;

    while (at->v != mpa.v)
        at = &allocate_info(allocator, *at)->next_shadow;
    *at = allocate_info(allocator, mpa)->next_shadow;
}

static bool are_free(const struct allocator *allocator, uint32_t first, uint32_t count)
{
    for (uint32_t i = first; i < first + count; i++)
        if (allocator->pages[i].kind > PAGE_RESERVED)
            return false;
    return true;
}

/* From pages that were freed or set aside. Rarely needed, so a linear search will do. */
static bool take_used(struct allocator *allocator, uint32_t count, uint32_t *first)
{
    *first = 0;
    while (*first + count <= allocator->fresh && !are_free(allocator, *first, count))
        *first += count;
    if (*first + count > allocator->fresh)
        return false;
    for (uint32_t i = *first; i < *first + count; i++) {
        if (allocator->pages[i].kind == PAGE_FREE)
            unlink_free(allocator, page_mpa(allocator, i));
        else
            allocator->reserved--;
        memset(allocate_host(allocator, page_mpa(allocator, i)), 0, PAGE_SIZE);
    }
    return true;
}

bool allocate_pages(struct allocator *allocator, uint16_t owner, enum page_kind kind,
                    uint32_t count, struct mpa *first)
{
    uint32_t at;

    while (!take_fresh(allocator, count, &at) && !take_used(allocator, count, &at))
        if (!reclaim(allocator))
            return false;
    for (uint32_t i = at; i < at + count; i++)
        give(allocator, owner, kind, page_mpa(allocator, i));
    *first = page_mpa(allocator, at);
    return true;
}

bool allocate_fresh(struct allocator *allocator, uint16_t owner, enum page_kind kind,
                    uint32_t count, struct mpa *first)
{
    if (count > allocator->count - allocator->fresh)
        return false;
    *first = page_mpa(allocator, allocator->fresh);
    for (uint32_t i = 0; i < count; i++)
        give(allocator, owner, kind, page_mpa(allocator, allocator->fresh + i));
    allocator->fresh += count;
    return true;
}

bool allocate_reserve(struct allocator *allocator, uint16_t owner, uint32_t count,
                      struct mpa *first)
{
    if (count > allocator->count - allocator->fresh)
        return false;
    *first = page_mpa(allocator, allocator->fresh);
    for (uint32_t i = 0; i < count; i++)
        allocator->pages[allocator->fresh + i] =
            (struct page){.owner = owner, .kind = PAGE_RESERVED};
    if (!allocator->reserved || allocator->fresh < allocator->steal)
        allocator->steal = allocator->fresh;
    allocator->fresh += count;
    if (PZ_HOSTED)
        allocator->in_a_row = 0;
    allocator->reserved += count;
    return true;
}

bool allocate_reserved(struct allocator *allocator, uint16_t owner, enum page_kind kind,
                       struct mpa mpa)
{
    const struct page *page = allocate_info(allocator, mpa);

    if (page->kind != PAGE_RESERVED || page->owner != owner)
        return false;
    allocator->reserved--;
    if (!PZ_HOSTED || allocator->dirty || allocator->stale)
        memset(allocate_host(allocator, mpa), 0, PAGE_SIZE);
    give(allocator, owner, kind, mpa);
    return true;
}

void allocate_unreserve(struct allocator *allocator, uint16_t owner, struct mpa first,
                        uint32_t count)
{
    struct page *page = allocate_info(allocator, first);

    for (uint32_t i = 0; i < count; i++)
        if (page[i].kind == PAGE_RESERVED && page[i].owner == owner) {
            allocator->reserved--;
            put_free(allocator, (struct mpa){first.v + (i << PAGE_SHIFT)});
        }
}

void allocate_free(struct allocator *allocator, struct mpa mpa)
{
    ASSERT(allocate_info(allocator, mpa)->kind > PAGE_MONITOR);
    put_free(allocator, mpa);
    allocator->used--;
}

void allocate_reclaim(struct allocator *allocator, uint16_t owner)
{
    for (uint32_t i = 0; i < allocator->fresh; i++) {
        const struct page *page = &allocator->pages[i];

        if (page->owner != owner || page->kind == PAGE_FREE || page->kind == PAGE_MONITOR)
            continue;
        if (page->kind == PAGE_RESERVED)
            allocator->reserved--;
        else
            allocator->used--;
        put_free(allocator, page_mpa(allocator, i));
    }
}

uint32_t allocate_count(const struct allocator *allocator, uint16_t owner, enum page_kind kind)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < allocator->fresh; i++) {
        const struct page *page = &allocator->pages[i];
        bool counts = kind == PAGE_KINDS ? page->kind > PAGE_RESERVED : page->kind == kind;

        count += counts && page->owner == owner;
    }
    return count;
}

void allocate_census(const struct allocator *allocator, uint16_t owner,
                     uint32_t count[PAGE_KINDS + 1])
{
    memset(count, 0, (PAGE_KINDS + 1) * sizeof count[0]);
    for (uint32_t i = 0; i < allocator->fresh; i++) {
        const struct page *page = &allocator->pages[i];

        if (page->owner != owner)
            continue;
        count[page->kind]++;
        count[PAGE_KINDS] += page->kind > PAGE_RESERVED;
    }
}

struct page *allocate_info(const struct allocator *allocator, struct mpa mpa)
{
    uint32_t number = (mpa.v - allocator->base) >> PAGE_SHIFT;

    ASSERT(number < allocator->count);
    return &allocator->pages[number];
}

uint8_t *allocate_host(const struct allocator *allocator, struct mpa mpa)
{
    return allocator->ram + (mpa.v - allocator->base);
}

struct mpa allocate_mpa(const struct allocator *allocator, const uint8_t *host)
{
    return (struct mpa){allocator->base + (uint32_t)(host - allocator->ram)};
}
