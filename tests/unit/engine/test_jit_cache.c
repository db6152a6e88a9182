/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_jit_cache.c - what only a translator can get wrong: a full code cache, self-modifying
 * code, links that must not survive a change of mapping, address spaces that are evicted,
 * engines changed in mid-run. What every engine must do is tested in test_engine*.c.
 */
#include "tests/support/suite.h"

#if PZ_HAVE_JIT
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "isa/engine/jit/jit.h"
#include "isa/engine/spec.h"
#include "tests/support/encode.h"
#include "tests/support/engines.h"
#include "tests/support/space.h"

#define RAM (8u << 20)
#define CODE 0x100000u /* physical and, unless a test says otherwise, virtual */
#define DATA 0x600000u
#define ECALL 0x00000073u
#define ROOTS 8u

enum { RA = 1, A0 = 10, A1 = 11, A2 = 12, T0 = 5 };

struct bench {
    uint8_t *ram;
    struct jit *jit;
    struct engine *engine;
    struct spec spec;
    struct space space;
    struct hart hart;
    struct engine_exit exit;
};

static struct bench bench;

static void enter_space(const struct space *space)
{
    struct engine_space where = {.deprivileged = true, .root = space_satp(space)};

    engine_set_space(bench.engine, &where);
}

/* A space whose first 8 MiB are RAM itself, all rights. */
static struct space identity(uint32_t pa)
{
    struct space space = space_new(bench.ram, pa);

    for (uint32_t at = 0; at < RAM; at += PAGE_SIZE)
        space_map(&space, at, at, PTE_USER | PTE_RWX);
    return space;
}

static void set_up(const struct jit_options *options)
{
    bench.ram = ram_new(RAM);
    ck_assert_int_eq(jit_create(bench.ram, 0, RAM, options, &bench.jit), JIT_OK);
    bench.engine = jit_engine(bench.jit);
    spec_init(&bench.spec, bench.ram, 0, RAM);
    bench.space = identity(0x1000);
    enter_space(&bench.space);
    hart_reset(&bench.hart, CODE);
}

static void tear_down(void)
{
    jit_destroy(bench.jit);
    ram_free(bench.ram, RAM);
}

/* Write an instruction, and say so. */
static void code(uint32_t pa, uint32_t word)
{
    store_le32(bench.ram + pa, word);
    engine_code_changed(bench.engine, pa, 4);
}

static void run_to_ecall(uint32_t pc)
{
    bench.hart.pc = pc;
    engine_run(bench.engine, &bench.hart, 100000000, &bench.exit);
    ck_assert_int_eq(bench.exit.stop, ENGINE_TRAP);
    ck_assert_uint_eq(bench.exit.trap.cause, CAUSE_ECALL_USER);
}

/*
 * A long program: in each of `pages` pages a run of additions to a0, some loads and stores, and
 * a jump to the next; the last goes back to the first until a1 is 0.
 */
static uint32_t long_page(uint32_t pa, uint32_t seed)
{
    uint32_t at = pa;

    for (unsigned i = 0; i < 200; i++, at += 4) {
        switch ((seed + i) % 5) {
        case 0:
            store_le32(bench.ram + at, encode_i(INSN_addi, A0, A0, (int32_t)(i & 255)));
            break;
        case 1:
            store_le32(bench.ram + at, encode_store(INSN_sw, A0, A2, (int32_t)(4 * (i & 63))));
            break;
        case 2:
            store_le32(bench.ram + at, encode_i(INSN_lw, T0, A2, (int32_t)(4 * (seed & 63))));
            break;
        case 3: store_le32(bench.ram + at, encode_r(INSN_xor, A0, A0, T0)); break;
        default: store_le32(bench.ram + at, encode_branch(INSN_beq, A0, T0, 8)); break;
        }
    }
    return at;
}

