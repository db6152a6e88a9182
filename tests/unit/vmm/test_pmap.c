/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_pmap.c - guest-physical to machine pages: bounds, pages on demand, no memory. */
#include "tests/support/engines.h"
#include "tests/support/suite.h"
#include "vmm/pmap.h"

#define SIZE (64 * PAGE_SIZE)
#define BASE 0x80000000u
#define GUEST (16u << 20)

static struct allocator allocator;
static uint8_t *ram;
static struct pmap pmap;

static void begin(uint64_t base, uint64_t size)
{
    ram = ram_new(SIZE);
    ck_assert(allocate_init(&allocator, ram, 0, SIZE));
    ck_assert(pmap_init(&pmap, &allocator, 5, base, size));
}

static enum pmap_result translate(uint64_t gpa, struct mpa *mpa)
{
    return pmap_translate(&pmap, (struct gpa){gpa}, mpa);
}

START_TEST(only_ram_is_translated)
{
    static const uint64_t outside[] = {0,
                                       BASE - 1,
                                       BASE + GUEST,
                                       BASE + (uint64_t)GUEST + PAGE_SIZE,
                                       BASE + (1ull << 32),
                                       (1ull << 34) - 1,
                                       UINT64_MAX};
    struct mpa mpa;

    begin(BASE, GUEST);
    for (unsigned i = 0; i < sizeof outside / sizeof outside[0]; i++) {
        ck_assert_uint_eq(translate(outside[i], &mpa), PMAP_NOT_RAM);
        ck_assert_uint_eq(pmap_lookup(&pmap, (struct gpa){outside[i]}).v, 0);
    }
    ck_assert_uint_eq(translate(BASE, &mpa), PMAP_OK);
    ck_assert_uint_eq(translate(BASE + GUEST - 1, &mpa), PMAP_OK);
    ck_assert_uint_eq(mpa.v & PAGE_MASK, PAGE_MASK);
    ram_free(ram, SIZE);
}
END_TEST

START_TEST(all_4_gib_can_be_ram)
{
    struct mpa first, last;

    begin(0, 1ull << 32);
    ck_assert_uint_eq(translate(0, &first), PMAP_OK);
    ck_assert_uint_eq(translate(0xffffffff, &last), PMAP_OK);
    ck_assert_uint_ne(first.v >> PAGE_SHIFT, last.v >> PAGE_SHIFT);
    ck_assert_uint_eq(translate(1ull << 32, &last), PMAP_NOT_RAM);
    ram_free(ram, SIZE);
}
END_TEST

/* Looking attaches nothing; translating does, once; the offset stays. */
START_TEST(pages_come_when_needed)
{
    struct mpa one, again;

    begin(BASE, GUEST);
    ck_assert_uint_eq(pmap_lookup(&pmap, (struct gpa){BASE + 0x5000}).v, 0);
    ck_assert_uint_eq(allocate_count(&allocator, 5, PAGE_GUEST), 0);
    ck_assert_uint_eq(translate(BASE + 0x5123, &one), PMAP_OK);
    ck_assert_uint_eq(one.v & PAGE_MASK, 0x123);
    ck_assert_uint_eq(translate(BASE + 0x5fff, &again), PMAP_OK);
    ck_assert_uint_eq(one.v >> PAGE_SHIFT, again.v >> PAGE_SHIFT);
    ck_assert_uint_eq(pmap_lookup(&pmap, (struct gpa){BASE + 0x5123}).v, one.v);
    ck_assert_uint_eq(allocate_count(&allocator, 5, PAGE_GUEST), 1);
    ck_assert_uint_eq(allocate_info(&allocator, one)->owner, 5);
    ram_free(ram, SIZE);
}
END_TEST

/* A leaf of the tree is for 4 MiB: far apart pages need one each, and are not mixed up. */
START_TEST(the_tree_is_sparse)
{
    struct mpa mpa[4], look;

    begin(BASE, GUEST);
    for (uint32_t round = 0; round < 2; round++)
        for (uint32_t i = 0; i < 4; i++) {
            ck_assert_uint_eq(translate(BASE + (i << 22) + 0x3000, &look), PMAP_OK);
            if (round == 0)
                mpa[i] = look;
            ck_assert_uint_eq(mpa[i].v, look.v);
            for (uint32_t j = 0; j < i; j++)
                ck_assert_uint_ne(mpa[i].v, mpa[j].v);
        }
    ck_assert_uint_eq(allocate_count(&allocator, 5, PAGE_PMAP), 4 + 4);
    ck_assert_uint_eq(allocate_count(&allocator, 5, PAGE_GUEST), 4);
    ram_free(ram, SIZE);
}
END_TEST

/* How far the machine's page is from the guest's. */
static uint32_t distance(uint64_t gpa)
{
    struct mpa mpa;

    ck_assert_uint_eq(translate(gpa, &mpa), PMAP_OK);
    return mpa.v - (uint32_t)gpa;
}

