/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_rmap.c - the reverse map, compared with a model: entries of several VMs, of pages of guests
 * and of pages that they share, some of which have their lists at one head.
 */
#include "isa/sv32.h"
#include "tests/support/engines.h"
#include "tests/support/loops.h"
#include "tests/support/random.h"
#include "vmm/rmap.h"

#define SIZE (64 * PAGE_SIZE)
#define VMS 5u
#define TARGETS 6u
#define ENTRIES 64u
#define NOTHING UINT32_MAX

static struct allocator allocator;
static uint8_t *ram;
static struct mpa leaf[VMS], target[TARGETS];
static uint32_t maps[VMS][ENTRIES]; /* the model: which target each entry maps */
static uint16_t owner[TARGETS];     /* of one that is not shared */

static struct mpa take(uint16_t id, enum page_kind kind)
{
    struct mpa mpa;

    ck_assert(allocate_page(&allocator, id, kind, &mpa));
    return mpa;
}

static void begin(uint32_t heads)
{
    ram = ram_new(SIZE);
    ck_assert(allocate_init(&allocator, ram, 0, SIZE));
    ck_assert(rmap_init_lists(&allocator, 1));
    allocator.list_count = heads;
    for (uint16_t vm = 0; vm < VMS; vm++) {
        leaf[vm] = take(vm + 1, PAGE_SHADOW_LEAF);
        allocate_info(&allocator, leaf[vm])->link = take(vm + 1, PAGE_SHADOW_LINK);
    }
    for (unsigned i = 0; i < TARGETS; i++) {
        owner[i] = (uint16_t)(1 + i % VMS);
        target[i] = take(owner[i], PAGE_GUEST);
    }
    memset(maps, 0xff, sizeof maps);
}

static struct mpa entry_at(unsigned vm, unsigned index)
{
    return (struct mpa){leaf[vm].v + 4 * index};
}

static bool is_shared(unsigned i)
{
    return allocate_info(&allocator, target[i])->kind == PAGE_SHARED;
}

static void unmap(unsigned vm, unsigned index)
{
    struct mpa entry = entry_at(vm, index);

    rmap_remove(&allocator, target[maps[vm][index]], entry);
    store_le32(allocate_host(&allocator, entry), 0);
    maps[vm][index] = NOTHING;
}

static void map(unsigned vm, unsigned index, unsigned i)
{
    struct mpa entry = entry_at(vm, index);

    rmap_add(&allocator, target[i], entry);
    store_le32(allocate_host(&allocator, entry),
               PTE_MAKE(target[i].v >> PAGE_SHIFT, PTE_V | PTE_R));
    maps[vm][index] = i;
}

/* Nobody but one VM may have it, before it is that one's own. */
static void turn(unsigned i)
{
    bool shared = is_shared(i);

    for (unsigned vm = 0; shared && vm < VMS; vm++)
        for (unsigned k = 0; vm + 1 != owner[i] && k < ENTRIES; k++)
            if (maps[vm][k] == i)
                unmap(vm, k);
    rmap_set_kind(&allocator, target[i], owner[i], shared ? PAGE_GUEST : PAGE_SHARED);
}

/* Each VM finds each of its entries once, and no other. */
static void check(unsigned vm, unsigned i)
{
    struct mpa entry = rmap_first(&allocator, target[i], (uint16_t)(vm + 1));
    unsigned expected = 0, found = 0;

    for (unsigned k = 0; k < ENTRIES; k++)
        expected += maps[vm][k] == i;
    for (; entry.v && found <= ENTRIES; entry = rmap_next(&allocator, target[i], entry)) {
        ck_assert_uint_eq(entry.v & ~PAGE_MASK, leaf[vm].v);
        ck_assert_uint_eq(maps[vm][(entry.v & PAGE_MASK) / 4], i);
        found++;
    }
    ck_assert_uint_eq(found, expected);
}

static void check_all(void)
{
    for (unsigned i = 0; i < TARGETS; i++)
        for (unsigned vm = 0; vm < VMS; vm++)
            if (is_shared(i) || vm + 1 == owner[i])
                check(vm, i);
}

/* _i: with one head for all lists, with a few, and with as many as there are. */
START_TEST(each_finds_its_own)
{
    static const uint32_t heads[] = {1, 8, 1024};
    struct rng rng = rng_new(rng_seed(77));

    begin(heads[_i]);
    for (unsigned step = 0; step < 4000; step++) {
        unsigned vm = rng_below(&rng, VMS), index = rng_below(&rng, ENTRIES);
        unsigned i = rng_below(&rng, TARGETS);

        if (rng_one_in(&rng, 40))
            turn(i);
        else if (maps[vm][index] != NOTHING)
            unmap(vm, index);
        else if (is_shared(i) || owner[i] == vm + 1)
            map(vm, index, i);
        if (step % 32 == 0)
            check_all();
    }
    ram_free(ram, SIZE);
}
END_TEST

/* So the work for one VM does not grow with the others: none of their entries is passed by. */
START_TEST(lists_of_shared_pages_are_apart)
{
    begin(1024);
    turn(0);
    for (unsigned vm = 0; vm < VMS; vm++) {
        struct mpa links = allocate_info(&allocator, leaf[vm])->link;

        map(vm, 3, 0);
        ck_assert_uint_eq(load_le32(allocate_host(&allocator, links) + 4 * 3),
                          entry_at(vm, 3).v);
    }
    ck_assert_uint_eq(allocate_info(&allocator, target[0])->mappings.v, 0);
    check_all();
    ram_free(ram, SIZE);
}
END_TEST

/* _i: whose. Pages that lie together have their lists at as many consecutive heads. */
START_TEST(lists_of_a_vm_lie_together)
{
    const uint32_t *heads;
    unsigned met[64] = {0}, first = 0;

    begin(1024);
    for (unsigned i = 0; i < TARGETS; i++)
        turn(i);
    allocate_info(&allocator, leaf[0])->owner = (uint16_t)(_i + 1);
    heads = (const uint32_t *)(const void *)allocate_host(&allocator, allocator.lists);
    for (unsigned i = 0; i < TARGETS; i++) {
        map(0, i, i);
        for (unsigned k = 0; k < 1024; k++)
            if (heads[k] == entry_at(0, i).v)
                met[i] = k;
        first = i ? first : met[0];
        ck_assert_uint_eq(met[i], (first + i) % 1024);
    }
    ram_free(ram, SIZE);
}
END_TEST

/* Spaces go in the order in which they came: the first to go is removed without a search. */
START_TEST(what_is_oldest_comes_first)
{
    begin(1024);
    for (unsigned k = 0; k < 8; k++)
        map(0, k, 0);
    for (unsigned step = 0; step < 3; step++, turn(0))
        for (unsigned k = 0; k < 4; k++) {
            struct mpa first = rmap_first(&allocator, target[0], 1);

            ck_assert_uint_eq(first.v, entry_at(0, 4 * (step % 2) + k).v);
            unmap(0, 4 * (step % 2) + k);
            map(0, 4 * (step % 2) + k, 0);
        }
    check_all();
    ram_free(ram, SIZE);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {each_finds_its_own, 3},
        {lists_of_shared_pages_are_apart, 1},
        {lists_of_a_vm_lie_together, 64},
        {what_is_oldest_comes_first, 1},
    };

    return LOOPS_RUN("rmap", loops);
}
