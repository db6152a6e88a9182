/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_para_tables.c - the hypercalls about address spaces: a new root, fences, updates of page
 * tables; and which shadow entries each drops. The others are in test_para.c.
 */
#include "tests/support/hypercalls.h"
#include "tests/support/loops.h"

static struct hypercalls here;
static struct vm *const vm = &here.vm;

static void begin(enum vm_monitor monitor, enum shadow_policy policy, unsigned cpus)
{
    hypercalls_init(&here, monitor, policy, cpus);
}

static void exit_by(uint32_t cause, uint32_t tval)
{
    hypercalls_exit(&here, cause, tval);
}

static int32_t call(enum para_function function, uint32_t a0, uint32_t a1, uint32_t a2)
{
    return hypercalls_ecall(&here, PARA_EXTENSION, function, (uint32_t[]){a0, a1, a2});
}

/* ---- Address spaces ---- */

static void store_word(uint32_t at, uint32_t value)
{
    ck_assert(vm_write(vm, (struct gpa){at}, &value, sizeof value));
}

/* Two roots, alike: pages 0 and 1 are mapped, by way of one table for each root. */
static uint32_t satp_of(unsigned which)
{
    return SATP_SV32 | (TABLE + 2 * which * PAGE_SIZE) >> PAGE_SHIFT;
}

static void make_roots(void)
{
    for (unsigned which = 0; which < 2; which++) {
        uint32_t root = TABLE + 2 * which * PAGE_SIZE, table = root + PAGE_SIZE;

        store_word(root, PTE_MAKE(table >> PAGE_SHIFT, PTE_V));
        for (uint32_t i = 0; i < 2; i++)
            store_word(table + 4 * i, PTE_MAKE((BASE >> PAGE_SHIFT) + 0x20 + i,
                                               PTE_V | PTE_R | PTE_W | PTE_A | PTE_D));
    }
}

/* All four pages are others now: what is in a shadow stays for want of a fence alone. */
static void exchange_pages(void)
{
    for (unsigned which = 0; which < 2; which++)
        for (uint32_t i = 0; i < 2; i++) {
            uint32_t at = TABLE + (2 * which + 1) * PAGE_SIZE + 4 * i, pte;

            ck_assert(vm_read(vm, (struct gpa){at}, &pte, sizeof pte));
            store_word(at, pte + PTE_MAKE(2, 0));
        }
}

static void touch(uint32_t va)
{
    exit_by(CAUSE_LOAD_PAGE_FAULT, va);
    ck_assert(shadow_lookup(&vm->shadow, vm->shadow.current, (struct gva){va}));
}

/* Both roots with both pages in the shadow; the second is current. */
static void fill_roots(unsigned shadows[2])
{
    make_roots();
    for (unsigned which = 0; which < 2; which++) {
        ck_assert_int_eq(call(PARA_ROOT, satp_of(which), PARA_FENCE_NONE, 0), OK);
        ck_assert_uint_eq(vm->cpu->hart.satp, satp_of(which));
        touch(0);
        touch(PAGE_SIZE);
        shadows[which] = vm->shadow.current;
    }
    ck_assert_uint_ne(shadows[0], shadows[1]);
}

/* Which of the four entries are there: bit 2 * root + page. */
static unsigned there(const unsigned shadows[2])
{
    unsigned found = 0;

    for (unsigned i = 0; i < 4; i++)
        if (shadow_lookup(&vm->shadow, shadows[i / 2], (struct gva){i % 2 * PAGE_SIZE}))
            found |= 1u << i;
    return found;
}

START_TEST(a_new_root_drops_what_it_is_told_to)
{
    unsigned shadows[2];

    begin(VM_PARA, SHADOW_LAZY, 1);
    fill_roots(shadows);
    exchange_pages();
    ck_assert_int_eq(call(PARA_ROOT, satp_of(0), PARA_FENCE_PAGE, 0), INVALID_PARAM);
    ck_assert_int_eq(call(PARA_ROOT, satp_of(0), 4, 0), INVALID_PARAM);
    ck_assert_uint_eq(vm->cpu->hart.satp, satp_of(1));
    ck_assert_int_eq(call(PARA_ROOT, satp_of(0), PARA_FENCE_NONE, 0), OK);
    ck_assert_uint_eq(there(shadows), 15);
    ck_assert_int_eq(call(PARA_ROOT, satp_of(1), PARA_FENCE_ROOT, 0), OK);
    ck_assert_uint_eq(there(shadows), 3);
    ck_assert_int_eq(call(PARA_ROOT, satp_of(1), PARA_FENCE_ALL, 0), OK);
    ck_assert_uint_eq(there(shadows), 0);
    hypercalls_fini(&here);
}
END_TEST

