/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every page that leaves is written. */
#include "paging.h"

struct frame {
    uint32_t name, page;
    bool used, dirty;
};

static struct frame frames[FRAMES];
static bool on_disk[PAGES];
static uint32_t next;

static uint32_t address_of(uint32_t page)
{
    return WINDOW + page * PAGE;
}

static struct frame *find(uint32_t page)
{
    for (struct frame *f = frames; f < frames + FRAMES; f++)
        if (f->used && f->page == page)
            return f;
    return NULL;
}

static struct frame *unused(void)
{
    struct frame *f = frames;

    while (f < frames + FRAMES && f->used)
        f++;
    return f < frames + FRAMES ? f : NULL;
}

/* It is mapped nowhere else, so that it is free then. */
static void evict(struct frame *f)
{
    exo_disk_transfer(paging_block(f->page), f->name, 1);
    on_disk[f->page] = true;
    exo_map(SELF, address_of(f->page), NONE, 0);
    f->used = false;
}

static void evict_next(void)
{
    while (!frames[next % FRAMES].used)
        next++;
    evict(&frames[next++ % FRAMES]);
}

static struct frame *take(uint32_t page)
{
    struct frame *f;
    int32_t name = unused() ? exo_page_alloc(NONE, 0) : -1;

    if (name < 0) {
        evict_next();
        name = exo_page_alloc(NONE, 0);
    }
    f = unused();
    *f = (struct frame){.name = (uint32_t)name, .page = page, .used = true};
    if (on_disk[page])
        exo_disk_transfer(paging_block(page), f->name, 0);
    return f;
}

void pager_fault(uint32_t address, bool write)
{
    uint32_t page = (address - WINDOW) / PAGE;
    struct frame *f = find(page);

    if (!f)
        f = take(page);
    f->dirty |= write;
    exo_map(SELF, address, f->name, MAP_R | MAP_A | (f->dirty ? MAP_W | MAP_D : 0));
}

void pager_give_back(uint32_t count)
{
    for (; count > 0; count--)
        evict_next();
}
