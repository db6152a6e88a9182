/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - a library system with an application that needs more pages than it has frames, and a
 * pager, which is the student's. Two groups: the first starts the second with a quota and blocks of
 * the disk, and revokes frames of it when it is told to, by a packet; the second is the application
 * with its library. Prints a line for each property.
 */
#include "flat.h"
#include "format.h"
#include "paging.h"
#include "string.h"

#define PRINT_PAGE 0x00340000u
#define BUFFER 0x00341000u /* of a block */

enum {
    FIRST_BLOCK = 0, /* the boot system gives the first system of a run these */
    APP_PAGES = 96,  /* the quota of the application's group, with all that it is made of */
    APP_SLICES = 4,
    UPCALLS = 2,       /* for one access: more are of no use */
    REVOKED = 2,       /* frames */
    DEADLINE = 400000, /* instructions to give them back in */
    REVOKE = 0x5245564f,
    MARK = 0x4d41524b,
    MARK_WORD = PAGE / 4 - 1,
    PACKET_AT = 512,
    FILTER_AT = 1024,
    STORE_FAULT = 15,
    PC = 0,
};

void paging_handler(void); /* handler.S */
void paging_upcall(uint32_t *frame, uint32_t cause, uint32_t value);

static volatile bool wrong;
static volatile uint32_t upcalls; /* for this access */
static uint32_t print_page, buffer_page;

static uint32_t own_group(void)
{
    const struct page *owners = (const struct page *)(BUFFER + PAGE);

    return owners[print_page - flat_info->first_page].group;
}

static void flush(struct sink *s)
{
    exo_console_write(print_page, 0, s->used);
    s->used = 0;
}

/* Without a page of its own for each line, as flat_print(): there may be none. */
static void say(const char *fmt, ...)
{
    struct sink s = {.buffer = (char *)PRINT_PAGE, .size = PAGE, .flush = flush};
    va_list args;

    va_start(args, fmt);
    format(&s, fmt, args);
    va_end(args);
}

static void verdict(const char *property)
{
    say("%s: %s\n", property, wrong ? "wrong" : "ok");
    wrong = false;
}

uint32_t paging_block(uint32_t n)
{
    return FIRST_BLOCK + n;
}

/* An access that the pager does not help is skipped. */
void paging_upcall(uint32_t *frame, uint32_t cause, uint32_t value)
{
    if (cause == CAUSE_REVOKE) {
        pager_give_back(value);
        return;
    }
    if (value - WINDOW < PAGES * PAGE && ++upcalls <= UPCALLS) {
        pager_fault(value & ~(PAGE - 1), cause == STORE_FAULT);
        return;
    }
    wrong = true;
    frame[PC] += 4;
}

static volatile uint32_t *word_of(uint32_t page)
{
    return (volatile uint32_t *)(WINDOW + page * PAGE + 16);
}

static void store(uint32_t page, uint32_t value)
{
    upcalls = 0;
    *word_of(page) = value;
}

/* Skipped, it would leave what was there: so that must be wrong. */
static void load(uint32_t page, uint32_t value)
{
    uint32_t got = ~value;

    upcalls = 0;
    asm volatile("lw %0, 0(%1)" : "+r"(got) : "r"(word_of(page)) : "memory");
    wrong |= got != value;
}

static void first_touch(void)
{
    for (uint32_t round = 0; round < 2; round++)
        for (uint32_t page = 0; page < PAGES; page++)
            load(page, 0);
    verdict("first touch");
}

static void what_is_written(void)
{
    store(0, 0x1995);
    load(0, 0x1995);
    store(1, 0x1974);
    load(1, 0x1974);
    load(0, 0x1995);
    verdict("what is written");
}

static void more_than_memory(void)
{
    for (uint32_t page = 0; page < PAGES; page++)
        store(page, page + 100);
    for (uint32_t page = 0; page < PAGES; page++)
        load(page, page + 100);
    verdict("more than memory");
}

static void dirty_later(void)
{
    for (uint32_t page = PAGES; page-- > 0;) {
        load(page, page + 100);
        store(page, page << 8);
    }
    for (uint32_t page = PAGES; page-- > 0;)
        load(page, page << 8);
    verdict("dirty later");
}

/* Behind the pager's back, a word of its block: whoever writes the page writes over it. */
static void mark(uint32_t page)
{
    exo_disk_transfer(paging_block(page), buffer_page, 0);
    ((uint32_t *)BUFFER)[MARK_WORD] = MARK;
    exo_disk_transfer(paging_block(page), buffer_page, 1);
}

static uint32_t count_marks(void)
{
    uint32_t n = 0;

    for (uint32_t page = 0; page < PAGES; page++) {
        exo_disk_transfer(paging_block(page), buffer_page, 0);
        n += ((uint32_t *)BUFFER)[MARK_WORD] == MARK;
    }
    return n;
}

