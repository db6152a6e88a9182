/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_allocate.c - the allocator: owners, zeroed pages, exhaustion, freeing. */
#include "tests/support/engines.h"
#include "tests/support/suite.h"
#include "vmm/allocate.h"

#define SIZE (64 * PAGE_SIZE)

static struct allocator allocator;
static uint8_t *ram;

static void begin(void)
{
    ram = ram_new(SIZE);
    ck_assert(allocate_init(&allocator, ram, 0, SIZE));
}

static struct mpa take(uint16_t owner, enum page_kind kind)
{
    struct mpa mpa;

    ck_assert(allocate_page(&allocator, owner, kind, &mpa));
    return mpa;
}

START_TEST(too_little_or_too_much_is_refused)
{
    ram = ram_new(SIZE);
    ck_assert(!allocate_init(&allocator, ram, 0, 0));
    ck_assert(!allocate_init(&allocator, ram, 0, PAGE_SIZE));
    ck_assert(!allocate_init(&allocator, ram, 0, PAGE_SIZE - 1));
    ck_assert(allocate_init(&allocator, ram, 0, 2 * PAGE_SIZE));
    ck_assert(!allocate_init(&allocator, ram, 0, (1ull << 32) + PAGE_SIZE));
    ram_free(ram, SIZE);
}
END_TEST

START_TEST(a_page_has_its_owner_and_kind)
{
    struct mpa mpa;

    begin();
    mpa = take(7, PAGE_GUEST);
    ck_assert_uint_ne(mpa.v, 0);
    ck_assert_uint_eq(mpa.v & PAGE_MASK, 0);
    ck_assert_uint_eq(allocate_info(&allocator, mpa)->owner, 7);
    ck_assert_uint_eq(allocate_info(&allocator, mpa)->kind, PAGE_GUEST);
    ck_assert_ptr_eq(allocate_host(&allocator, mpa), ram + mpa.v);
    ck_assert_uint_eq(allocate_mpa(&allocator, ram + mpa.v + 5).v, mpa.v + 5);
    ck_assert_uint_eq(allocate_info(&allocator, (struct mpa){0})->kind, PAGE_MONITOR);
    ram_free(ram, SIZE);
}
END_TEST

/* Each page is given once; the tables' own pages never. */
START_TEST(all_pages_are_given_once)
{
    uint8_t seen[64] = {0};
    uint32_t given = 0;
    struct mpa mpa;

    begin();
    while (allocate_page(&allocator, 1, PAGE_GUEST, &mpa)) {
        ck_assert_uint_lt(mpa.v, SIZE);
        ck_assert_uint_eq(seen[mpa.v >> PAGE_SHIFT], 0);
        seen[mpa.v >> PAGE_SHIFT] = 1;
        given++;
    }
    ck_assert_uint_eq(seen[0], 0);
    ck_assert_uint_eq(given, allocate_count(&allocator, 1, PAGE_KINDS));
    ck_assert_uint_eq(allocator.used, 64);
    ck_assert_uint_eq(given + allocate_count(&allocator, ALLOCATE_MONITOR, PAGE_MONITOR), 64);
    allocate_free(&allocator, mpa = (struct mpa){63u << PAGE_SHIFT});
    ck_assert_uint_eq(allocator.used, 63);
    ck_assert_uint_eq(take(2, PAGE_PMAP).v, mpa.v);
    ck_assert(!allocate_page(&allocator, 2, PAGE_GUEST, &mpa));
    ram_free(ram, SIZE);
}
END_TEST

/* Nothing of the last owner is left: not the bytes, not the record. */
START_TEST(a_page_comes_back_as_new)
{
    struct mpa first, again;
    struct page *info;

    begin();
    first = take(3, PAGE_GUEST);
    memset(allocate_host(&allocator, first), 0xa5, PAGE_SIZE);
    info = allocate_info(&allocator, first);
    info->traced = true;
    info->code = CODE_CLEAN;
    info->mappings = (struct mpa){0x5000};
    allocate_free(&allocator, first);
    ck_assert_uint_eq(allocate_count(&allocator, 3, PAGE_KINDS), 0);
    again = take(4, PAGE_GUEST);
    ck_assert_uint_eq(again.v, first.v);
    for (uint32_t i = 0; i < PAGE_SIZE; i++)
        ck_assert_uint_eq(allocate_host(&allocator, again)[i], 0);
    ck_assert(!info->traced);
    ck_assert_uint_eq(info->code, CODE_UNKNOWN);
    ck_assert_uint_eq(info->mappings.v, 0);
    ck_assert_uint_eq(info->owner, 4);
    ram_free(ram, SIZE);
}
END_TEST

/* What is set aside is as fresh as it was, unless somebody has gone back to when it was. */
START_TEST(a_page_set_aside_comes_as_new)
{
    struct mpa first, none = {0};

    begin();
    allocator.stale = true;
    ck_assert(allocate_reserve(&allocator, 3, 2, &first));
    ck_assert(!allocate_reserved(&allocator, 4, PAGE_GUEST, first));
    ck_assert(!allocate_reserved(&allocator, 3, PAGE_GUEST, none));
    memset(allocate_host(&allocator, first), 0xa5, PAGE_SIZE);
    ck_assert(allocate_reserved(&allocator, 3, PAGE_GUEST, first));
    for (uint32_t i = 0; i < PAGE_SIZE; i++)
        ck_assert_uint_eq(allocate_host(&allocator, first)[i], 0);
    ck_assert(!allocate_reserved(&allocator, 3, PAGE_GUEST, first));
    ram_free(ram, SIZE);
}
END_TEST

