/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gauge.c - what the kernel's ways cost, by the time CSR, which counts instructions on PZ32 run
 * bare: a call, a change of a page-table entry, an upcall with its resume, a write fault that
 * the program's own handler mends.
 */
#include "flat.h"

#define VA 0x00340000u

enum { TIMES = 1000, NAME_WORD = SAVE_SIZE / 4 };

extern char gauge_skip[], gauge_open[]; /* handler.S */

static void null_call(uint32_t page)
{
    (void)page;
    exo_env_status(SELF);
}

static void map_entry(uint32_t page)
{
    exo_map(SELF, VA, page, MAP_R | MAP_W | MAP_A | MAP_D);
}

static void map_new(uint32_t page)
{
    (void)page;
    exo_map(SELF, VA, NONE, MAP_R | MAP_W | MAP_A | MAP_D);
}

static void upcall(uint32_t page)
{
    (void)page;
    asm volatile("ebreak" : : : "memory");
}

/* Protected, written to, opened: two changes of the entry and a fault. */
static void protect_and_write(uint32_t page)
{
    exo_map(SELF, VA, page, MAP_R | MAP_A);
    *(volatile uint32_t *)VA = 1;
}

static void nothing(uint32_t page)
{
    asm volatile("" : : "r"(page) : "memory");
}

static uint32_t measure(void (*what)(uint32_t), uint32_t page)
{
    uint64_t start = exo_time();

    for (int i = 0; i < TIMES; i++)
        what(page);
    return (uint32_t)(exo_time() - start);
}

static void report(const char *name, void (*what)(uint32_t), uint32_t page, uint32_t less)
{
    uint32_t ticks = measure(what, page) - less;

    flat_print("gauge: %s: %u.%u\n", name, ticks / TIMES, ticks % TIMES * 10 / TIMES);
}

void flat_main(const char *arguments, uint32_t image_table)
{
    int32_t page = exo_page_alloc(NONE, 0);
    uint32_t loop = measure(nothing, 0);

    (void)arguments;
    (void)image_table;
    exo_map(SELF, VA + PAGE, (uint32_t)page, MAP_R);
    report("a call that does nothing", null_call, 0, loop);
    report("an entry changed", map_entry, (uint32_t)page, loop);
    report("an entry with a new page, cleared", map_new, 0, loop);
    flat_save->handler = (uint32_t)gauge_skip;
    report("an exception, taken by the library, and back", upcall, 0, loop);
    flat_save->handler = (uint32_t)gauge_open;
    ((uint32_t *)BOOT_SAVE)[NAME_WORD] = (uint32_t)page;
    exo_map(SELF, VA, (uint32_t)page, MAP_R | MAP_W);
    report("a page protected, and opened at the fault", protect_and_write, (uint32_t)page,
           loop);
    exo_group_end(0);
    for (;;)
        ;
}
