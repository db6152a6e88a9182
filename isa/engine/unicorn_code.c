/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unicorn_code.c - copies of lines of code. Invariant: every existing translation from a copied
 * line was made from the copied bytes.
 */
#include "isa/engine/unicorn_code.h"

#include <stdlib.h>

bool code_init(struct code *code, struct phys *phys)
{
    *code = (struct code){.phys = phys};
    code->pages = calloc(phys->size >> PAGE_SHIFT, sizeof *code->pages);
    return code->pages != NULL;
}

void code_fini(struct code *code)
{
    for (struct code_page *page = code->list, *next; page; page = next) {
        next = page->next;
        free(page);
    }
    free(code->pages);
    *code = (struct code){0};
}

static struct code_page *page_of(struct code *code, uint64_t pa)
{
    struct code_page **slot = &code->pages[pa >> PAGE_SHIFT];

    if (*slot)
        return *slot;
    *slot = calloc(1, sizeof **slot);
    if (*slot) {
        (*slot)->pa = pa & ~(uint64_t)PAGE_MASK;
        (*slot)->next = code->list;
        code->list = *slot;
    }
    return *slot;
}

/* The bits of the lines of [at, at + len), within a page. */
static uint64_t lines_of(uint32_t at, uint32_t len)
{
    unsigned first = at / CODE_LINE, last = (at + len - 1) / CODE_LINE;

    return (UINT64_MAX << first) & (UINT64_MAX >> (63 - last));
}

static bool line_changed(const struct code *code, const struct code_page *page, unsigned line)
{
    const uint8_t *is = code->phys->ram + page->pa + line * CODE_LINE;

    return memcmp(is, page->was + line * CODE_LINE, CODE_LINE) != 0;
}

/* Finds a copied line among `lines` that has changed; false if none has. */
static bool find_changed(const struct code *code, const struct code_page *page, uint64_t lines,
                         unsigned *line)
{
    for (lines &= page->kept; lines; lines &= lines - 1) {
        *line = (unsigned)__builtin_ctzll(lines);
        if (line_changed(code, page, *line))
            return true;
    }
    return false;
}

bool code_note(struct code *code, uint64_t pa, uint32_t len)
{
    struct code_page *page = page_of(code, pa);
    uint64_t lines = lines_of(pa & PAGE_MASK, len);
    unsigned line;

    if (!page || find_changed(code, page, lines, &line))
        return false;
    for (lines &= ~page->kept; lines; lines &= lines - 1) {
        line = (unsigned)__builtin_ctzll(lines);
        memcpy(page->was + line * CODE_LINE, code->phys->ram + page->pa + line * CODE_LINE,
               CODE_LINE);
        page->kept |= 1ull << line;
    }
    return true;
}

/* The part of [pa, pa + len) that is in pa's page. */
static uint32_t piece(uint64_t pa, uint64_t len)
{
    uint32_t room = PAGE_SIZE - (uint32_t)(pa & PAGE_MASK);

    return len < room ? (uint32_t)len : room;
}

bool code_holds(const struct code *code, uint64_t pa, uint64_t len)
{
    for (uint32_t n; len; pa += n, len -= n) {
        const struct code_page *page = code->pages[pa >> PAGE_SHIFT];

        n = piece(pa, len);
        if (page && (page->kept & lines_of(pa & PAGE_MASK, n)))
            return true;
    }
    return false;
}

void code_forgotten(struct code *code, uint64_t pa, uint64_t len)
{
    for (uint32_t n; len; pa += n, len -= n) {
        struct code_page *page = code->pages[pa >> PAGE_SHIFT];

        n = piece(pa, len);
        if (page)
            page->kept &= ~lines_of(pa & PAGE_MASK, n);
    }
}

bool code_find_changed(const struct code *code, uint64_t *pa)
{
    unsigned line;

    for (const struct code_page *page = code->list; page; page = page->next)
        if (find_changed(code, page, UINT64_MAX, &line)) {
            *pa = page->pa + line * CODE_LINE;
            return true;
        }
    return false;
}