/* The policy that drops all at each new root does it here too. */
START_TEST(flush_flushes)
{
    unsigned shadows[2];

    begin(VM_PARA, SHADOW_FLUSH, 1);
    fill_roots(shadows);
    ck_assert_uint_eq(there(shadows), 12);
    hypercalls_fini(&here);
}
END_TEST

START_TEST(fences_reach_what_they_name_here_too)
{
    unsigned shadows[2];

    begin(VM_PARA, SHADOW_LAZY, 1);
    fill_roots(shadows);
    exchange_pages();
    ck_assert_int_eq(call(PARA_FENCE, 0, 0, PARA_FENCE_NONE), INVALID_PARAM);
    ck_assert_int_eq(call(PARA_FENCE, 0, 0, 4), INVALID_PARAM);
    ck_assert_int_eq(call(PARA_FENCE, 0xfffff000, 0x1001, PARA_FENCE_PAGE), INVALID_ADDRESS);
    ck_assert_int_eq(call(PARA_FENCE, 0xfffff000, 0x1000, PARA_FENCE_PAGE), OK);
    ck_assert_int_eq(call(PARA_FENCE, 0, 0, PARA_FENCE_PAGE), OK); /* no page */
    ck_assert_uint_eq(there(shadows), 15);
    ck_assert_int_eq(call(PARA_FENCE, PAGE_SIZE + 8, 1, PARA_FENCE_PAGE), OK);
    ck_assert_uint_eq(there(shadows), 7);
    touch(PAGE_SIZE);
    exchange_pages();
    ck_assert_int_eq(call(PARA_FENCE, 0, 65 * PAGE_SIZE, PARA_FENCE_PAGE), OK);
    ck_assert_uint_eq(there(shadows), 3);
    touch(0);
    exchange_pages();
    ck_assert_int_eq(call(PARA_FENCE, 1, 2, PARA_FENCE_ROOT), OK);
    ck_assert_uint_eq(there(shadows), 3);
    ck_assert_int_eq(call(PARA_FENCE, 1, 2, PARA_FENCE_ALL), OK);
    ck_assert_uint_eq(there(shadows), 0);
    hypercalls_fini(&here);
}
END_TEST

static void put_update(unsigned i, uint64_t address, uint32_t value, uint32_t what)
{
    struct para_update one = {address, value, what};

    ck_assert(vm_write(vm, (struct gpa){ARRAY + i * sizeof one}, &one, sizeof one));
}

static uint32_t word_at(uint32_t at)
{
    uint32_t value;

    ck_assert(vm_read(vm, (struct gpa){at}, &value, sizeof value));
    return value;
}

START_TEST(updates_are_done_in_order_up_to_the_first_bad_one)
{
    static const struct {
        uint64_t address;
        uint32_t what;
        int32_t error;
    } bad[] = {
        {TABLE + 2, 0, INVALID_PARAM},  {TABLE, 4, INVALID_PARAM},
        {TABLE, 0x800, INVALID_PARAM},  {BASE + RAM, 0, INVALID_ADDRESS},
        {BASE - 4, 0, INVALID_ADDRESS}, {TABLE + (1ull << 32), 0, INVALID_ADDRESS},
        {~3ull, 0, INVALID_ADDRESS},    {BOARD_UART_BASE, 0, INVALID_ADDRESS},
    };

    begin(VM_PARA, SHADOW_LAZY, 1);
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        put_update(0, TABLE, 100 + i, 0);
        put_update(1, TABLE + 4, 200 + i, 0);
        put_update(2, bad[i].address, 300, bad[i].what);
        put_update(3, TABLE + 8, 400, 0);
        ck_assert_int_eq(call(PARA_UPDATE, ARRAY, 0, 4), bad[i].error);
        ck_assert_uint_eq(vm->cpu->hart.x[A1], 2);
        ck_assert_uint_eq(word_at(TABLE), 100 + i);
        ck_assert_uint_eq(word_at(TABLE + 4), 200 + i);
        ck_assert_uint_eq(word_at(TABLE + 8), 0);
    }
    hypercalls_fini(&here);
}
END_TEST

