/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory.c - the heap, demand-zero pages, and copy-on-write.
 */
#include "usertests.h"

enum { PAGES = 16 };

static char *memory;
static int fds[2];

static void fill(char value)
{
    for (int i = 0; i < PAGES; i++)
        memory[i * PAGE + i] = value;
}

static void check_filled(char value)
{
    for (int i = 0; i < PAGES; i++)
        CHECK(memory[i * PAGE + i] == value);
}

static void touch_end(void)
{
    *(volatile char *)sbrk(0) = 1;
}

void test_sbrk_grow_shrink(void)
{
    char *start = sbrk(0);

    memory = grow(PAGES);
    CHECK(memory == start);
    CHECK(sbrk(0) == start + PAGES * PAGE);
    fill(1);
    check_killed(touch_end);
    CHECK(sbrk(-PAGE) == start + PAGES * PAGE);
    check_killed(touch_end);
    CHECK(sbrk(-(PAGES - 1) * PAGE) == start + (PAGES - 1) * PAGE);
    check_killed(touch_end);
    CHECK(grow(PAGES) == start);
    check_filled(0);
}

/* The break may stand anywhere; rights end with the page it is in. */
void test_sbrk_limits(void)
{
    char *start = sbrk(0);

    CHECK(sbrk(-1) == pointer((uint32_t)-EINVAL));
    CHECK(sbrk(INT32_MIN) == pointer((uint32_t)-EINVAL));
    CHECK(sbrk(INT32_MAX) == pointer((uint32_t)-ENOMEM));
    CHECK(sbrk((int)(free_pages() + 2) * PAGE) == pointer((uint32_t)-ENOMEM));
    CHECK(sbrk(1) == start);
    CHECK(sbrk(PAGE) == start + 1);
    start[PAGE] = 1;
    CHECK(sbrk(-(PAGE + 1)) == start + PAGE + 1);
    CHECK(sbrk(0) == start);
    check_killed(touch_end);
}

void test_sbrk_gives_back(void)
{
    uint32_t before;

    memory = grow(PAGES);
    fill(1);
    before = free_pages();
    sbrk(-PAGES * PAGE);
    CHECK(free_pages() == before + PAGES);
}

void test_demand_zero(void)
{
    uint32_t before;

    memory = grow(PAGES);
    memory[0] = 1; /* now the page table is there, too */
    before = free_pages();
    CHECK(memory[3 * PAGE] == 0);
    CHECK(free_pages() == before - 1);
    memory[3 * PAGE] = 1;
    CHECK(free_pages() == before - 1);
    for (int i = 0; i < PAGE; i++)
        CHECK(memory[5 * PAGE + i] == 0);
    CHECK(free_pages() == before - 2);
}

void test_kernel_fills_demand_zero(void)
{
    int fd = open("sh", O_READ);

    memory = grow(PAGES);
    CHECK(read(fd, memory + PAGE - 100, 200) == 200);
    CHECK(memory[PAGE - 101] == 0);
    CHECK(memcmp(memory + PAGE - 99, "ELF", 3) == 0);
    CHECK(memory[PAGE + 100] == 0);
}

static void overwrite(void)
{
    check_filled(1);
    fill(2);
    sleep(TICK_MS);
    check_filled(2);
}

static void look_later(void)
{
    sleep(TICK_MS);
    check_filled(1);
}

void test_cow_isolation(void)
{
    int pid;

    memory = grow(PAGES);
    fill(1);
    CHECK(run_child(overwrite) == 0);
    check_filled(1);
    pid = start_child(look_later);
    fill(3);
    CHECK(wait_child(pid) == 0);
    check_filled(3);
}

static void count_while_writing(void)
{
    uint32_t before;

    memory[0] = 2;
    before = free_pages();
    for (int i = 1; i < PAGES; i++)
        CHECK(memory[i * PAGE + i] == 1);
    CHECK(free_pages() == before);
    for (int i = 1; i < PAGES; i++)
        memory[i * PAGE] = 2;
    CHECK(free_pages() == before - (PAGES - 1));
    for (int i = 1; i < PAGES; i++)
        memory[i * PAGE] = 3;
    CHECK(free_pages() == before - (PAGES - 1));
}

/* Reading shares, the first write copies, and the last one that is left copies no more. */
void test_cow_counts(void)
{
    uint32_t before;

    memory = grow(PAGES);
    fill(1);
    CHECK(run_child(count_while_writing) == 0);
    before = free_pages();
    fill(4);
    CHECK(free_pages() == before);
    check_filled(4);
}

static void read_into_shared(void)
{
    CHECK(read(fds[0], memory, 3) == 3);
    CHECK(memcmp(memory, "new", 3) == 0);
}

/* The kernel writes to user memory by its own mapping: that must copy, too. */
void test_cow_by_kernel(void)
{
    memory = grow(1);
    memcpy(memory, "old", 3);
    CHECK(pipe(fds) == 0);
    CHECK(write(fds[1], "new", 3) == 3);
    CHECK(run_child(read_into_shared) == 0);
    CHECK(memcmp(memory, "old", 3) == 0);
}

static void grandchild(void)
{
    check_filled(2);
    fill(3);
}

static void child(void)
{
    fill(2);
    CHECK(run_child(grandchild) == 0);
    check_filled(2);
}

void test_cow_grandchild(void)
{
    memory = grow(PAGES);
    fill(1);
    CHECK(run_child(child) == 0);
    check_filled(1);
}