static void long_program(unsigned pages)
{
    for (unsigned i = 0; i < pages; i++) {
        uint32_t pa = CODE + i * PAGE_SIZE, at = long_page(pa, i * 7);
        int32_t home = (int32_t)(CODE - at);

        store_le32(bench.ram + at, 0x13);
        if (i + 1 < pages) {
            store_le32(bench.ram + at + 4, encode_jal(0, (int32_t)(pa + PAGE_SIZE - at - 4)));
            continue;
        }
        store_le32(bench.ram + at + 4, encode_i(INSN_addi, A1, A1, -1));
        store_le32(bench.ram + at + 8, encode_branch(INSN_beq, A1, 0, 8));
        store_le32(bench.ram + at + 12, encode_jal(0, home - 12));
        store_le32(bench.ram + at + 16, ECALL);
    }
}

static void start_long(void)
{
    hart_reset(&bench.hart, CODE);
    bench.hart.x[A1] = 6;
    bench.hart.x[A2] = DATA;
}

/* The result of the long program by the specification. */
static struct hart long_truth(void)
{
    struct engine *spec = &bench.spec.engine;
    struct engine_space where = {.deprivileged = true, .root = space_satp(&bench.space)};
    struct hart truth;

    start_long();
    engine_set_space(spec, &where);
    engine_run(spec, &bench.hart, 100000000, &bench.exit);
    ck_assert_uint_eq(bench.exit.trap.cause, CAUSE_ECALL_USER);
    truth = bench.hart;
    memset(bench.ram + DATA, 0, PAGE_SIZE);
    start_long();
    return truth;
}

START_TEST(test_cache_full)
{
    struct jit_options options = {.cache_bytes = 65536};
    struct hart truth;

    set_up(&options);
    long_program(60);
    truth = long_truth();
    run_to_ecall(CODE);
    ck_assert(hart_equal(&bench.hart, &truth));
    ck_assert_uint_gt(jit_stats(bench.jit)->flushes, 10);
    tear_down();
}
END_TEST

START_TEST(test_cache_large)
{
    struct hart truth;

    set_up(NULL);
    long_program(60);
    truth = long_truth();
    run_to_ecall(CODE);
    ck_assert(hart_equal(&bench.hart, &truth));
    ck_assert_uint_eq(jit_stats(bench.jit)->flushes, 0);
    ck_assert_uint_lt(jit_stats(bench.jit)->instructions, 60 * 210 * 2);
    tear_down();
}
END_TEST

/* The same run by turns on two engines, in slices of every length. */
START_TEST(test_engines_by_turns)
{
    struct engine *turn[2];
    struct hart truth;

    set_up(NULL);
    long_program(20);
    truth = long_truth();
    turn[0] = bench.engine;
    turn[1] = &bench.spec.engine;
    bench.exit.stop = ENGINE_BUDGET;
    for (unsigned i = 0; bench.exit.stop == ENGINE_BUDGET; i++) {
        uint64_t before = bench.hart.retired;

        engine_run(turn[i & 1], &bench.hart, i % 101, &bench.exit);
        if (bench.exit.stop == ENGINE_BUDGET)
            ck_assert_uint_eq(bench.hart.retired - before, i % 101);
    }
    ck_assert(hart_equal(&bench.hart, &truth));
    tear_down();
}
END_TEST

/* Two spaces run the same page of code, which jumps to a page that they map differently. */
START_TEST(test_links_are_guarded)
{
    struct space second;

    set_up(NULL);
    second = identity(0x10000);
    space_map(&second, CODE + PAGE_SIZE, CODE + 2 * PAGE_SIZE, PTE_USER | PTE_RWX);
    code(CODE, encode_jal(0, PAGE_SIZE));
    code(CODE + PAGE_SIZE, encode_i(INSN_addi, A0, 0, 1));
    code(CODE + PAGE_SIZE + 4, ECALL);
    code(CODE + 2 * PAGE_SIZE, encode_i(INSN_addi, A0, 0, 2));
    code(CODE + 2 * PAGE_SIZE + 4, ECALL);
    for (unsigned i = 0; i < 20; i++) {
        enter_space(i & 1 ? &second : &bench.space);
        run_to_ecall(CODE);
        ck_assert_uint_eq(bench.hart.x[A0], 1 + (i & 1));
    }
    tear_down();
}
END_TEST

