/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exit.c - exits from a block: to another block, by a jump that may be resolved when first
 * taken, or back to run.c. slow.c writes their slow paths.
 */
#include "isa/engine/jit/translate.h"

struct stub *exit_stub(struct batch *b, enum stub_kind kind, uint32_t pc)
{
    struct stub *stub = &b->stub[b->stubs++];

    *stub = (struct stub){
        .kind = kind,
        .pc = pc,
        .block = (uint32_t)(b->block - &b->jit->cache.blocks[b->first_block]),
        .index = b->block->instructions,
    };
    return stub;
}

/* What is known here, for the tail that is copied; 0: there is no room. */
static uint8_t note_facts(struct batch *b)
{
    struct facts *facts = &b->facts[b->facts_noted];

    if (b->facts_noted == FACTS)
        return 0;
    facts->known = b->known;
    memcpy(facts->value, b->value, sizeof facts->value);
    return (uint8_t)++b->facts_noted;
}

/*
 * It is a loop if it goes back to an instruction of the block. But only one tail of a batch counts:
 * a turn of the switch's loop comes through one of them.
 */
static void note_loop(struct batch *b, uint32_t pc)
{
    unsigned first = b->first_insn[b->blocks - 1];
    uint32_t at = b->block->va, raw;

    if (b->looping_tail && b->looping_tail != b->blocks)
        return;
    b->looping_tail = b->blocks;
    while (at < pc && pc <= b->pc && code_fetch(b, at, &raw)) {
        at += spec_decode(b->jit->spec, raw)->len;
        first++;
    }
    if (at == pc)
        registers_loop(b, first, b->insns);
}

void exit_aside(struct batch *b, uint8_t *site, uint32_t pc)
{
    struct stub *stub = exit_stub(b, STUB_SIDE, pc);

    note_loop(b, pc);
    stub->site[0] = site;
    stub->index++; /* the branch itself has retired */
}

void exit_to(struct batch *b, uint8_t *site, uint32_t pc)
{
    uint32_t entry = code_entry(b, pc);
    const struct block *own = entry && !code_is_tail(b, pc) ? code_own_block(b, pc) : NULL;

    if (own) {
        emit_target(site, b->jit->cache.write + own->host);
        b->closed = true;
        registers_loop(b, b->first_insn[own - &b->jit->cache.blocks[b->first_block]], b->insns);
    } else if (entry && !b->swaps && !code_is_tail(b, pc)) {
        emit_target(site, b->jit->cache.write + entry);
    } else {
        struct stub *stub = exit_stub(b, STUB_LINK, pc);

        stub->site[0] = site;
        stub->facts = code_is_tail(b, pc) ? note_facts(b) : 0;
    }
}

/*
 * Is the block of the batch at pc so short that a copy of it is better than a jump there? The copy
 * ends by jumping where that block goes: each time round a loop one jump less.
 */
bool exit_copies(const struct batch *b, uint32_t pc)
{
    const struct block *own = code_same_page(b, pc) ? code_own_block(b, pc) : NULL;
    uint32_t raw; /* not of an instruction across two pages, which begins its batch: block.c */

    return own && code_fetch(b, pc, &raw) && own->instructions <= COPY_INSNS && !b->copies &&
           code_is_laid_out(b) && b->insns < b->limit;
}

void exit_end_at(struct batch *b, uint32_t pc)
{
    uint32_t raw;
    bool copies = exit_copies(b, pc);

    b->ended = true;
    b->copies = copies;
    b->tail = false;
    if (code_same_page(b, pc) && !code_is_there(b, pc) && b->insns < b->limit &&
        !code_begins_batch(b, pc) && code_fetch(b, pc, &raw)) {
        b->next_pc = pc;
        b->go_on = true;
        b->copies = false;
        b->tail = code_is_tail(b, pc);
    } else if (copies) {
        b->next_pc = pc;
        b->go_on = true;
    } else {
        exit_to(b, emit_jmp(&b->e), pc);
    }
}

/* Jump to the trampolines' exit code; the swaps have been undone. */
void exit_emit(struct batch *b, enum reason reason, uint32_t arg)
{
    emit_mov_imm(&b->e, RAX, arg);
    emit_target(emit_jmp(&b->e), b->jit->exits[reason]);
}

void exit_leave(struct batch *b, enum reason reason, uint32_t pc)
{
    registers_leave(b);
    exit_emit(b, reason, pc);
}
