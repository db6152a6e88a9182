/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unicorn_blocks.c - reading the bytes of blocks. Their length in instructions is what makes
 * budgets exact; what the library's CPU would do otherwise than PZ32 is found on the way:
 *
 *  - LR.W and SC.W: the hart's reservation must survive world switches, and the library neither
 *    shows nor takes its CPU's;
 *  - WFI, which does not trap in user mode there;
 *  - encodings that PZ32 does not have. Most are illegal there too, but not all: FSGNJ.D with the
 *    floating point off, C.SLLI by more than 31, and others.
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

static bool must_interpret(enum insn_id id)
{
    return id == INSN_lr_w || id == INSN_sc_w || id == INSN_wfi || id == INSN_ILLEGAL;
}

/* Does the library begin a new block after this instruction, whatever comes next? */
static bool ends_block(enum insn_id id)
{
    enum insn_format format = (enum insn_format)insn_desc(id)->format;

    return format == FORMAT_B || format == FORMAT_J || format == FORMAT_JALR ||
           format == FORMAT_CSR || format == FORMAT_CSRI || id == INSN_fence_i ||
           id == INSN_ecall || id == INSN_ebreak || id == INSN_sret || id == INSN_sfence_vma;
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
 * Read the instruction at *at into the block's answer. False: there is none to be had. Such a
 * block is one whose translation is stale; interpreting an instruction finds out what is there.
 */
static bool scan_insn(struct reader *reader, struct block *slot, uint32_t *at, bool *last)
{
    enum insn_id id;
    uint32_t raw;

    if (!next_insn(reader, at, &raw))
        return false;
    id = (enum insn_id)insn_decode(raw).id;
    slot->count++;
    slot->interpreted |= must_interpret(id);
    *last = must_interpret(id) || ends_block(id);
    return true;
}

/*
 * The size of a block that ends in an illegal instruction is wrong: too small by that, or just 2
 * (version 2.0.1). So a block with no good reason to end is read on, to see if there is one.
 */
static void read_on(struct reader *reader, struct block *slot, uint32_t at)
{
    struct block further = *slot;
    uint32_t page = at & ~PAGE_MASK;
    bool last = false;

    while (!last && (at & ~PAGE_MASK) == page && scan_insn(reader, &further, &at, &last))
        ;
    if (further.interpreted)
        *slot = further;
}

const struct block *blocks_scan(struct blocks *blocks, struct block *slot, uint32_t root,
                                uint32_t va, uint32_t size)
{
    struct reader reader = reader_for(blocks, root);
    uint32_t at = va;
    bool last = false;

    *slot = (struct block){.va = va, .size = size, .root = root, .epoch = blocks->epoch};
    while (at - va < size) {
        if (!scan_insn(&reader, slot, &at, &last)) {
            *slot = (struct block){.va = va, .size = size, .count = 1, .interpreted = true};
            return slot;
        }
    }
    if (!last)
        read_on(&reader, slot, at);
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