/* A mapping that moves and is dropped: links, the jump table and loads all follow. */
static void check_moved(void (*drop)(void))
{
    uint32_t page = CODE + PAGE_SIZE;

    for (unsigned i = 0; i < 20; i++) {
        space_map(&bench.space, page, page + (i & 1) * PAGE_SIZE, PTE_USER | PTE_RWX);
        drop();
        run_to_ecall(CODE);
        ck_assert_uint_eq(bench.hart.x[A0], 1 + (i & 1));
        run_to_ecall(CODE + 16);
        ck_assert_uint_eq(bench.hart.x[A0], 1 + (i & 1));
    }
}

static void drop_by_page(void)
{
    engine_drop_page(bench.engine, space_satp(&bench.space), CODE + PAGE_SIZE);
}

static void drop_by_root(void)
{
    engine_drop_root(bench.engine, space_satp(&bench.space));
}

static void drop_by_all(void)
{
    engine_drop_all(bench.engine);
}

START_TEST(test_moved_mapping)
{
    set_up(NULL);
    code(CODE, encode_jal(0, PAGE_SIZE));
    code(CODE + 16, encode_u(INSN_lui, T0, CODE + PAGE_SIZE));
    code(CODE + 20, encode_i(INSN_jalr, RA, T0, 0));
    for (uint32_t i = 1; i < 3; i++) {
        code(CODE + i * PAGE_SIZE, encode_i(INSN_addi, A0, 0, (int32_t)i));
        code(CODE + i * PAGE_SIZE + 4, ECALL);
    }
    check_moved(drop_by_page);
    check_moved(drop_by_root);
    check_moved(drop_by_all);
    tear_down();
}
END_TEST

/* Dropping one page of what a single entry maps drops all of it. */
START_TEST(test_moved_superpage)
{
    uint32_t va = 0x40000000;

    set_up(NULL);
    code(CODE, encode_i(INSN_lw, A0, A2, 0));
    code(CODE + 4, ECALL);
    store_le32(bench.ram + 0x400800, 1);
    store_le32(bench.ram + 0x000800, 2);
    bench.hart.x[A2] = va + 0x800;
    space_map_super(&bench.space, va, 0x400000, PTE_USER | PTE_R);
    run_to_ecall(CODE);
    ck_assert_uint_eq(bench.hart.x[A0], 1);
    space_map_super(&bench.space, va, 0, PTE_USER | PTE_R);
    engine_drop_page(bench.engine, space_satp(&bench.space), va + 0x200000);
    run_to_ecall(CODE);
    ck_assert_uint_eq(bench.hart.x[A0], 2);
    tear_down();
}
END_TEST

/* More roots than spaces are kept, each with data of its own at one address. */
START_TEST(test_spaces_evicted)
{
    struct jit_options options = {.spaces = 3};
    struct space root[ROOTS];

    set_up(&options);
    code(CODE, encode_i(INSN_lw, A0, A2, 0));
    code(CODE + 4, ECALL);
    for (uint32_t i = 0; i < ROOTS; i++) {
        root[i] = identity(0x10000 + i * 0x8000);
        space_map(&root[i], DATA, DATA + i * PAGE_SIZE, PTE_USER | PTE_R);
        store_le32(bench.ram + DATA + i * PAGE_SIZE, 100 + i);
    }
    bench.hart.x[A2] = DATA;
    for (uint32_t i = 0; i < 200; i++) {
        uint32_t which = (i * i + i / 7) % ROOTS;

        enter_space(&root[which]);
        run_to_ecall(CODE);
        ck_assert_uint_eq(bench.hart.x[A0], 100 + which);
    }
    tear_down();
}
END_TEST

#define MANY 60u
#define FEW 16u

