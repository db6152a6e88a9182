/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_watch.c - the policy `trace`: guest tables are write-protected, a write to one drops the
 * entries derived from it and nothing else, and a page that is no longer a table is released.
 */
#include "isa/csr.h"
#include "tests/support/stub_engine.h"
#include "tests/support/suite.h"
#include "vmm/watch.h"

#define SIZE (4u << 20)
#define VA 0x40000000u
#define RW (PTE_R | PTE_W)

static struct stub stub;
static struct allocator allocator;
static struct shadow shadow;
static struct mpa guest_root, table, data;

static struct mpa page(void)
{
    struct mpa mpa;

    ck_assert(allocate_page(&allocator, 3, PAGE_GUEST, &mpa));
    return mpa;
}

static void enter(uint32_t satp)
{
    struct shadow_key key = {.satp = SATP_SV32 | satp};
    uint32_t root;

    ck_assert_uint_eq(shadow_enter(&shadow, &key, &root), SHADOW_OK);
}

static void map(uint32_t va, struct mpa mpa, struct mpa from)
{
    struct shadow_mapping mapping = {.gva = {va},
                                     .mpa = mpa,
                                     .rights = RW,
                                     .superpage = !from.v,
                                     .guest_root = guest_root,
                                     .guest_table = from};

    ck_assert_uint_eq(shadow_map(&shadow, &mapping), SHADOW_OK);
}

static uint32_t look(uint32_t va)
{
    return shadow_lookup(&shadow, shadow.current, (struct gva){va});
}

static struct page *info(struct mpa mpa)
{
    return allocate_info(&allocator, mpa);
}

/* One space, one table, two pages at VA. */
static void begin(void)
{
    stub_init(&stub, SIZE);
    ck_assert(allocate_init(&allocator, stub.engine.phys.ram, 0, SIZE));
    shadow_init(&shadow, &allocator, &stub.engine, 3, SHADOW_TRACE, 64);
    guest_root = page();
    table = page();
    data = page();
    enter(1);
    map(VA, data, table);
    map(VA + PAGE_SIZE, data, table);
}

START_TEST(tables_are_write_protected)
{
    begin();
    ck_assert(info(guest_root)->traced && info(table)->traced && !info(data)->traced);
    map(VA + 2 * PAGE_SIZE, table, table); /* it maps itself, writable */
    ck_assert_uint_eq(look(VA + 2 * PAGE_SIZE) & RW, PTE_R);
    map(VA + 3 * PAGE_SIZE, guest_root, table);
    ck_assert_uint_eq(look(VA + 3 * PAGE_SIZE) & RW, PTE_R);
    ck_assert_uint_eq(look(VA) & RW, RW);
    stub_fini(&stub);
}
END_TEST

/* A page that was written freely becomes a table: the right to write goes everywhere. */
START_TEST(a_page_that_becomes_a_table_is_narrowed)
{
    begin();
    enter(2);
    map(0, data, table);
    enter(1);
    stub_forget(&stub);
    map(VA + (1u << 22), page(), data);
    ck_assert(info(data)->traced);
    ck_assert_uint_eq(look(VA) & RW, PTE_R);
    enter(2);
    ck_assert_uint_eq(look(0) & RW, PTE_R);
    ck_assert_uint_eq(stub.page_drops, 3);
    stub_fini(&stub);
}
END_TEST

START_TEST(a_write_drops_just_its_entries)
{
    begin();
    map(VA + 5 * PAGE_SIZE, data, table);
    stub_forget(&stub);
    watch_wrote(&shadow, (struct mpa){table.v + 4 * 1 + 3}, 1);
    ck_assert_uint_eq(look(VA + PAGE_SIZE), 0);
    ck_assert_uint_ne(look(VA), 0);
    ck_assert_uint_ne(look(VA + 5 * PAGE_SIZE), 0);
    ck_assert_uint_eq(stub.page_drops, 1);
    ck_assert_uint_eq(stub.last_va, VA + PAGE_SIZE);
    map(VA + PAGE_SIZE, data, table);
    watch_wrote(&shadow, (struct mpa){table.v + 2}, 4); /* across two entries */
    ck_assert_uint_eq(look(VA) | look(VA + PAGE_SIZE), 0);
    watch_wrote(&shadow, (struct mpa){table.v}, PAGE_SIZE);
    ck_assert_uint_eq(look(VA + 5 * PAGE_SIZE), 0);
    watch_wrote(&shadow, data, PAGE_SIZE); /* not a table: nothing */
    stub_fini(&stub);
}
END_TEST

