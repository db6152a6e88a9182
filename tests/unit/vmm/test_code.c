/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_code.c - pages with sensitive instructions that do not trap on the engine's CPU: these are
 * found wherever they begin and never executed directly, and no page is writable while executable.
 */
#include "isa/csr.h"
#include "tests/support/stub_engine.h"
#include "tests/support/suite.h"
#include "vmm/code.h"

#define SIZE (4u << 20)
#define VA 0x40000000u
#define CYCLE 0xc0002573u /* csrr a0, cycle */

static const struct engine_pattern untrapped[] = {{0xc0002073, 0xfffff07f}};

static struct stub stub;
static struct allocator allocator;
static struct shadow shadow;
static struct mpa page;

static void begin(void)
{
    struct shadow_key key = {0};
    uint32_t root;

    stub_init(&stub, SIZE);
    stub.ops.untrapped = untrapped;
    stub.ops.untrapped_count = 1;
    ck_assert(allocate_init(&allocator, stub.engine.phys.ram, 0, SIZE));
    shadow_init(&shadow, &allocator, &stub.engine, 3, SHADOW_LAZY, 64);
    ck_assert(shadow.watches_code);
    ck_assert(allocate_page(&allocator, 3, PAGE_GUEST, &page));
    ck_assert_uint_eq(shadow_enter(&shadow, &key, &root), SHADOW_OK);
}

static void map(void)
{
    struct shadow_mapping mapping = {.gva = {VA}, .mpa = page, .rights = PTE_R | PTE_W | PTE_X};

    ck_assert_uint_eq(shadow_map(&shadow, &mapping), SHADOW_OK);
}

static uint32_t rights(void)
{
    return shadow_lookup(&shadow, shadow.current, (struct gva){VA}) & (PTE_W | PTE_X);
}

static void put(uint32_t at, const void *bytes, uint32_t len)
{
    memcpy(allocate_host(&allocator, page) + at, bytes, len);
}

static bool holds(uint32_t at)
{
    const uint32_t word = CYCLE, none = 0;
    bool clean;

    put(at, &word, 4);
    clean = code_execute(&shadow, page);
    put(at, &none, 4);
    allocate_info(&allocator, page)->code = CODE_UNKNOWN;
    return !clean;
}

START_TEST(it_is_found_at_every_even_address)
{
    begin();
    for (uint32_t at = 0; at + 4 <= PAGE_SIZE; at += 2)
        ck_assert_msg(holds(at), "not found at %u", at);
    ck_assert(code_execute(&shadow, page));
    stub_fini(&stub);
}
END_TEST

/* What may go on in the next page is taken for one. */
START_TEST(half_a_one_at_the_end_counts)
{
    const uint16_t half = CYCLE & 0xffff, other = 0x0013;

    begin();
    put(PAGE_SIZE - 2, &half, 2);
    ck_assert(!code_execute(&shadow, page));
    put(PAGE_SIZE - 2, &other, 2);
    ck_assert(code_execute(&shadow, page));
    stub_fini(&stub);
}
END_TEST

/* Never both: written freely, or executed. */
START_TEST(a_page_is_written_or_executed)
{
    begin();
    map();
    ck_assert_uint_eq(rights(), PTE_W);
    ck_assert(code_execute(&shadow, page));
    ck_assert_uint_eq(rights(), 0); /* W went; X comes with the next fill */
    map();
    ck_assert_uint_eq(rights(), PTE_X);
    stub_forget(&stub);
    ck_assert(code_store(&shadow, page));
    ck_assert_uint_eq(rights(), 0);
    ck_assert_uint_eq(stub.page_drops, 1);
    map();
    ck_assert_uint_eq(rights(), PTE_W);
    stub_fini(&stub);
}
END_TEST

