/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * writers.c - for each physical page, the store table entries that map it: when code from the
 * page is translated they must all be dropped, so that stores to it are noticed. An entry that
 * has been dropped since may still be listed; zeroing it again does no harm.
 */
#include <sys/mman.h>

#include "isa/engine/jit/internal.h"

#define WRITERS 65536u

void *pages_reserve(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

void pages_release(void *memory, size_t bytes)
{
    if (memory)
        (void)munmap(memory, bytes);
}

static size_t heads_bytes(const struct jit *jit)
{
    return sizeof(uint32_t) * (size_t)(jit->engine.phys.size >> PAGE_SHIFT);
}

bool writers_init(struct jit *jit)
{
    struct writers *writers = &jit->writers;

    writers->limit = WRITERS;
    writers->count = 1;
    writers->heads = pages_reserve(heads_bytes(jit));
    writers->pool = pages_reserve(sizeof *writers->pool * writers->limit);
    return writers->heads && writers->pool;
}

void writers_destroy(struct jit *jit)
{
    pages_release(jit->writers.heads, heads_bytes(jit));
    pages_release(jit->writers.pool, sizeof *jit->writers.pool * jit->writers.limit);
}

static void forget(struct space *space, uint32_t page)
{
    space->store[page] = 0;
    if (space->shown[page] == SHOWN_WRITE)
        window_hide_stores(space, page);
}

/* The pool is used up: start again, with all store tables emptied. */
static void forget_all(struct jit *jit)
{
    for (uint32_t i = 0; i < jit->spaces_used; i++) {
        struct space *space = space_at(jit, i);

        for (uint32_t k = 0; jit->slots[i].used && k < space->fills; k++)
            forget(space, space->filled[k]);
        space->hot_store.page = HOT_NONE;
    }
    memset(jit->writers.heads, 0, heads_bytes(jit));
    jit->writers.count = 1;
    jit->writers.unused = 0;
}

static uint32_t take(struct jit *jit)
{
    struct writers *writers = &jit->writers;
    uint32_t number = writers->unused;

    if (number) {
        writers->unused = writers->pool[number].next;
        return number;
    }
    if (writers->count == writers->limit)
        forget_all(jit);
    return writers->count++;
}

void writers_note(struct jit *jit, uint64_t pa, uint32_t va)
{
    struct writers *writers = &jit->writers;
    uint32_t *head = &writers->heads[cache_page(jit, pa)], number;
    uint32_t page = va >> PAGE_SHIFT, space = jit->space->number;

    for (number = *head; number; number = writers->pool[number].next)
        if (writers->pool[number].page == page && writers->pool[number].space == space)
            return;
    number = take(jit);
    writers->pool[number] = (struct writer){.next = *head, .page = page, .space = space};
    *head = number;
}

void writers_forbid(struct jit *jit, uint64_t pa)
{
    struct writers *writers = &jit->writers;
    uint32_t *head = &writers->heads[cache_page(jit, pa)], next;

    for (uint32_t number = *head; number; number = next) {
        struct writer *writer = &writers->pool[number];

        forget(space_at(jit, writer->space), writer->page);
        hot_forget(space_at(jit, writer->space), writer->page);
        next = writer->next;
        writer->next = writers->unused;
        writers->unused = number;
    }
    *head = 0;
}