/* Who overwrites all of it gets it as it is; who comes next gets zeroes again. */
START_TEST(only_who_overwrites_gets_old_bytes)
{
    struct mpa mpa, again;

    begin();
    mpa = take(1, PAGE_GUEST);
    memset(allocate_host(&allocator, mpa), 0xa5, PAGE_SIZE);
    allocate_free(&allocator, mpa);
    ck_assert(allocate_unzeroed(&allocator, 2, PAGE_GUEST, &again));
    ck_assert_uint_eq(again.v, mpa.v);
    ck_assert_uint_eq(allocate_info(&allocator, mpa)->owner, 2);
    ck_assert_uint_eq(allocate_host(&allocator, mpa)[PAGE_SIZE - 1], 0xa5);
    allocate_free(&allocator, mpa);
    ck_assert_uint_eq(take(3, PAGE_GUEST).v, mpa.v);
    for (uint32_t i = 0; i < PAGE_SIZE; i++)
        ck_assert_uint_eq(allocate_host(&allocator, mpa)[i], 0);
    ram_free(ram, SIZE);
}
END_TEST

/* Neither what others have set aside, nor what is in use or has been taken, becomes free. */
START_TEST(what_is_set_aside_can_be_given_back)
{
    struct mpa first, others;

    begin();
    ck_assert(allocate_reserve(&allocator, 1, 4, &first));
    ck_assert(allocate_reserve(&allocator, 2, 2, &others));
    ck_assert(allocate_reserved(&allocator, 1, PAGE_GUEST, first));
    allocate_unreserve(&allocator, 1, first, 6);
    ck_assert_uint_eq(allocator.reserved, 2);
    ck_assert_uint_eq(allocate_count(&allocator, 1, PAGE_RESERVED), 0);
    ck_assert_uint_eq(allocate_count(&allocator, 1, PAGE_GUEST), 1);
    ck_assert_uint_eq(allocate_count(&allocator, 2, PAGE_RESERVED), 2);
    ck_assert_uint_eq(take(3, PAGE_GUEST).v, first.v + 3 * PAGE_SIZE);
    ram_free(ram, SIZE);
}
END_TEST

START_TEST(reclaiming_takes_one_owners_pages)
{
    uint32_t used, census[PAGE_KINDS + 1];

    begin();
    used = allocator.used;
    for (int i = 0; i < 10; i++) {
        (void)take(1, PAGE_GUEST);
        (void)take(2, i & 1 ? PAGE_GUEST : PAGE_SHADOW_LEAF);
    }
    ck_assert_uint_eq(allocate_count(&allocator, 2, PAGE_GUEST), 5);
    ck_assert_uint_eq(allocate_count(&allocator, 2, PAGE_SHADOW_LEAF), 5);
    ck_assert_uint_eq(allocate_count(&allocator, 2, PAGE_PMAP), 0);
    allocate_census(&allocator, 2, census);
    for (int kind = 0; kind <= PAGE_KINDS; kind++)
        ck_assert_uint_eq(census[kind], allocate_count(&allocator, 2, (enum page_kind)kind));
    allocate_reclaim(&allocator, 2);
    ck_assert_uint_eq(allocate_count(&allocator, 2, PAGE_KINDS), 0);
    ck_assert_uint_eq(allocate_count(&allocator, 1, PAGE_KINDS), 10);
    ck_assert_uint_eq(allocator.used, used + 10);
    allocate_reclaim(&allocator, ALLOCATE_MONITOR); /* its tables are not to be had */
    ck_assert_uint_eq(allocator.used, used + 10);
    ram_free(ram, SIZE);
}
END_TEST

static uint32_t first_ready,
    end_ready; /* pages that the host has made ready, of those asked for */

static void note_prepared(uint8_t *bytes, uint64_t size)
{
    ck_assert(bytes >= ram && bytes + size <= ram + SIZE);
    first_ready = (uint32_t)((bytes - ram) / PAGE_SIZE);
    end_ready = first_ready + (uint32_t)(size / PAGE_SIZE);
}

/*
 * Some at once, but no more than there were before in a row, and none beyond the end of memory.
 * Pages that come again need no preparing.
 */
START_TEST(pages_are_made_ready_before_they_are_given)
{
    struct mpa mpa;

    begin();
    allocator.prepare = note_prepared;
    for (unsigned i = 0; i < 16; i++) {
        (void)take(1, PAGE_GUEST);
        ck_assert(allocate_reserve(&allocator, 1, 1, &mpa));
    }
    ck_assert_uint_eq(end_ready, 0);
    for (unsigned i = 0; i < 8; i++)
        mpa = take(1, PAGE_GUEST);
    ck_assert_uint_lt(mpa.v / PAGE_SIZE, end_ready);
    ck_assert_uint_le(end_ready, mpa.v / PAGE_SIZE + 8);
    while (allocator.fresh < allocator.count)
        mpa = take(1, PAGE_GUEST);
    ck_assert_uint_eq(end_ready, 64);
    end_ready = 0;
    allocate_free(&allocator, mpa);
    (void)take(2, PAGE_GUEST);
    ck_assert_uint_eq(end_ready, 0);
    ram_free(ram, SIZE);
}
END_TEST

SUITE_MAIN("allocate", too_little_or_too_much_is_refused, a_page_has_its_owner_and_kind,
           all_pages_are_given_once, a_page_comes_back_as_new, a_page_set_aside_comes_as_new,
           only_who_overwrites_gets_old_bytes, what_is_set_aside_can_be_given_back,
           reclaiming_takes_one_owners_pages, pages_are_made_ready_before_they_are_given)