/* Roots that are used once and never again take few spaces; those that come back get one each. */
START_TEST(test_spaces_opened)
{
    struct space root[MANY];

    set_up(NULL);
    code(CODE, encode_i(INSN_lw, A0, A2, 0));
    code(CODE + 4, ECALL);
    for (uint32_t i = 0; i < MANY; i++) {
        root[i] = identity(0x10000 + i * 0x4000);
        space_map(&root[i], DATA, DATA + i * PAGE_SIZE, PTE_USER | PTE_R);
        store_le32(bench.ram + DATA + i * PAGE_SIZE, 100 + i);
    }
    bench.hart.x[A2] = DATA;
    for (uint32_t i = 0; i < 6 * MANY; i++) {
        if (i == MANY)
            ck_assert_uint_eq(jit_stats(bench.jit)->spaces, FEW);
        enter_space(&root[i % MANY]);
        run_to_ecall(CODE);
        ck_assert_uint_eq(bench.hart.x[A0], 100 + i % MANY);
    }
    ck_assert_uint_eq(jit_stats(bench.jit)->spaces, MANY);
    tear_down();
}
END_TEST

/* The space of a root that is gone serves another, with none of its translations. */
START_TEST(test_spaces_reused)
{
    struct space root[ROOTS];

    set_up(NULL);
    code(CODE, encode_i(INSN_lw, A0, A2, 0));
    code(CODE + 4, ECALL);
    bench.hart.x[A2] = DATA;
    for (uint32_t i = 0; i < ROOTS; i++) {
        root[i] = identity(0x10000 + i * 0x8000);
        space_map(&root[i], DATA, DATA + i * PAGE_SIZE, PTE_USER | PTE_R);
        store_le32(bench.ram + DATA + i * PAGE_SIZE, 100 + i);
        enter_space(&root[i]);
        run_to_ecall(CODE);
        ck_assert_uint_eq(bench.hart.x[A0], 100 + i);
        enter_space(&root[0]);
        run_to_ecall(CODE);
        ck_assert_uint_eq(bench.hart.x[A0], 100);
        if (i)
            engine_drop_root(bench.engine, space_satp(&root[i]));
    }
    ck_assert_uint_eq(jit_stats(bench.jit)->spaces, 2);
    tear_down();
}
END_TEST

/* A store changes the very next instruction of its own block, again and again. */
START_TEST(test_block_writes_itself)
{
    set_up(NULL);
    code(CODE, encode_store(INSN_sw, A1, A2, 0));
    code(CODE + 4, encode_i(INSN_addi, A0, 0, 0));
    code(CODE + 8, ECALL);
    bench.hart.x[A2] = CODE + 4;
    for (int32_t i = 1; i < 50; i++) {
        bench.hart.x[A1] = encode_i(INSN_addi, A0, 0, i);
        run_to_ecall(CODE);
        ck_assert_uint_eq(bench.hart.x[A0], (uint32_t)i);
    }
    ck_assert_uint_ge(jit_stats(bench.jit)->invalidated, 49);
    tear_down();
}
END_TEST

/* Data beside code: stores to other lines of the page drop nothing. */
START_TEST(test_data_beside_code)
{
    uint64_t invalidated;

    set_up(NULL);
    code(CODE, encode_store(INSN_sw, A1, A2, 0));
    code(CODE + 4, ECALL);
    bench.hart.x[A2] = CODE + 0x800;
    run_to_ecall(CODE);
    invalidated = jit_stats(bench.jit)->invalidated;
    for (uint32_t i = 0; i < 50; i++) {
        bench.hart.x[A1] = i;
        run_to_ecall(CODE);
        ck_assert_uint_eq(load_le32(bench.ram + CODE + 0x800), i);
    }
    ck_assert_uint_eq(jit_stats(bench.jit)->invalidated, invalidated);
    tear_down();
}
END_TEST

/* A page that runs at several addresses: a store drops the code of all, from whichever it comes. */
START_TEST(test_views_of_a_page)
{
    const uint32_t views = 4, first = 0x700000;
    uint64_t before;

    set_up(NULL);
    for (uint32_t i = 0; i < views; i++) {
        space_map(&bench.space, first + i * PAGE_SIZE, CODE, PTE_USER | PTE_RWX);
        code(CODE + i * 64, encode_i(INSN_addi, A0, 0, (int32_t)i));
        code(CODE + i * 64 + 4, ECALL);
    }
    for (uint32_t written = 0; written < views; written++) {
        for (uint32_t i = 0; i < views; i++) {
            run_to_ecall(first + i * PAGE_SIZE + i * 64);
            ck_assert_uint_eq(bench.hart.x[A0] % 100, i);
        }
        before = jit_stats(bench.jit)->invalidated;
        code(CODE + 0x800, written);
        ck_assert_uint_eq(jit_stats(bench.jit)->invalidated, before);
        code(CODE + written * 64, encode_i(INSN_addi, A0, 0, (int32_t)(100 + written)));
        ck_assert_uint_eq(jit_stats(bench.jit)->invalidated, before + 1);
        run_to_ecall(first + written * PAGE_SIZE + written * 64);
        ck_assert_uint_eq(bench.hart.x[A0], 100 + written);
    }
    tear_down();
}
END_TEST