/* One guest table in two places of two spaces. */
START_TEST(a_write_is_felt_wherever_the_table_hangs)
{
    begin();
    map(VA + (3u << 22), data, table);
    enter(2);
    map(0, data, table);
    watch_wrote(&shadow, table, 4);
    ck_assert_uint_eq(look(0), 0);
    enter(1);
    ck_assert_uint_eq(look(VA), 0);
    ck_assert_uint_eq(look(VA + (3u << 22)), 0);
    ck_assert_uint_ne(look(VA + PAGE_SIZE), 0);
    stub_fini(&stub);
}
END_TEST

START_TEST(a_write_to_the_root_drops_a_table)
{
    begin();
    map(VA + (1u << 22), data, page());
    stub_forget(&stub);
    watch_wrote(&shadow, (struct mpa){guest_root.v + 4 * (VA >> 22)}, 4);
    ck_assert_uint_eq(look(VA) | look(VA + PAGE_SIZE), 0);
    ck_assert_uint_ne(look(VA + (1u << 22)), 0);
    ck_assert_uint_eq(stub.root_drops, 1);
    ck_assert_uint_eq(shadow.tables, 1);
    watch_wrote(&shadow, (struct mpa){guest_root.v + 4 * (VA >> 22)}, 4);
    ck_assert_uint_eq(stub.root_drops, 1);
    stub_fini(&stub);
}
END_TEST

/* The slot's table is another now, or a superpage: what was made from the old one goes. */
START_TEST(a_leaf_is_made_from_one_table)
{
    begin();
    map(VA + 7 * PAGE_SIZE, data, page());
    ck_assert_uint_eq(look(VA), 0);
    ck_assert_uint_eq(info(table)->shadows.v, 0);
    map(VA + PAGE_SIZE, data, MPA_NONE);
    ck_assert_uint_eq(look(VA + 7 * PAGE_SIZE), 0);
    ck_assert_uint_ne(look(VA + PAGE_SIZE), 0);
    stub_fini(&stub);
}
END_TEST

START_TEST(stores_are_emulated_while_it_pays)
{
    begin();
    for (unsigned i = 0; i < WATCH_WRITES_MOST; i++)
        ck_assert(watch_store(&shadow, table));
    ck_assert(!watch_store(&shadow, table));
    ck_assert(!info(table)->traced);
    ck_assert_uint_eq(look(VA), 0); /* nothing made from it may remain */
    ck_assert_uint_eq(look(VA + PAGE_SIZE), 0);
    map(VA, data, table); /* walked again: watched again */
    ck_assert(info(table)->traced);
    ck_assert(watch_store(&shadow, table));
    stub_fini(&stub);
}
END_TEST

START_TEST(what_serves_no_more_is_let_go)
{
    begin();
    watch_wrote(&shadow, (struct mpa){guest_root.v + 4 * (VA >> 22)}, 4);
    ck_assert(info(table)->traced);
    ck_assert(!watch_store(&shadow, table));
    ck_assert(!info(table)->traced);
    ck_assert(!watch_store(&shadow, guest_root));
    ck_assert(!info(guest_root)->traced);
    stub_fini(&stub);
}
END_TEST

SUITE_MAIN("watch", tables_are_write_protected, a_page_that_becomes_a_table_is_narrowed,
           a_write_drops_just_its_entries, a_write_is_felt_wherever_the_table_hangs,
           a_write_to_the_root_drops_a_table, a_leaf_is_made_from_one_table,
           stores_are_emulated_while_it_pays, what_serves_no_more_is_let_go)
