/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * page.c - the physical page allocator. Pages never used yet are a range [fresh, end) that
 * shrinks from below, and used ones that came back form a list through their first word. So a
 * page that nobody needs is never touched, and start-up takes almost the same time whatever the
 * size of memory.
 */
#include "page.h"

#include <stddef.h>

#include "memlayout.h"
#include "panic.h"
#include "spin.h"
#include "string.h"

struct free_page {
    struct free_page *next;
};

static struct spinlock lock = SPINLOCK(LOCK_PAGE);

static struct {
    uint16_t *holders; /* one count for each page, from KERNEL_BASE up */
    char *first;       /* the first page we may give out */
    char *fresh, *end;
    struct free_page *freed;
    uint32_t free;
    uint32_t lent; /* and not in use by us */
    uint32_t held;
} pages;

static uint32_t page_index(const void *page)
{
    return ((uint32_t)page - KERNEL_BASE) / PAGE_SIZE;
}

static void check_page(const void *page)
{
    if ((char *)page < pages.first || (char *)page >= pages.end || (uint32_t)page % PAGE_SIZE)
        panic("%x is not a page", (uint32_t)page);
    if (pages.holders[page_index(page)] == 0)
        panic("page %x is already free", (uint32_t)page);
}

void page_init(uint32_t ram_end)
{
    uint32_t size = (ram_end - phys_base) / PAGE_SIZE * sizeof(*pages.holders);

    pages.holders = (uint16_t *)(void *)image_end;
    pages.first = image_end + page_round_up(size);
    pages.fresh = pages.first;
    pages.end = phys_to_virt(page_round_down(ram_end));
    if (pages.first >= pages.end)
        panic("not enough memory for the kernel");
    memset(pages.holders, 0, size);
    pages.free = page_total();
}

static uint32_t available(void)
{
    return pages.free + pages.lent - pages.held;
}

/* There is one. */
static void *take_free(void)
{
    void *page = pages.freed;

    if (page) {
        pages.freed = pages.freed->next;
    } else {
        page = pages.fresh;
        pages.fresh += PAGE_SIZE;
    }
    pages.free--;
    pages.holders[page_index(page)] = 1;
    return page;
}

static void *take(void)
{
    return pages.free && available() ? take_free() : NULL;
}

void *page_alloc_free(void)
{
    void *page;

    spin_lock(&lock);
    page = take();
    spin_unlock(&lock);
    return page;
}

static bool (*relieve)(void);

void page_on_shortage(bool (*who)(void))
{
    relieve = who;
}

void *page_alloc(void)
{
    void *page = page_alloc_free();

    while (!page && relieve && page_available() && relieve())
        page = page_alloc_free();
    return page;
}

void *page_alloc_zeroed(void)
{
    void *page = page_alloc();

    return page ? memset(page, 0, PAGE_SIZE) : NULL;
}

/* Holders are at most one per process: 16 bits suffice. */
void page_share(void *page)
{
    spin_lock(&lock);
    check_page(page);
    pages.holders[page_index(page)]++;
    spin_unlock(&lock);
}

static void give_back(void *page)
{
    struct free_page *freed = page;

    check_page(page);
    if (--pages.holders[page_index(page)] > 0)
        return;
    freed->next = pages.freed;
    pages.freed = freed;
    pages.free++;
}

void page_free(void *page)
{
    spin_lock(&lock);
    give_back(page);
    spin_unlock(&lock);
}

void *page_lend(uint32_t least)
{
    void *page = NULL;

    spin_lock(&lock);
    if (pages.free > least) {
        page = take_free();
        pages.lent++;
    }
    spin_unlock(&lock);
    return page;
}

void page_return(void *page)
{
    spin_lock(&lock);
    pages.lent--;
    give_back(page);
    spin_unlock(&lock);
}

/* False stays so: only a holder shares. But others may give theirs back at any time. */
bool page_is_shared(const void *page)
{
    bool shared;

    spin_lock(&lock);
    check_page(page);
    shared = pages.holders[page_index(page)] > 1;
    spin_unlock(&lock);
    return shared;
}

uint32_t page_available(void)
{
    uint32_t n;

    spin_lock(&lock);
    n = available();
    spin_unlock(&lock);
    return n;
}

uint32_t page_total(void)
{
    return (uint32_t)(pages.end - pages.first) / PAGE_SIZE;
}

bool page_hold(uint32_t n)
{
    bool enough;

    spin_lock(&lock);
    enough = n <= available();
    if (enough)
        pages.held += n;
    spin_unlock(&lock);
    return enough;
}

void page_unhold(uint32_t n)
{
    spin_lock(&lock);
    pages.held -= n;
    spin_unlock(&lock);
}
