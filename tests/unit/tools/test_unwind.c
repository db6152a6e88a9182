/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_unwind.c - stacks walked in handmade code and memory: where they end, and that no contents
 * of a guest's registers make the walk endless or read outside memory.
 */
#include "tests/support/encode.h"
#include "tests/support/engines.h"
#include "tests/support/space.h"
#include "tests/support/suite.h"
#include "tools/show/unwind.h"

#define RAM (1u << 20)
#define STACK 0x80000u
#define NOP 0x13u
#define RET 0x8067u
enum { RA = 1, SP = 2 };

/* Functions of 64 bytes each, and what is at 0x5000 in user pages. */
static struct symbol list[] = {
    {0x1000, 64, "outer", true},   {0x1040, 64, "middle", true},
    {0x1080, 64, "leaf", true},    {0x10c0, 64, "handler", true},
    {0x5000, 64, "program", true}, {0x6000, 0, "linkers_label", false}};
static const struct symbols symbols = {.list = list, .count = sizeof list / sizeof list[0]};

static uint8_t *ram;
static struct hart hart;
static uint32_t frames[UNWIND_MOST];

/* addi sp, sp, -16; sw ra, 12(sp); nop...; ret */
static void function(uint32_t at)
{
    store_le32(ram + at, encode_i(INSN_addi, SP, SP, -16));
    store_le32(ram + at + 4, encode_store(INSN_sw, RA, SP, 12));
    for (uint32_t i = 8; i < 56; i += 4)
        store_le32(ram + at + i, NOP);
    store_le32(ram + at + 56, encode_i(INSN_addi, SP, SP, 16));
    store_le32(ram + at + 60, RET);
}

static void set_up(void)
{
    ram = ram_new(RAM);
    for (unsigned i = 0; i < symbols.count; i++)
        function(list[i].address);
    for (uint32_t at = 0x1080; at < 0x10c0 - 4; at += 4)
        store_le32(ram + at, NOP); /* the leaf has no frame */
    hart_reset(&hart, 0x1088);
    hart.stvec = 0x10c0;
    hart.x[SP] = STACK;
    hart.x[RA] = 0x1054;                    /* leaf was called by middle, */
    store_le32(ram + STACK + 12, 0x1010);   /* and that by outer */
    store_le32(ram + STACK + 16 + 12, 0x0); /* and that by nobody */
}

static void tear_down(void)
{
    ram_free(ram, RAM);
}

static unsigned look(void)
{
    struct peek peek = {&hart, {.ram = ram, .size = RAM}};

    return unwind(&peek, &symbols, frames);
}

START_TEST(test_nest)
{
    set_up();
    ck_assert_uint_eq(look(), 3);
    ck_assert_uint_eq(frames[0], 0x1088);
    ck_assert_uint_eq(frames[1], 0x1052);
    ck_assert_uint_eq(frames[2], 0x100e);
    tear_down();
}
END_TEST

/* Before the frame is there, when ra is not saved yet, and at the return. */
START_TEST(test_edges)
{
    static const struct {
        uint32_t pc, sp;
    } at[] = {{0x1040, STACK + 16}, {0x1044, STACK}, {0x1048, STACK}, {0x107c, STACK + 16}};

    for (unsigned i = 0; i < sizeof at / sizeof at[0]; i++) {
        set_up();
        hart.pc = at[i].pc;
        hart.x[SP] = at[i].sp;
        hart.x[RA] = 0x1010;
        ck_assert_uint_eq(look(), 2);
        ck_assert_uint_eq(frames[1], 0x100e);
        tear_down();
    }
}
END_TEST

/* What the handler has saved is no caller's address, though it is one. */
START_TEST(test_handler_ends_it)
{
    set_up();
    hart.x[RA] = 0x10d0;
    ck_assert_uint_eq(look(), 2);
    ck_assert_uint_eq(frames[1], 0x10ce);
    tear_down();
}
END_TEST

/* A kernel on its way out has a user's address in ra, where the kernel has a symbol as well. */
START_TEST(test_user_page_calls_no_kernel)
{
    struct space space;

    set_up();
    space = space_new(ram, 0x20000);
    space_map(&space, 0x1000, 0x1000, PTE_V | PTE_R | PTE_X | PTE_A | PTE_D);
    space_map(&space, STACK, STACK, PTE_V | PTE_R | PTE_W | PTE_A | PTE_D);
    space_map(&space, 0x5000, 0x5000, PTE_V | PTE_R | PTE_X | PTE_U | PTE_A | PTE_D);
    hart.satp = space_satp(&space);
    ck_assert_uint_eq(look(), 3);
    hart.x[RA] = 0x5010;
    ck_assert_uint_eq(look(), 1);
    tear_down();
}
END_TEST

/* An old ra within the same function: it has not called itself. */
START_TEST(test_stale_ra)
{
    set_up();
    hart.x[RA] = 0x1084;
    ck_assert_uint_eq(look(), 1);
    tear_down();
}
END_TEST

/* A linker's label among data names no function. */
START_TEST(test_label_of_data)
{
    set_up();
    hart.x[RA] = 0x5010;
    ck_assert_uint_eq(look(), 3);
    hart.x[RA] = 0x6010;
    ck_assert_uint_eq(look(), 1);
    tear_down();
}
END_TEST

/* Stacks in a circle, at the end of memory, across pages, nowhere; code without a name. */
START_TEST(test_hostile)
{
    set_up();
    hart.pc = 0x1050;
    for (uint32_t at = 12; at < 4096; at += 16)
        store_le32(ram + STACK + at, 0x1054); /* middle calls middle ... */
    ck_assert_uint_eq(look(), UNWIND_MOST);
    hart.x[SP] = 0xfffffff8u;
    ck_assert_uint_le(look(), 2);
    hart.x[SP] = RAM - 14;
    ck_assert_uint_eq(look(), 1);
    hart.x[SP] = STACK + 0x1000 - 14;
    store_le32(ram + hart.x[SP] + 12, 0x1010);
    store_le32(ram + hart.x[SP] + 28, 1);
    ck_assert_uint_eq(look(), 2);
    for (uint32_t ra = 0; ra < 3; ra++) {
        hart.pc = 0x1088;
        hart.x[RA] = ra;
        ck_assert_uint_eq(look(), 1);
    }
    hart.pc = 0xfffffffe;
    ck_assert_uint_eq(look(), 1);
    tear_down();
}
END_TEST

SUITE_MAIN("unwind", test_nest, test_edges, test_handler_ends_it,
           test_user_page_calls_no_kernel, test_stale_ra, test_label_of_data, test_hostile)