START_TEST(the_array_is_checked)
{
    begin(VM_PARA, SHADOW_LAZY, 1);
    for (unsigned i = 0; i < PARA_UPDATES_MOST; i++)
        put_update(i, TABLE + 4 * i, i, 0);
    ck_assert_int_eq(call(PARA_UPDATE, ARRAY, 0, PARA_UPDATES_MOST + 1), INVALID_PARAM);
    ck_assert_int_eq(call(PARA_UPDATE, ARRAY, 0, UINT32_MAX), INVALID_PARAM);
    ck_assert_int_eq(call(PARA_UPDATE, ARRAY, 1, 1), INVALID_ADDRESS);
    ck_assert_int_eq(call(PARA_UPDATE, BASE + RAM - 16, 0, 2), INVALID_ADDRESS);
    ck_assert_int_eq(call(PARA_UPDATE, 0, 0, 0), OK);
    ck_assert_uint_eq(vm->cpu->hart.x[A1], 0);
    ck_assert_uint_eq(word_at(TABLE + 4), 0);
    ck_assert_int_eq(call(PARA_UPDATE, ARRAY, 0, PARA_UPDATES_MOST), OK);
    ck_assert_uint_eq(vm->cpu->hart.x[A1], PARA_UPDATES_MOST);
    ck_assert_uint_eq(word_at(TABLE + 4 * (PARA_UPDATES_MOST - 1)), PARA_UPDATES_MOST - 1);
    /* It is read whole before anything is written: here, over itself. */
    put_update(0, ARRAY + 16 + 8, 77, 0);
    put_update(1, TABLE, 88, 0);
    ck_assert_int_eq(call(PARA_UPDATE, ARRAY, 0, 2), OK);
    ck_assert_uint_eq(word_at(TABLE), 88);
    ck_assert_uint_eq(word_at(ARRAY + 16 + 8), 77);
    hypercalls_fini(&here);
}
END_TEST

START_TEST(updates_fence)
{
    uint32_t entry = TABLE + 3 * PAGE_SIZE; /* page 0 of the second root */
    unsigned shadows[2];

    begin(VM_PARA, SHADOW_LAZY, 1);
    fill_roots(shadows);
    exchange_pages();
    put_update(0, entry, 0, PARA_FENCE_NONE);
    ck_assert_int_eq(call(PARA_UPDATE, ARRAY, 0, 1), OK);
    ck_assert_uint_eq(there(shadows), 15);
    put_update(0, entry, 0, PARA_FENCE_PAGE);
    ck_assert_int_eq(call(PARA_UPDATE, ARRAY, 0, 1), OK);
    ck_assert_uint_eq(there(shadows), 11);
    put_update(0, entry, 0, PAGE_SIZE | PARA_FENCE_PAGE);
    ck_assert_int_eq(call(PARA_UPDATE, ARRAY, 0, 1), OK);
    ck_assert_uint_eq(there(shadows), 3);
    put_update(0, entry, 0, PARA_FENCE_ALL);
    ck_assert_int_eq(call(PARA_UPDATE, ARRAY, 0, 1), OK);
    ck_assert_uint_eq(there(shadows), 0);
    hypercalls_fini(&here);
}
END_TEST

/* Where tables are watched, what is written to one is seen at once, without a fence. */
START_TEST(updates_of_watched_tables_are_seen)
{
    unsigned shadows[2];

    begin(VM_PARA, SHADOW_TRACE, 1);
    fill_roots(shadows);
    put_update(0, TABLE + 3 * PAGE_SIZE, 0, PARA_FENCE_NONE);
    ck_assert_int_eq(call(PARA_UPDATE, ARRAY, 0, 1), OK);
    ck_assert_uint_eq(there(shadows), 11);
    ck_assert_uint_eq(vm_shadow_check(vm, NULL), 0);
    hypercalls_fini(&here);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {a_new_root_drops_what_it_is_told_to, 1},
        {flush_flushes, 1},
        {fences_reach_what_they_name_here_too, 1},
        {updates_are_done_in_order_up_to_the_first_bad_one, 1},
        {the_array_is_checked, 1},
        {updates_fence, 1},
        {updates_of_watched_tables_are_seen, 1},
    };

    return LOOPS_RUN("para_tables", loops);
}
