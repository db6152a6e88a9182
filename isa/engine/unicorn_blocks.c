/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unicorn_blocks.c - reading the bytes of blocks. Their length in instructions is what makes
 * budgets exact; what the library's CPU would do otherwise than PZ32 is found on the way:
 *
 *  - LR.W and SC.W: the hart's reservation must survive world switches, and the library neither
 *    shows nor takes its CPU's;
 *  - WFI, which does not trap in user mode there.
 */
#include "isa/engine/unicorn_blocks.h"

#include "isa/insn.h"

void blocks_init(struct blocks *blocks, struct phys *phys, uint8_t *code_pages)
{
    memset(blocks, 0, sizeof *blocks);
    blocks->phys = phys;
    blocks->epoch = 1;
    blocks->code_pages = code_pages;
}

void blocks_forget(struct blocks *blocks)
{
    if (++blocks->epoch == 0) {
        memset(blocks->kept, 0, sizeof blocks->kept);
        blocks->epoch = 1;
    }
}

/* A walk over code: the host's view of the page that `va` is in. */
struct reader {
    struct blocks *blocks;
    struct sv32_space space;
    uint32_t page; /* of `host`, when that is not NULL */
    const uint8_t *host;
};

static void mark_code(struct blocks *blocks, uint64_t pa)
{
    blocks->code_pages[pa >> (PAGE_SHIFT + 3)] |= (uint8_t)(1u << (pa >> PAGE_SHIFT & 7));
}

static bool holds_code(const struct blocks *blocks, uint64_t page)
{
    return blocks->code_pages[page >> 3] >> (page & 7) & 1;
}

bool blocks_holds_code(const struct blocks *blocks, uint64_t pa, uint64_t len)
{
    for (uint64_t page = pa >> PAGE_SHIFT; len && page <= (pa + len - 1) >> PAGE_SHIFT; page++)
        if (holds_code(blocks, page))
            return true;
    return false;
}

static bool turn_page(struct reader *reader, uint32_t page)
{
    struct sv32_walk walk;

    reader->page = page;
    reader->host = NULL;
    if (sv32_probe(&reader->space, page, ACCESS_FETCH, &walk) != SV32_OK)
        return false;
    reader->host = phys_host(reader->blocks->phys, walk.pa, false);
    if (!reader->host)
        return false;
    mark_code(reader->blocks, walk.pa);
    return true;
}

static bool read_parcel(struct reader *reader, uint32_t va, uint32_t *parcel)
{
    if ((!reader->host || reader->page != (va & ~PAGE_MASK)) &&
        !turn_page(reader, va & ~PAGE_MASK))
        return false;
    *parcel = 0;
    memcpy(parcel, reader->host + (va & PAGE_MASK), 2);
    return true;
}

static bool matches(uint32_t raw, enum insn_id id)
{
    return (raw & insn_desc(id)->mask) == insn_desc(id)->match;
}

static bool must_interpret(uint32_t raw)
{
    return matches(raw, INSN_lr_w) || matches(raw, INSN_sc_w) || matches(raw, INSN_wfi);
}

/* The next instruction of the block: it begins at *va, which moves past it. */
static bool next_insn(struct reader *reader, uint32_t *va, uint32_t *raw)
{
    uint32_t high;

    if (!read_parcel(reader, *va, raw))
        return false;
    *va += 2;
    if (!insn_is_wide(*raw))
        return true;
    if (!read_parcel(reader, *va, &high))
        return false;
    *va += 2;
    *raw |= high << 16;
    return true;
}

static struct reader reader_for(struct blocks *blocks, uint32_t root)
{
    return (struct reader){
        .blocks = blocks,
        .space = {.phys = blocks->phys, .satp = root, .mode = HART_USER},
    };
}

/*
 * A block whose bytes cannot be found is one whose translation is stale. Interpreting a single
 * instruction of it finds out what is there.
 */
const struct block *blocks_scan(struct blocks *blocks, struct block *slot, uint32_t root,
                                uint32_t va, uint32_t size)
{
    struct reader reader = reader_for(blocks, root);
    uint32_t raw, at = va;

    *slot = (struct block){.va = va, .size = size, .root = root, .epoch = blocks->epoch};
    while (at - va < size) {
        if (!next_insn(&reader, &at, &raw)) {
            slot->epoch = 0;
            slot->interpreted = true;
            slot->count = 1;
            break;
        }
        slot->interpreted |= must_interpret(raw);
        slot->count++;
    }
    return slot;
}

unsigned blocks_count(struct blocks *blocks, uint32_t root, uint32_t va, uint32_t size)
{
    struct reader reader = reader_for(blocks, root);
    uint32_t raw, at = va;
    unsigned count = 0;

    while (at - va < size && next_insn(&reader, &at, &raw))
        count++;
    return count;
}