START_TEST(a_sensitive_page_is_not_executed)
{
    const uint32_t word = CYCLE, none = 0;

    begin();
    put(100, &word, 4);
    ck_assert(!code_execute(&shadow, page));
    map();
    ck_assert_uint_eq(rights(), PTE_W);
    ck_assert(code_store(&shadow, page));
    put(100, &none, 4);
    ck_assert(code_execute(&shadow, page)); /* looked at anew */
    stub_fini(&stub);
}
END_TEST

/* The monitor writes into a page that is executed: firmware, or an emulated store. */
START_TEST(what_the_monitor_writes_is_searched)
{
    const uint32_t word = CYCLE;

    begin();
    ck_assert(code_execute(&shadow, page));
    map();
    code_wrote(&shadow, page, PAGE_SIZE);
    ck_assert_uint_eq(rights(), PTE_X);
    put(2, &word, 4);
    code_wrote(&shadow, (struct mpa){page.v + 2}, 4);
    ck_assert_uint_eq(rights(), 0);
    ck_assert_uint_eq(allocate_info(&allocator, page)->code, CODE_SENSITIVE);
    stub_fini(&stub);
}
END_TEST

/* The instruction at `at`, whose byte number `missing` the monitor writes last. */
static bool completed_is_found(uint32_t at, uint32_t missing)
{
    const uint32_t word = CYCLE, none = 0;
    bool found;

    put(at, &none, 4);
    ck_assert(code_execute(&shadow, page));
    put(at, &word, 4);
    code_wrote(&shadow, (struct mpa){page.v + at + missing}, 1);
    found = allocate_info(&allocator, page)->code == CODE_SENSITIVE;
    put(at, &none, 4);
    allocate_info(&allocator, page)->code = CODE_UNKNOWN;
    return found;
}

/* Whichever of its bytes comes last; and a store costs no search of the whole page. */
START_TEST(what_overlaps_a_write_is_searched)
{
    const uint32_t word = CYCLE;

    begin();
    for (uint32_t at = 0; at + 4 <= PAGE_SIZE; at += 2)
        for (uint32_t missing = 0; missing < 4; missing++)
            ck_assert_msg(completed_is_found(at, missing), "at %u, byte %u", at, missing);
    ck_assert(code_execute(&shadow, page));
    put(PAGE_SIZE - 2, &word, 2);
    code_wrote(&shadow, (struct mpa){page.v + PAGE_SIZE - 1}, 1);
    ck_assert_uint_eq(allocate_info(&allocator, page)->code, CODE_SENSITIVE);

    put(PAGE_SIZE - 2, (const uint8_t[2]){0}, 2);
    allocate_info(&allocator, page)->code = CODE_CLEAN;
    put(64, &word, 4); /* not told: to be seen only by whoever looks there */
    code_wrote(&shadow, (struct mpa){page.v + 60}, 2);
    code_wrote(&shadow, (struct mpa){page.v + 68}, 4);
    code_wrote(&shadow, (struct mpa){page.v + PAGE_SIZE - 4}, 4);
    ck_assert_uint_eq(allocate_info(&allocator, page)->code, CODE_CLEAN);
    stub_fini(&stub);
}
END_TEST

/* Code and data together: after some changes of side the stores are emulated. */
START_TEST(a_page_does_not_flip_for_ever)
{
    unsigned flips = 0;

    begin();
    for (; flips < 100 && code_execute(&shadow, page) && code_store(&shadow, page); flips++)
        map();
    ck_assert_uint_ge(flips, 2);
    ck_assert_uint_lt(flips, 100);
    map();
    ck_assert_uint_eq(rights(), PTE_X);
    ck_assert(!code_store(&shadow, page));
    stub_fini(&stub);
}
END_TEST

SUITE_MAIN("code", it_is_found_at_every_even_address, half_a_one_at_the_end_counts,
           a_page_is_written_or_executed, a_sensitive_page_is_not_executed,
           what_the_monitor_writes_is_searched, what_overlaps_a_write_is_searched,
           a_page_does_not_flip_for_ever)