/* An instruction across two pages: its second half moves, is written, and differs by space. */
START_TEST(test_straddling_instruction)
{
    uint32_t at = CODE + PAGE_SIZE - 2, words[3] = {ECALL, ECALL, ECALL};
    struct space second;

    set_up(NULL);
    second = identity(0x10000);
    space_map(&second, CODE + PAGE_SIZE, CODE + 2 * PAGE_SIZE, PTE_USER | PTE_RWX);
    for (int32_t i = 1; i < 40; i++) {
        words[0] = encode_i(INSN_addi, A0, 0, i);
        memcpy(bench.ram + at, words, 8);
        words[0] = encode_i(INSN_addi, A0, 0, 100 + i);
        memcpy(bench.ram + at + 2 + PAGE_SIZE, (uint8_t *)words + 2, 6);
        engine_code_changed(bench.engine, at, 8);
        engine_code_changed(bench.engine, at + 2 + PAGE_SIZE, 6);
        for (int32_t k = 0; k < 6; k++) {
            enter_space(k & 1 ? &second : &bench.space);
            run_to_ecall(at);
            ck_assert_int_eq((int32_t)bench.hart.x[A0], i + (k & 1) * 100);
        }
    }
    space_map(&second, CODE + PAGE_SIZE, CODE + 2 * PAGE_SIZE, PTE_USER | PTE_R);
    engine_drop_page(bench.engine, space_satp(&second), CODE + PAGE_SIZE);
    bench.hart.pc = at;
    engine_run(bench.engine, &bench.hart, 10, &bench.exit);
    ck_assert_uint_eq(bench.exit.trap.cause, CAUSE_INSN_PAGE_FAULT);
    ck_assert_uint_eq(bench.exit.trap.tval, at + 2);
    ck_assert_uint_eq(bench.hart.pc, at);
    tear_down();
}
END_TEST

/* A page that was being written by fast stores becomes code: stores must be noticed from then. */
START_TEST(test_data_becomes_code)
{
    set_up(NULL);
    code(CODE, encode_store(INSN_sw, A1, A2, 0));
    code(CODE + 4, encode_i(INSN_jalr, RA, A2, 0));
    code(DATA + 4, ECALL);
    bench.hart.x[A2] = DATA;
    for (int32_t i = 0; i < 50; i++) {
        bench.hart.x[A1] = encode_i(INSN_addi, A0, 0, i);
        run_to_ecall(CODE);
        ck_assert_uint_eq(bench.hart.x[A0], (uint32_t)i);
    }
    tear_down();
}
END_TEST

/*
 * More pages are stored to than the tables have room for; then one of them, still mapped at many
 * addresses, becomes code and is written through the last of them.
 */
