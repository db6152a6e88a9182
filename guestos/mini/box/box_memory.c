/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * box_memory.c - whose each page is: of the box whose process asked for it, until the last holder
 * gives it back. A box has no more than its limit; to its processes memory is then out. Page
 * tables, kernel stacks, pipes and the files' pages are counted like the programs' own.
 */
#include "../kernel/memlayout.h"
#include "../kernel/page.h"
#include "../kernel/panic.h"
#include "box.h"
#include "string.h"

/* Of a page: the box's number, and how many hold it. A table is a page: 8 MiB. */
struct owner {
    uint8_t box, holders;
};

enum { PER_TABLE = PAGE_SIZE / sizeof(struct owner), MAX_TABLES = 128 };

static struct spinlock lock = SPINLOCK(LOCK_COUNTS);
static struct owner *owners[MAX_TABLES];

void WRAP(page_init)(uint32_t ram_end);
void REAL(page_init)(uint32_t ram_end);
void *WRAP(page_alloc)(void);
void *REAL(page_alloc)(void);
void *WRAP(page_alloc_zeroed)(void);
void WRAP(page_free)(void *page);
void REAL(page_free)(void *page);
void WRAP(page_share)(void *page);
void REAL(page_share)(void *page);
uint32_t WRAP(page_available)(void);
uint32_t REAL(page_available)(void);
uint32_t WRAP(page_total)(void);
uint32_t REAL(page_total)(void);
bool WRAP(page_hold)(uint32_t n);
bool REAL(page_hold)(uint32_t n);
void WRAP(page_unhold)(uint32_t n);
void REAL(page_unhold)(uint32_t n);

void WRAP(page_init)(uint32_t ram_end)
{
    uint32_t pages = (ram_end - phys_base) / PAGE_SIZE;

    REAL(page_init)(ram_end);
    for (uint32_t i = 0; i * PER_TABLE < pages; i++) {
        owners[i] = REAL(page_alloc)();
        if (!owners[i])
            panic("not enough memory for the boxes");
        memset(owners[i], 0, PAGE_SIZE);
    }
}

static struct owner *owner_of(const void *page)
{
    uint32_t index = ((uint32_t)page - KERNEL_BASE) / PAGE_SIZE;

    return &owners[index / PER_TABLE][index % PER_TABLE];
}

/* False: that would be more than its limit. */
static bool charge(struct box *b, uint32_t n)
{
    bool good;

    if (!b)
        return true;
    spin_lock(&lock);
    good = n <= b->config.pages - b->pages;
    if (good)
        b->pages += n;
    else
        b->refused++;
    if (b->pages > b->most_pages)
        b->most_pages = b->pages;
    spin_unlock(&lock);
    return good;
}

static void refund(struct box *b, uint32_t n)
{
    if (!b)
        return;
    spin_lock(&lock);
    b->pages -= n;
    spin_unlock(&lock);
}

void box_count_refusal(struct box *b)
{
    spin_lock(&lock);
    b->refused++;
    spin_unlock(&lock);
}

static void *take(struct box *b)
{
    void *page;

    if (!charge(b, 1))
        return NULL;
    page = REAL(page_alloc)();
    if (page)
        *owner_of(page) = (struct owner){(uint8_t)(b ? b - boxes : 0), 1};
    else
        refund(b, 1);
    return page;
}

void *box_memory_take(struct box *b)
{
    void *page = take(b);

    return page ? memset(page, 0, PAGE_SIZE) : NULL;
}

void *WRAP(page_alloc)(void)
{
    return take(box_current());
}

void *WRAP(page_alloc_zeroed)(void)
{
    return box_memory_take(box_current());
}

void WRAP(page_share)(void *page)
{
    spin_lock(&lock);
    owner_of(page)->holders++;
    spin_unlock(&lock);
    REAL(page_share)(page);
}

/* First ours: as soon as it is free it may be another's. */
void WRAP(page_free)(void *page)
{
    struct owner *o = owner_of(page);

    spin_lock(&lock);
    if (--o->holders == 0 && o->box) {
        boxes[o->box].pages--;
        o->box = 0;
    }
    spin_unlock(&lock);
    REAL(page_free)(page);
}

uint32_t WRAP(page_available)(void)
{
    const struct box *b = box_current();
    uint32_t free = REAL(page_available)();
    uint32_t left = b ? b->config.pages - b->pages : free;

    return left < free ? left : free;
}

uint32_t WRAP(page_total)(void)
{
    const struct box *b = box_current();

    return b ? b->config.pages : REAL(page_total)();
}

/* What a process withholds counts as its own: it cannot take from others what it may not have. */
bool WRAP(page_hold)(uint32_t n)
{
    if (!charge(box_current(), n))
        return false;
    if (REAL(page_hold)(n))
        return true;
    refund(box_current(), n);
    return false;
}

void WRAP(page_unhold)(uint32_t n)
{
    REAL(page_unhold)(n);
    refund(box_current(), n);
}
