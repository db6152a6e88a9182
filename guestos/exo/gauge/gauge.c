/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gauge.c - what the kernel's ways cost, by the time CSR, which counts instructions on PZ32 run
 * bare: a call, a change of a page-table entry, an upcall with its resume, a write fault that
 * the program's own handler mends.
 */
#include <stddef.h>

#include "flat.h"

#define VA 0x00340000u

enum { TIMES = 1000, MANY = 1000000, NAME_WORD = SAVE_SIZE / 4 };

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

static void map_and_read(uint32_t page)
{
    map_entry(page);
    (void)*(volatile uint32_t *)VA;
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

struct way {
    char key;
    const char *name;
    void (*what)(uint32_t page);
    const char *handler;
};

static const struct way ways[] = {
    {'c', "a call that does nothing", null_call, NULL},
    {'m', "an entry changed", map_entry, NULL},
    {'r', "an entry changed, and its page read", map_and_read, NULL},
    {'n', "an entry with a new page, cleared", map_new, NULL},
    {'u', "an exception, taken by the library, and back", upcall, gauge_skip},
    {'p', "a page protected, and opened at the fault", protect_and_write, gauge_open},
};

static uint32_t measure(void (*what)(uint32_t), uint32_t page, uint32_t times)
{
    uint64_t start = exo_time();

    for (uint32_t i = 0; i < times; i++)
        what(page);
    return (uint32_t)(exo_time() - start);
}

static void gauge(const struct way *w, uint32_t page, uint32_t times)
{
    uint32_t ticks;

    flat_save->handler = (uint32_t)w->handler;
    exo_map(SELF, VA, page, MAP_R | MAP_W);
    ticks = measure(w->what, page, times) - measure(nothing, page, times);
    flat_print("gauge: %s: %u.%u\n", w->name, ticks / times, ticks % times * 10 / times);
}

/* @gauge: all of them; @gauge:p5000: that one, so often. */
void flat_main(const char *arguments, uint32_t image_table)
{
    int32_t page = exo_page_alloc(NONE, 0);
    uint32_t times = 0;

    (void)image_table;
    for (const char *c = arguments; *c && times < MANY; c++)
        if (*c >= '0' && *c <= '9')
            times = times * 10 + (uint32_t)(*c - '0');
    times = times ? times : TIMES;
    exo_map(SELF, VA + PAGE, (uint32_t)page, MAP_R);
    ((uint32_t *)BOOT_SAVE)[NAME_WORD] = (uint32_t)page;
    for (uint32_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
        if (!arguments[0] || arguments[0] == ways[i].key)
            gauge(&ways[i], (uint32_t)page, times);
    exo_group_end(0);
    for (;;)
        ;
}