START_TEST(test_tables_full)
{
    const uint32_t first = 0x10000000, pages = 70000, last = first + (pages - 1) * PAGE_SIZE;

    set_up(NULL);
    bench.space.next = 0x20000;
    for (uint32_t i = 0; i < pages; i++)
        space_map(&bench.space, first + i * PAGE_SIZE, DATA + (i & 255) * PAGE_SIZE,
                  PTE_USER | PTE_RWX);
    code(CODE, encode_store(INSN_sw, A1, A2, 0));
    code(CODE + 4, encode_r(INSN_add, A2, A2, A0));
    code(CODE + 8, encode_branch(INSN_bltu, A2, T0, -8));
    code(CODE + 12, ECALL);
    code(CODE + 16, encode_store(INSN_sw, A1, A2, 0));
    code(CODE + 20, encode_i(INSN_jalr, RA, T0, 0));
    code(DATA + ((pages - 1) & 255) * PAGE_SIZE + 4, ECALL);
    for (int32_t i = 0; i < 3; i++) {
        bench.hart.x[A0] = PAGE_SIZE;
        bench.hart.x[A2] = first;
        bench.hart.x[T0] = last;
        bench.hart.x[A1] = 0x13;
        run_to_ecall(CODE);
        bench.hart.x[A2] = last;
        bench.hart.x[T0] = DATA + ((pages - 1) & 255) * PAGE_SIZE;
        for (int32_t k = 0; k < 4; k++) {
            bench.hart.x[A1] = encode_i(INSN_addi, A0, 0, 4 * i + k);
            run_to_ecall(CODE + 16);
            ck_assert_int_eq((int32_t)bench.hart.x[A0], 4 * i + k);
        }
    }
    ck_assert_uint_gt(jit_stats(bench.jit)->fills, pages);
    tear_down();
}
END_TEST

/* ---- What is shown ---- */

static uint32_t told;

static void count_block(void *owner, const struct jit_block *block)
{
    ck_assert_ptr_eq(owner, &told);
    ck_assert_uint_gt(block->host_len, 0);
    ck_assert_uint_eq(block->pa, block->va);
    told++;
}

START_TEST(test_blocks_are_told)
{
    struct jit_options options = {.translated = count_block, .owner = &told};
    uint32_t first;

    told = 0;
    set_up(&options);
    long_program(3);
    start_long();
    run_to_ecall(CODE);
    first = told;
    ck_assert_uint_eq(first, jit_stats(bench.jit)->blocks);
    jit_each_block(bench.jit, count_block, &told);
    ck_assert_uint_eq(told, 2 * first);
    tear_down();
}
END_TEST

static const uint8_t *some_host;

static void take_host(void *owner, const struct jit_block *block)
{
    (void)owner;
    some_host = block->host;
}

/* None of the cache's mappings is both writable and executable; translated code is not writable. */
START_TEST(test_never_writable_and_executable)
{
    char line[512], rights[8];
    uintptr_t from, to;
    bool found = false;
    FILE *maps;

    set_up(NULL);
    code(CODE, ECALL);
    run_to_ecall(CODE);
    jit_each_block(bench.jit, take_host, NULL);
    maps = fopen("/proc/self/maps", "r");
    ck_assert_ptr_nonnull(maps);
    while (fgets(line, sizeof line, maps)) {
        ck_assert_int_eq(sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %7s", &from, &to, rights), 3);
        if (strstr(line, "pz-jit"))
            ck_assert_msg(rights[1] != 'w' || rights[2] != 'x', "%s", line);
        if ((uintptr_t)some_host >= from && (uintptr_t)some_host < to)
            found = rights[1] != 'w' && rights[2] == 'x';
    }
    fclose(maps);
    ck_assert(found);
    tear_down();
}
END_TEST

START_TEST(test_bad_ram)
{
    struct jit *jit;
    uint8_t byte;

    ck_assert_int_eq(jit_create(&byte, 0, 0, NULL, &jit), JIT_BAD_RAM);
    ck_assert_int_eq(jit_create(&byte, 0, 100, NULL, &jit), JIT_BAD_RAM);
    ck_assert_int_eq(jit_create(&byte, 1, 4096, NULL, &jit), JIT_BAD_RAM);
    ck_assert_int_eq(jit_create(&byte, 0, 0x100001000, NULL, &jit), JIT_BAD_RAM);
    jit_destroy(NULL);
}
END_TEST

SUITE_MAIN("jit_cache", test_cache_full, test_cache_large, test_engines_by_turns,
           test_links_are_guarded, test_moved_mapping, test_moved_superpage,
           test_spaces_evicted, test_spaces_opened, test_spaces_reused,
           test_block_writes_itself, test_data_beside_code, test_views_of_a_page,
           test_data_becomes_code, test_tables_full, test_straddling_instruction,
           test_blocks_are_told, test_never_writable_and_executable, test_bad_ram)

#else

int main(void)
{
    return 77;
}

#endif