/* In a machine with room all pages are as far from the machine's; else those of each leaf. */
START_TEST(pages_lie_as_in_the_guest)
{
    static const uint64_t at[] = {BASE + GUEST - PAGE_SIZE, BASE, BASE + (9u << 20),
                                  BASE + (4u << 20) - PAGE_SIZE};
    uint8_t *memory = ram_new(GUEST + (4u << 20));

    for (int small = 0; small < 2; small++) {
        uint64_t size = small ? GUEST : GUEST + (4u << 20);
        struct mpa other;

        ck_assert(allocate_init(&allocator, memory, 0, size));
        ck_assert(pmap_init(&pmap, &allocator, 5, BASE, GUEST));
        for (unsigned i = 0; i < 4; i++) {
            ck_assert_uint_eq(distance(at[i]), distance(at[i] & ~(uint64_t)0x3fffff));
            ck_assert(allocate_page(&allocator, 6, PAGE_GUEST, &other));
            ck_assert_uint_eq(distance(at[i]) == distance(at[0]), !small || !i);
        }
        memset(memory, 0, size);
    }
    ram_free(memory, GUEST + (4u << 20));
}
END_TEST

START_TEST(two_vms_share_no_page)
{
    struct pmap other;
    struct mpa one, two;

    begin(0, GUEST);
    ck_assert(pmap_init(&other, &allocator, 6, 0, GUEST));
    ck_assert_uint_eq(translate(0, &one), PMAP_OK);
    ck_assert_uint_eq(pmap_translate(&other, (struct gpa){0}, &two), PMAP_OK);
    ck_assert_uint_ne(one.v, two.v);
    ck_assert_uint_eq(allocate_info(&allocator, two)->owner, 6);
    ram_free(ram, SIZE);
}
END_TEST

/* Without memory what is there stays usable, and what is not stays away. */
START_TEST(no_memory_is_told)
{
    struct pmap other;
    struct mpa mpa, first;

    begin(BASE, GUEST);
    ck_assert_uint_eq(translate(BASE, &first), PMAP_OK);
    while (allocate_page(&allocator, 9, PAGE_GUEST, &mpa))
        ;
    ck_assert_uint_eq(translate(BASE + PAGE_SIZE, &mpa), PMAP_NO_MEMORY);
    ck_assert_uint_eq(translate(BASE + (1u << 22), &mpa), PMAP_NO_MEMORY);
    ck_assert_uint_eq(pmap_lookup(&pmap, (struct gpa){BASE + PAGE_SIZE}).v, 0);
    ck_assert_uint_eq(translate(BASE + GUEST, &mpa), PMAP_NOT_RAM);
    ck_assert_uint_eq(translate(BASE, &mpa), PMAP_OK);
    ck_assert_uint_eq(mpa.v, first.v);
    ck_assert(!pmap_init(&other, &allocator, 6, 0, GUEST));
    allocate_reclaim(&allocator, 9);
    ck_assert_uint_eq(translate(BASE + (1u << 22), &mpa), PMAP_OK);
    ram_free(ram, SIZE);
}
END_TEST

static uint32_t looked_up(uint64_t gpa)
{
    return pmap_lookup(&pmap, (struct gpa){gpa}).v;
}

/* The page that was asked for last is remembered: no longer than it is there. */
START_TEST(no_page_is_remembered_that_has_gone)
{
    struct gpa gpa = {BASE + 0x5004};
    struct mpa old, other, now;

    begin(BASE, GUEST);
    ck_assert_uint_eq(translate(BASE + 0x9000, &other), PMAP_OK);
    ck_assert_uint_eq(translate(gpa.v, &old), PMAP_OK);
    ck_assert_uint_eq(translate(gpa.v + (1ull << 44), &now), PMAP_NOT_RAM);
    ck_assert_uint_eq(looked_up(gpa.v + (1ull << 32)), 0);
    ck_assert_uint_eq(looked_up(gpa.v ^ 0xff0), old.v ^ 0xff0);
    pmap_set(&pmap, gpa, other, false);
    ck_assert_uint_eq(looked_up(gpa.v), other.v | 4);
    ck_assert_uint_eq(translate(gpa.v, &now), PMAP_OK);
    ck_assert_uint_eq(now.v, other.v | 4);
    pmap_unset(&pmap, gpa, true);
    ck_assert_uint_eq(looked_up(gpa.v), 0);
    ck_assert_uint_eq(translate(gpa.v, &now), PMAP_AWAY);
    pmap_set(&pmap, gpa, (struct mpa){old.v & ~PAGE_MASK}, true);
    ck_assert_uint_eq(translate(gpa.v, &now), PMAP_OK);
    ck_assert_uint_eq(now.v, old.v);
    pmap_detach(&pmap, gpa);
    ck_assert_uint_eq(looked_up(gpa.v), 0);
    ram_free(ram, SIZE);
}
END_TEST

SUITE_MAIN("pmap", only_ram_is_translated, all_4_gib_can_be_ram, pages_come_when_needed,
           the_tree_is_sparse, pages_lie_as_in_the_guest, two_vms_share_no_page,
           no_memory_is_told, no_page_is_remembered_that_has_gone)
