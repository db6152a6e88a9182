/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * page.c - the owner table: to whom each physical page is bound, and who maps it. Everybody can
 * read it, so a library sees which pages are free, and asks for one by its name.
 *
 * Invariants: a page that is FREE is mapped by nobody. A page is writable for an environment
 * only if it is USER or SAVE: tables and roots are the kernel's, and can only be read.
 */
#include "kernel.h"
#include "string.h"

enum { END = 0xffff }; /* of the list of free pages: more pages than that are not used */

struct page *pages;
static uint32_t base; /* the name of the first */
static uint32_t count;
static uint32_t first_free = END;

struct page *page_of(uint32_t name)
{
    return name - base < count ? &pages[name - base] : NULL;
}

uint32_t page_name(const struct page *p)
{
    return base + (uint32_t)(p - pages);
}

void *page_address(const struct page *p)
{
    return (char *)KERNEL_BASE + (uint32_t)(p - pages) * PAGE_SIZE;
}

static void push(struct page *p)
{
    uint32_t i = (uint32_t)(p - pages);

    p->next = (uint16_t)first_free;
    p->previous = END;
    if (first_free != END)
        pages[first_free].previous = (uint16_t)i;
    first_free = i;
    info->free_pages++;
}

static void unlink(struct page *p)
{
    if (p->next != END)
        pages[p->next].previous = p->previous;
    if (p->previous != END)
        pages[p->previous].next = p->next;
    else
        first_free = p->next;
    info->free_pages--;
}

static void describe(uint32_t first_usable)
{
    uint32_t archive = ((uint32_t)exo_archive - KERNEL_BASE) / PAGE_SIZE;
    uint32_t archive_end = ((uint32_t)exo_archive_end - KERNEL_BASE) / PAGE_SIZE;

    info->first_page = base;
    info->pages = count;
    info->archive_page = base + archive;
    info->archive_pages = archive_end - archive;
    info->owner_page = base + page_round_up((uint32_t)pages - KERNEL_BASE) / PAGE_SIZE;
    info->owner_pages = page_round_up(count * sizeof(*pages)) / PAGE_SIZE;
    info->info_page = base + ((uint32_t)info - KERNEL_BASE) / PAGE_SIZE;
    for (uint32_t i = 0; i < first_usable; i++)
        pages[i] = (struct page){.type = PAGE_KERNEL};
    for (uint32_t i = archive; i < archive_end; i++)
        pages[i].shared_rights = MAP_R | MAP_X;
    for (uint32_t i = 0; i < info->owner_pages; i++)
        page_of(info->owner_page + i)->shared_rights = MAP_R;
    page_of(info->info_page)->shared_rights = MAP_R;
    for (uint32_t i = 0; i < first_usable; i++)
        pages[i].shared_group = EVERYBODY;
}

/* The kernel's image, the info page, the owner table; behind them what there is to give. */
uint32_t page_init(uint32_t ram_end)
{
    uint32_t first;

    base = phys_base >> PAGE_SHIFT;
    count = (ram_end - phys_base) >> PAGE_SHIFT;
    count = count < END ? count : END;
    info = (struct exo_info *)(void *)image_end;
    memset(info, 0, PAGE_SIZE);
    pages = (struct page *)(void *)(image_end + PAGE_SIZE);
    first = page_round_up((uint32_t)(pages + count) - KERNEL_BASE) / PAGE_SIZE;
    if (first >= count)
        panic("not enough memory for the kernel");
    memset(pages, 0, count * sizeof(*pages));
    describe(first);
    for (uint32_t i = count; i > first; i--) {
        pages[i - 1].group = GROUPS; /* nobody's: to be cleared before anybody gets it */
        push(&pages[i - 1]);
    }
    return base + first;
}

bool page_allows(const struct page *p, uint32_t group, uint32_t rights)
{
    if ((p->type == PAGE_USER || p->type == PAGE_SAVE) && p->group == group)
        return p->type == PAGE_USER || !(rights & MAP_X);
    if ((p->type == PAGE_TABLE || p->type == PAGE_ROOT) && p->group == group)
        return rights == MAP_R;
    if (p->type != PAGE_USER && p->type != PAGE_KERNEL)
        return false;
    return (p->shared_group == EVERYBODY || p->shared_group == group) &&
           !(rights & ~(uint32_t)p->shared_rights);
}

void *page_range(uint32_t group, uint32_t name, uint32_t offset, uint32_t n, uint32_t rights)
{
    struct page *p = page_of(name);

    if (!p || offset > PAGE_SIZE || n > PAGE_SIZE - offset || !page_allows(p, group, rights))
        return NULL;
    return (char *)page_address(p) + offset;
}

struct page *page_take(uint32_t group, uint32_t want, uint32_t flags, int32_t *error)
{
    struct group_info *g = &info->group[group];
    struct page *p = want == NONE ? &pages[first_free] : page_of(want);

    *error = -ENOMEM;
    if (g->pages >= g->pages_limit || (want == NONE && first_free == END))
        return NULL;
    *error = p ? -EPERM : -EINVAL;
    if (!p || p->type != PAGE_FREE)
        return NULL;
    unlink(p);
    if (p->group != group || !(flags & PAGE_DIRTY))
        memset(page_address(p), 0, PAGE_SIZE);
    *p = (struct page){.type = PAGE_USER, .group = (uint8_t)group, .held = 1};
    g->pages++;
    return p;
}

void page_settle(struct page *p)
{
    if (p->type != PAGE_USER || p->held || p->maps || p->installs)
        return;
    info->group[p->group].pages--;
    *p = (struct page){.type = PAGE_FREE, .group = p->group};
    push(p);
}

bool page_move(struct page *p, uint32_t group)
{
    struct group_info *to = &info->group[group];

    if (p->group == group)
        return true;
    if (to->pages >= to->pages_limit)
        return false;
    info->group[p->group].pages--;
    to->pages++;
    p->group = (uint8_t)group;
    return true;
}

bool page_plain(const struct page *p, uint32_t group)
{
    return p && p->type == PAGE_USER && p->group == group && p->held && !p->installs;
}

int32_t call_page_alloc(const uint32_t *a)
{
    int32_t error;
    struct page *p = page_take(current->group, a[0], a[1], &error);

    return p ? (int32_t)page_name(p) : error;
}

static struct page *own(uint32_t name)
{
    struct page *p = page_of(name);

    return p && p->type == PAGE_USER && p->group == current->group ? p : NULL;
}

int32_t call_page_free(const uint32_t *a)
{
    struct page *p = own(a[0]);

    if (!p || !p->held)
        return -EPERM;
    p->held = 0;
    page_settle(p);
    return 0;
}

/* What the other group has mapped already stays so, until the page is taken from it. */
int32_t call_page_share(const uint32_t *a)
{
    struct page *p = own(a[0]);

    if (a[2] & ~(uint32_t)(MAP_R | MAP_W | MAP_X) || (a[1] >= GROUPS && a[1] != EVERYBODY))
        return -EINVAL;
    if (!p)
        return -EPERM;
    p->shared_group = (uint8_t)a[1];
    p->shared_rights = (uint8_t)a[2];
    return 0;
}

/* Not while it is mapped: the new owner must not have to share it unasked. */
int32_t call_page_give(const uint32_t *a)
{
    struct page *p = own(a[0]);

    if (!p || a[1] >= GROUPS || !info->group[a[1]].alive ||
        info->group[a[1]].parent != current->group)
        return -EPERM;
    if (p->maps || p->installs)
        return -EINVAL;
    p->shared_rights = 0;
    return page_move(p, a[1]) ? 0 : -ENOMEM;
}