/* What is in memory may be dirty still; nothing else is. */
static void clean_pages(void)
{
    for (uint32_t page = 0; page < PAGES; page++) {
        load(page, page << 8);
        mark(page);
    }
    for (uint32_t page = 0; page < PAGES; page++)
        load(page, page << 8);
    wrong |= count_marks() < PAGES - FRAMES;
    verdict("clean pages");
}

/* Four frames are in use, changed. Afterwards the pager lives with fewer. */
static void gives_back(void)
{
    const struct group_info *me = &flat_info->group[own_group()];
    uint32_t limit = me->pages_limit;

    for (uint32_t page = 0; page < FRAMES; page++)
        store(page, page + 7);
    *(uint32_t *)(BUFFER + PACKET_AT) = REVOKE;
    exo_packet_send(buffer_page, PACKET_AT, sizeof(uint32_t));
    while (((volatile const struct group_info *)me)->pages_limit == limit)
        exo_yield(NONE);
    for (uint32_t page = 0; page < PAGES; page++)
        load(page, page < FRAMES ? page + 7 : page << 8);
    wrong |= me->repossessed != 0;
    verdict("gives back");
}

/* All but the frames, and a few pages for tables, is in use. */
static void use_up(void)
{
    const struct group_info *me = &flat_info->group[own_group()];

    while (me->pages < me->pages_limit - FRAMES)
        exo_page_alloc(NONE, 0);
}

static void soil_blocks(void)
{
    memset((void *)BUFFER, 0xdd, PAGE);
    for (uint32_t page = 0; page < PAGES; page++)
        exo_disk_transfer(paging_block(page), buffer_page, 1);
}

/* A page of ours that stays, and its name. */
static uint32_t take_page(uint32_t va)
{
    uint32_t name = (uint32_t)exo_page_alloc(NONE, 0);

    flat_map(SELF, NONE, va, name, MAP_R | MAP_W | MAP_A | MAP_D | MAP_KEEP);
    return name;
}

/* So that names can be looked up; and the window's table is there before the frames are counted. */
static void map_owners(void)
{
    for (uint32_t i = 0; i < flat_info->owner_pages; i++)
        flat_map(SELF, NONE, BUFFER + (1 + i) * PAGE, flat_info->owner_page + i, MAP_R);
    flat_map(SELF, NONE, WINDOW, NONE, MAP_R);
    exo_map(SELF, WINDOW, NONE, 0);
}

static _Noreturn void end(uint32_t status)
{
    exo_group_end(status);
    for (;;)
        ;
}

static _Noreturn void run_application(void)
{
    print_page = take_page(PRINT_PAGE);
    buffer_page = take_page(BUFFER);
    map_owners();
    soil_blocks();
    use_up();
    flat_save->handler = (uint32_t)paging_handler;
    flat_save->wants = WANTS_REVOKE;
    first_touch();
    what_is_written();
    more_than_memory();
    dirty_later();
    clean_pages();
    gives_back();
    end(0);
}

static void install_filter(void)
{
    *(struct filter_op *)(BUFFER + FILTER_AT) =
        (struct filter_op){.kind = FILTER_EQUAL, .word = 0, .mask = ~0u, .value = REVOKE};
    exo_filter_install(buffer_page, FILTER_AT, 1);
}

/* Until the application has ended, or is given up. */
static uint32_t supervise(uint32_t group)
{
    int32_t status;

    while ((status = exo_group_status(group)) == -EAGAIN) {
        if (exo_packet_take(buffer_page, PACKET_AT) > 0)
            exo_revoke(group, REVOKED, DEADLINE);
        exo_sleep(exo_time() + DEADLINE / 100);
    }
    return (uint32_t)status;
}

static int32_t start_application(void)
{
    int32_t group = exo_group_create(APP_PAGES, APP_SLICES), env;

    if (group < 0)
        return group;
    exo_disk_bind(FIRST_BLOCK, PAGES, (uint32_t)group);
    env = flat_new_environment(flat_file("paging"), "app", (uint32_t)group);
    if (env < 0)
        return env;
    exo_slice_alloc((uint32_t)env, NONE);
    return exo_env_start((uint32_t)env) < 0 ? -ENOMEM : group;
}

/* Both groups run this image. */
void flat_main(const char *arguments, uint32_t image_table)
{
    int32_t group;

    (void)image_table;
    if (strcmp(arguments, "app") == 0)
        run_application();
    buffer_page = take_page(BUFFER);
    install_filter();
    group = start_application();
    if (group < 0) {
        flat_print("paging: cannot start the application: error %d\n", -group);
        end(1);
    }
    end(supervise((uint32_t)group));
}
