/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unicorn_blocks.c - reads the code of blocks, to count their instructions, which makes budgets
 * exact, and to find instructions that the library's CPU executes differently from PZ32:
 *
 *  - LR.W and SC.W: the hart's reservation must survive world switches, and the library can
 *    neither export nor import its CPU's;
 *  - PAUSE and the AMOs where they may end a run, since it reports none;
 *  - WFI, which does not trap in user mode there;
 *  - encodings that PZ32 does not have. Most are illegal there too, but not all: FSGNJ.D with
 *    floating point off, C.SLLI by more than 31, and others.
 */
#include "isa/engine/unicorn_blocks.h"

#include "isa/decode.h"
#include "isa/insn.h"

void blocks_init(struct blocks *blocks, struct phys *phys, struct code *code)
{
    memset(blocks, 0, sizeof *blocks);
    blocks->phys = phys;
    blocks->epoch = 1;
    blocks->code = code;
}

void blocks_forget(struct blocks *blocks)
{
    if (++blocks->epoch == 0) {
        memset(blocks->kept, 0, sizeof blocks->kept);
        blocks->epoch = 1;
    }
}

void blocks_set_interpreted(struct blocks *blocks, bool counters, bool pauses)
{
    if (blocks->no_counters == counters && blocks->no_pauses == pauses)
        return;
    blocks->no_counters = counters;
    blocks->no_pauses = pauses;
    blocks_forget(blocks);
}

/* A walk over code: the host's view of the page that `va` is in. */
struct reader {
    struct blocks *blocks;
    struct sv32_space space;
    uint32_t page; /* of `host`, when that is not NULL */
    uint64_t pa;
    const uint8_t *host;
};

static bool turn_page(struct reader *reader, uint32_t page)
{
    struct sv32_walk walk;

    reader->page = page;
    reader->host = NULL;
    if (sv32_probe(&reader->space, page, ACCESS_FETCH, &walk) != SV32_OK)
        return false;
    reader->pa = walk.pa;
    reader->host = phys_host(reader->blocks->phys, walk.pa, false);
    return reader->host != NULL;
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

static bool is_counter(const struct insn *insn)
{
    enum insn_format format = (enum insn_format)insn_desc((enum insn_id)insn->id)->format;

    return (format == FORMAT_CSR || format == FORMAT_CSRI) && (insn->imm & ~0x9f) == 0xc00;
}

/* PAUSE, and AMOs, which pause where they change nothing. */
static bool may_pause(const struct insn *insn)
{
    return insn_is_pause(insn) || (insn->id != INSN_ILLEGAL &&
                                   insn_desc((enum insn_id)insn->id)->format == FORMAT_AMO);
}

static bool must_interpret(const struct blocks *blocks, const struct insn *insn)
{
    if (insn->id == INSN_ILLEGAL || insn->id == INSN_wfi || insn->id == INSN_lr_w ||
        insn->id == INSN_sc_w)
        return true;
    return (blocks->no_counters && is_counter(insn)) || (blocks->no_pauses && may_pause(insn));
}

/* Does the library begin a new block after this instruction, whatever comes next? */
static bool ends_block(enum insn_id id)
{
    enum insn_format format = (enum insn_format)insn_desc(id)->format;

    return format == FORMAT_B || format == FORMAT_J || format == FORMAT_JALR ||
           format == FORMAT_CSR || format == FORMAT_CSRI || id == INSN_fence_i ||
           id == INSN_ecall || id == INSN_ebreak || id == INSN_sret || id == INSN_sfence_vma;
}

/* Reads the block's instruction at *va, and advances *va past it. */
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

/* The state of reading a block's instructions. */
struct scan {
    uint32_t at; /* the next one */
    unsigned count;
    bool interpret;
    bool ended; /* the last one ends a block */
    bool fences;
};

static bool scan_insn(struct reader *reader, struct scan *scan)
{
    struct insn insn;
    bool interpret;
    uint32_t raw;

    if (!next_insn(reader, &scan->at, &raw))
        return false;
    insn = decode_insn(raw);
    interpret = must_interpret(reader->blocks, &insn);
    scan->count++;
    scan->interpret |= interpret;
    scan->ended = interpret || ends_block((enum insn_id)insn.id);
    scan->fences |= insn.id == INSN_fence_i;
    return true;
}

static bool same_page(uint32_t a, uint32_t b)
{
    return (a ^ b) < PAGE_SIZE;
}

/*
 * A block ends with certain instructions, with the page, or after as many instructions as the
 * library translates at once. Otherwise it ends in an illegal instruction: its size then
 * excludes that instruction, or is just 2 (version 2.0.1). If no illegal instruction is there
 * (any more), the block is stale, because the library is notified only of changes within the
 * size.
 */
#define SURELY_ALL_OF_A_BLOCK 64u
static enum block_verdict judge(struct reader *reader, struct scan *scan, uint32_t va,
                                uint32_t size)
{
    bool size_is_right = scan->at - va == size;

    if (size_is_right &&
        (scan->ended || !same_page(scan->at, va) || scan->count >= SURELY_ALL_OF_A_BLOCK))
        return scan->interpret ? BLOCK_INTERPRET : BLOCK_RUN;
    while (!scan->ended && same_page(scan->at, va) && scan_insn(reader, scan))
        ;
    return scan->interpret ? BLOCK_INTERPRET : BLOCK_STALE;
}

/*
 * Records the bytes that the block was translated from. False: an older translation of it
 * exists.
 */
static bool note(struct reader *reader, uint32_t va, uint32_t size)
{
    for (uint32_t n; size; va += n, size -= n) {
        uint32_t room = PAGE_SIZE - (va & PAGE_MASK);

        n = size < room ? size : room;
        if (!turn_page(reader, va & ~PAGE_MASK) ||
            !code_note(reader->blocks->code, reader->pa + (va & PAGE_MASK), n))
            return false;
    }
    return true;
}

const struct block *blocks_scan(struct blocks *blocks, struct block *slot, uint32_t root,
                                uint32_t va, uint32_t size)
{
    struct reader reader = reader_for(blocks, root);
    struct scan scan = {.at = va};

    *slot = (struct block){.va = va, .size = size, .root = root, .verdict = BLOCK_INTERPRET};
    do
        if (!scan_insn(&reader, &scan)) {
            /*
             * It was fetched before, but cannot be now: interpreting its first instruction
             * finds out why.
             */
            slot->count = 1;
            return slot;
        }
    while (scan.at - va < size);
    slot->epoch = blocks->epoch;
    slot->verdict = (uint8_t)judge(&reader, &scan, va, size);
    if (slot->verdict == BLOCK_RUN && blocks->stops &&
        stops_within(blocks->stops, va, scan.at - va))
        slot->verdict = BLOCK_INTERPRET;
    slot->count = (uint16_t)scan.count;
    slot->fences = scan.fences;
    if (!note(&reader, va, size))
        slot->verdict = BLOCK_STALE;
    return slot;
}

bool blocks_locate(struct blocks *blocks, uint32_t root, uint32_t va, uint64_t *pa)
{
    struct reader reader = reader_for(blocks, root);
    struct sv32_walk walk;

    if (sv32_probe(&reader.space, va, ACCESS_FETCH, &walk) != SV32_OK)
        return false;
    *pa = walk.pa;
    return walk.pa < blocks->phys->size;
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
