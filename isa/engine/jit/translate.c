/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * translate.c - batches: blocks that are translated together: the likely path, on which each
 * falls through to the next, then the other paths through their loop, then all slow paths.
 */
#include "isa/engine/jit/translate.h"

/*
 * The likely path from pc, until it meets translated code or has `most` instructions. It begins
 * with a tail if `facts` says what is known there.
 */
static void translate_path(struct batch *b, uint32_t pc, unsigned most,
                           const struct facts *facts)
{
    b->tail = facts != NULL;
    if (facts) {
        b->known = facts->known;
        memcpy(b->value, facts->value, sizeof b->value);
    }
    b->limit = b->insns + most < BATCH_INSNS ? b->insns + most : BATCH_INSNS;
    b->closed = b->copies = false;
    for (b->go_on = true, b->next_pc = pc; b->go_on;)
        block_translate(b, b->next_pc);
}

/* The extent of a batch so far. */
struct progress {
    uint8_t *at;
    unsigned insns, stubs, blocks, facts;
};

static struct progress progress_of(const struct batch *b)
{
    return (struct progress){.at = b->e.at, b->insns, b->stubs, b->blocks, b->facts_noted};
}

/* Discards the blocks translated since. */
static void rewind_batch(struct batch *b, const struct progress *since)
{
    struct cache *cache = &b->jit->cache;

    for (unsigned i = since->blocks; i < b->blocks; i++)
        if (!cache->blocks[b->first_block + i].repeats)
            b->view->entry[(b->block_pc[i] & PAGE_MASK) / 2] = 0;
    cache->block_count = b->first_block + since->blocks;
    b->e.at = since->at;
    b->insns = since->insns;
    b->stubs = since->stubs;
    b->blocks = since->blocks;
    b->facts_noted = since->facts;
}

/* A copy of its own for the jump of the stub. */
static void add_tail(struct batch *b, struct stub *stub)
{
    const struct facts facts = b->facts[stub->facts - 1];

    emit_target(stub->site[0], b->e.at);
    stub->kind = STUB_NONE;
    stub->site[0] = NULL;
    translate_path(b, stub->pc, SIDE_INSNS, &facts);
}

/*
 * Unlikely exits from the batch that soon return to it are other paths through its loop, and
 * belong to the batch; and so do tails, in any batch.
 */
static void add_sides(struct batch *b, bool all)
{
    for (unsigned i = 0; i < b->stubs && b->insns < BATCH_INSNS; i++) {
        const struct progress before = progress_of(b);
        uint32_t pc = b->stub[i].pc;

        if (b->stub[i].facts) {
            add_tail(b, &b->stub[i]);
            continue;
        }
        if (!all || b->stub[i].kind != STUB_LINK || !code_same_page(b, pc) ||
            code_own_block(b, pc))
            continue;
        translate_path(b, pc, SIDE_INSNS, NULL);
        if (!b->closed)
            rewind_batch(b, &before);
    }
}

static void translate_blocks(struct batch *b, uint32_t pc)
{
    b->loops = b->looping_tail = 0;
    b->repeats = b->switches = false;
    translate_path(b, pc, BATCH_INSNS, NULL);
    if (b->loops || b->repeats || code_is_laid_out(b))
        add_sides(b, b->loops || b->repeats);
}

/*
 * Translates again with the chosen registers. Each exit stores all registers that the batch
 * writes, so all must be known before; paths that first belonged to another batch may add more.
 */
static void make_blocks_again(struct batch *b, uint32_t pc, const struct progress *start)
{
    uint32_t written;

    do {
        written = b->written;
        rewind_batch(b, start);
        translate_blocks(b, pc);
    } while (registers_reclaim(b) || b->written != written);
}

/*
 * Translates the blocks of a batch. Code that is already translated ends it, unless a loop
 * begins there: then the loop is translated again, to be in one batch. Only after that is it
 * known which registers are best for it.
 */
static void make_blocks(struct batch *b, uint32_t pc)
{
    const struct progress start = progress_of(b);

    b->repeat = code_is_head(b, pc);
    translate_blocks(b, pc);
    if (b->repeats && !b->loops) {
        rewind_batch(b, &start);
        b->repeat = false;
        translate_blocks(b, pc);
    }
    if (registers_choose(b))
        make_blocks_again(b, pc, &start);
}

/* Code shared by slow paths. */
static void make_subroutines(struct batch *b)
{
    b->leave = b->e.at;
    registers_leave(b);
    emit_ret(&b->e);
    b->enter = b->e.at;
    registers_enter(b);
    emit_ret(&b->e);
}

/* From now on the blocks are entered from outside, with the usual registers. */
static void make_entries(struct batch *b)
{
    struct cache *cache = &b->jit->cache;

    for (unsigned i = 0; i < b->blocks; i++) {
        const struct block *block = &cache->blocks[b->first_block + i];

        if (block->repeats)
            continue;
        b->view->entry[(block->va & PAGE_MASK) / 2] = (uint32_t)(b->e.at - cache->write);
        registers_enter(b);
        emit_target(emit_jmp(&b->e), cache->write + block->host);
    }
}

static void finish_batch(struct batch *b)
{
    if (b->swaps)
        make_subroutines(b);
    for (unsigned i = 0; i < b->stubs; i++)
        slow_emit(b, &b->stub[i]);
    if (b->swaps)
        make_entries(b);
    b->jit->stats.blocks += b->blocks;
    b->jit->stats.instructions += b->insns;
}

uint32_t translate(struct jit *jit, struct view *view, uint32_t pc)
{
    struct cache *cache = &jit->cache;
    struct batch b;

    cache_prepare(jit);
    b.e.at = cache->write + cache->used;
    b.jit = jit;
    b.view = view;
    b.insns = b.stubs = b.blocks = b.facts_noted = 0;
    b.written = b.scratch = 0;
    b.first_block = cache->block_count;
    registers_usual(&b);
    make_blocks(&b, pc);
    finish_batch(&b);
    cache->used = (uint32_t)(b.e.at - cache->write);
    jit->stats.host_bytes = cache->used - cache->start;
    tell_batch(&b);
    return view->entry[(pc & PAGE_MASK) / 2];
}
