/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * writers.c - for each physical page, the store table entries that map it: when code from the
 * page is translated they must all be dropped, so that stores to it are noticed. An entry that
 * has been dropped since may still be listed, or be listed twice; zeroing it again does no harm.
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

void pages_prepare(void *at, size_t bytes)
{
    size_t before = (uintptr_t)at & PAGE_MASK;

    (void)madvise((uint8_t *)at - before, before + bytes, MADV_POPULATE_WRITE);
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
    writers->noted = pages_reserve(sizeof *writers->noted * WRITERS_NOTED);
    return writers->heads && writers->pool && writers->noted;
}

void writers_destroy(struct jit *jit)
{
    pages_release(jit->writers.heads, heads_bytes(jit));
    pages_release(jit->writers.pool, sizeof *jit->writers.pool * jit->writers.limit);
    pages_release(jit->writers.noted, sizeof *jit->writers.noted * WRITERS_NOTED);
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
    memset(jit->writers.noted, 0, sizeof *jit->writers.noted * WRITERS_NOTED);
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

/* Which entry of which space, for which page. Never 0. */
static uint64_t note_key(uint32_t of, uint32_t page, uint32_t space)
{
    return (uint64_t)(of + 1) << 40 | (uint64_t)page << 20 | space;
}

/*
 * Where it is remembered that it is listed. The list itself is not searched: a kernel's page is in
 * each space of each VM that shares it.
 */
static uint64_t *noted_at(struct writers *writers, uint64_t key)
{
    return &writers->noted[key * 0x9e3779b97f4a7c15u >> 32 & (WRITERS_NOTED - 1)];
}

void writers_note(struct jit *jit, uint64_t pa, uint32_t va)
{
    struct writers *writers = &jit->writers;
    uint32_t of = cache_page(jit, pa), page = va >> PAGE_SHIFT, space = jit->space->number;
    uint64_t key = note_key(of, page, space), *noted = noted_at(writers, key);
    uint32_t number;

    if (*noted == key)
        return;
    number = take(jit);
    writers->pool[number] =
        (struct writer){.next = writers->heads[of], .page = page, .space = space};
    writers->heads[of] = number;
    *noted = key;
}

static void forget_noted(struct writers *writers, uint32_t of, const struct writer *writer)
{
    uint64_t key = note_key(of, writer->page, writer->space), *noted = noted_at(writers, key);

    if (*noted == key)
        *noted = 0;
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
        forget_noted(writers, cache_page(jit, pa), writer);
        writer->next = writers->unused;
        writers->unused = number;
    }
    *head = 0;
}
