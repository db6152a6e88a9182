/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * space.c - a new environment, for fork and for exec: its pages, which the library chooses and
 * enters in its tables before it ever runs.
 */
#include "posix.h"
#include "string.h"

#define FILL (WINDOW + PAGE)
#define READ_WRITE (MAP_R | MAP_W | MAP_A | MAP_D)

enum { ENTRY_V = 1, NAME_SHIFT = 10 };

static void close_windows(void)
{
    exo_map(SELF, WINDOW, NONE, 0);
    exo_map(SELF, FILL, NONE, 0);
}

static int32_t add_table(uint32_t env, uint32_t va)
{
    int32_t table = exo_page_alloc(NONE, PAGE_DIRTY), error;

    if (table < 0)
        return table;
    error = exo_map_table(env, va, (uint32_t)table);
    return error < 0 ? error
                     : exo_map(env, PRIVATE + va / SUPERPAGE * PAGE, (uint32_t)table, MAP_R);
}

/* For the library's stack: it need not be clear. */
static int32_t add_page(uint32_t env, uint32_t va)
{
    int32_t page = exo_page_alloc(NONE, PAGE_DIRTY);

    return page < 0 ? page : exo_map(env, va, (uint32_t)page, READ_WRITE);
}

static int32_t add_library(const struct space *s, uint32_t page)
{
    int32_t error = add_table(s->env, PRIVATE);

    error |= exo_map_table(s->env, LIB, shared->lib_table);
    error |= exo_map_table(s->env, CACHE, shared->cache_table);
    error |= exo_map(s->env, SAVE_VA, page, READ_WRITE);
    error |= add_page(s->env, STACK_LOW);
    error |= add_page(s->env, STACK_LOW + PAGE);
    return error < 0 ? -ENOMEM : 0;
}

int32_t space_new(struct space *s, struct proc *p)
{
    int32_t root = exo_page_alloc(NONE, PAGE_DIRTY), page = exo_page_alloc(NONE, 0), env;

    env = root < 0 || page < 0 ? -ENOMEM
                               : exo_env_create((uint32_t)root, (uint32_t)page, shared->group);
    if (env < 0) {
        exo_page_free((uint32_t)root);
        exo_page_free((uint32_t)page);
        return env;
    }
    *s = (struct space){.env = (uint32_t)env, .proc = p, .save = (struct save *)WINDOW};
    exo_map(SELF, WINDOW, (uint32_t)page, READ_WRITE);
    s->save->handler = (uint32_t)posix_handler;
    *(struct proc **)(WINDOW + SAVE_SIZE) = p;
    if (add_library(s, (uint32_t)page) == 0)
        return 0;
    space_drop(s);
    return -ENOMEM;
}

void space_drop(struct space *s)
{
    close_windows();
    exo_env_destroy(s->env);
}

int32_t space_map(struct space *s, uint32_t va, uint32_t name, uint32_t bits)
{
    int32_t error = exo_map(s->env, va, name, bits);

    if (error != -ENOENT)
        return error;
    error = add_table(s->env, va);
    return error < 0 ? error : exo_map(s->env, va, name, bits);
}

void *space_page(struct space *s, uint32_t va, uint32_t bits, uint32_t flags)
{
    int32_t page = vm_free_pages() ? exo_page_alloc(NONE, flags) : -ENOMEM;

    if (page < 0)
        return NULL;
    exo_map(SELF, FILL, (uint32_t)page, READ_WRITE | MAP_KEEP);
    if (space_map(s, va, (uint32_t)page, bits | MAP_A | MAP_D) == 0)
        return (void *)FILL;
    exo_page_free((uint32_t)page);
    return NULL;
}

/* What can be written is to be copied by whoever writes first, the child or us. */
static int32_t copy_range(struct space *s, uint32_t start, uint32_t end)
{
    int32_t error = 0;

    for (uint32_t va = start; error == 0 && va < end; va += PAGE) {
        const uint32_t *entry = vm_entry(va);
        uint32_t name, bits;

        if (!entry || !(*entry & ENTRY_V))
            continue;
        name = *entry >> NAME_SHIFT;
        bits = *entry & (MAP_R | MAP_W | MAP_X | COW | PROTECTED);
        if (bits & MAP_W) {
            bits = (bits & ~(uint32_t)MAP_W) | COW;
            exo_map(SELF, va, name, bits | MAP_A);
        }
        error = space_map(s, va, name, bits | MAP_A);
    }
    return error;
}

int32_t space_copy(struct space *s)
{
    int32_t error = 0;

    for (int i = 0; error == 0 && i < MAX_SEGMENTS; i++)
        error = copy_range(s, me->segment[i].start, me->segment[i].end);
    if (error == 0)
        error = copy_range(s, me->heap_start, me->heap_end);
    return error < 0 ? error : copy_range(s, STACK_BASE, USER_TOP);
}

int32_t space_run(struct space *s, const struct frame *f)
{
    int32_t slot = exo_slice_alloc(s->env, NONE);

    if (slot < 0)
        return -EAGAIN;
    memcpy(s->save->x, f->x, sizeof(f->x));
    s->save->pc = f->x[0];
    close_windows();
    s->proc->env = s->env;
    return exo_env_start(s->env);
}
