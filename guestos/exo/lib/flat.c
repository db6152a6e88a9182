/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flat.c - starting library systems, and what they have in common before they are anything.
 */
#include "flat.h"

#include "format.h"
#include "string.h"

#define WINDOW 0x00310000u /* where a page of another environment is filled */
#define PRINT_PAGE 0x00311000u

enum { BASE_WORD = 1, REG_SP = 2, REG_A0 = 10, REG_A1 = 11, ARGUMENTS_ROOM = 512 };

/* NONE: our own group, to which a page need not be given. */
static int32_t give(uint32_t page, uint32_t group)
{
    return group == NONE ? 0 : exo_page_give(page, group);
}

static int32_t add_table(uint32_t env, uint32_t group, uint32_t va)
{
    int32_t table = exo_page_alloc(NONE, 0);

    if (table >= 0 && give((uint32_t)table, group) < 0) {
        exo_page_free((uint32_t)table);
        return -ENOMEM;
    }
    return table < 0 ? table : exo_map_table(env, va, (uint32_t)table);
}

int32_t flat_map(uint32_t env, uint32_t group, uint32_t va, uint32_t name, uint32_t bits)
{
    int32_t error = exo_map(env, va, name, bits);

    if (error == -ENOENT)
        error = add_table(env, group, va);
    else
        return error;
    return error < 0 ? error : exo_map(env, va, name, bits);
}

void flat_zero_pages(uint32_t start, uint32_t end)
{
    for (uint32_t va = start; va < end; va += PAGE)
        flat_map(SELF, NONE, va, NONE, MAP_R | MAP_W);
}

static void flush(struct sink *s)
{
    exo_console_write((uint32_t)s->fd, 0, s->used);
    s->used = 0;
}

void flat_print(const char *fmt, ...)
{
    int32_t page = exo_page_alloc(NONE, 0);
    struct sink s = {.buffer = (char *)PRINT_PAGE, .size = PAGE, .flush = flush, .fd = page};
    va_list args;

    if (page < 0 || exo_map(SELF, PRINT_PAGE, (uint32_t)page, MAP_R | MAP_W) < 0)
        return;
    va_start(args, fmt);
    format(&s, fmt, args);
    va_end(args);
    exo_map(SELF, PRINT_PAGE, NONE, 0);
}

const struct archive_file *flat_file(const char *name)
{
    for (const struct archive_file *f = flat_archive; f->name[0]; f++)
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}

/* A page of the new environment, with us to fill it until flat_map(WINDOW) is undone. */
static void *fill(uint32_t page)
{
    exo_map(SELF, WINDOW, page, MAP_R | MAP_W | MAP_KEEP);
    return (void *)WINDOW;
}

static void filled(void)
{
    exo_map(SELF, WINDOW, NONE, 0);
}

static int32_t map_stack(uint32_t env, uint32_t group, const char *arguments)
{
    int32_t page = exo_page_alloc(NONE, 0);

    if (page < 0)
        return page;
    copy_name((char *)fill((uint32_t)page) + PAGE - ARGUMENTS_ROOM, arguments, ARGUMENTS_ROOM);
    filled();
    if (give((uint32_t)page, group) < 0)
        return -ENOMEM;
    return flat_map(env, group, BOOT_STACK - PAGE, (uint32_t)page, MAP_R | MAP_W);
}

/* The table for the image comes first, so that the system can be told its name. */
static int32_t map_image(uint32_t env, uint32_t group, const struct archive_file *file,
                         uint32_t *table)
{
    uint32_t first = flat_info->archive_page + file->offset / PAGE;
    uint32_t base = ((const uint32_t *)((uint32_t)flat_archive + file->offset))[BASE_WORD];
    int32_t error = exo_page_alloc(NONE, 0);

    if (error < 0)
        return error;
    *table = (uint32_t)error;
    error = give(*table, group);
    if (error == 0)
        error = exo_map_table(env, base, *table);
    for (uint32_t at = 0; error == 0 && at < file->size; at += PAGE)
        error = exo_map(env, base + at, first + at / PAGE, MAP_R | MAP_X);
    return error;
}

static int32_t map_common(uint32_t env, uint32_t group, uint32_t save)
{
    uint32_t pages = flat_info->archive_pages, first = flat_info->archive_page;
    int32_t error = flat_map(env, group, BOOT_SAVE, save, MAP_R | MAP_W);

    if (error == 0)
        error = flat_map(env, group, BOOT_INFO, flat_info->info_page, MAP_R);
    for (uint32_t i = 0; error == 0 && i < pages; i++)
        error = flat_map(env, group, BOOT_ARCHIVE + i * PAGE, first + i, MAP_R);
    return error;
}

int32_t flat_new_environment(const struct archive_file *file, const char *arguments,
                             uint32_t group)
{
    uint32_t base = ((const uint32_t *)((uint32_t)flat_archive + file->offset))[BASE_WORD];
    int32_t root = exo_page_alloc(NONE, 0), save = exo_page_alloc(NONE, 0), env, error;
    struct save *s = fill((uint32_t)save);
    uint32_t table = 0;

    s->pc = base;
    s->x[REG_SP] = BOOT_STACK - ARGUMENTS_ROOM;
    s->x[REG_A0] = BOOT_STACK - ARGUMENTS_ROOM;
    env = exo_env_create((uint32_t)root, (uint32_t)save, group);
    if (env < 0)
        return env;
    error = map_image((uint32_t)env, group, file, &table);
    s->x[REG_A1] = table;
    filled();
    if (error == 0)
        error = map_stack((uint32_t)env, group, arguments);
    if (error == 0)
        error = map_common((uint32_t)env, group, (uint32_t)save);
    return error < 0 ? error : env;
}

int32_t flat_start_system(const char *name, const char *arguments, uint32_t pages,
                          uint32_t slices)
{
    const struct archive_file *file = flat_file(name);
    int32_t group = file ? exo_group_create(pages, slices) : -ENOENT, env;

    if (group < 0)
        return group;
    env = flat_new_environment(file, arguments, (uint32_t)group);
    if (env < 0)
        return env;
    exo_slice_alloc((uint32_t)env, NONE);
    exo_env_start((uint32_t)env);
    return group;
}
