/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * block.c - one block: a sequence of instructions of one page that is entered only at its top.
 * There it charges all of them to the budget at once. A branch ends it; but not in a tail, which is
 * seldom left early: what is not executed then is given back (exit_aside()).
 */
#include "isa/engine/jit/translate.h"

#define NO_PC 1u /* odd */

/* Where jumps from outside to the block's pc enter; what is repeated has its entry already. */
static void set_entry(struct batch *b, struct block *block)
{
    uint32_t *entry = &b->view->entry[(block->va & PAGE_MASK) / 2];

    block->repeats = *entry != 0 || b->tail;
    b->repeats |= *entry != 0;
    if (!block->repeats)
        *entry = block->host;
}

static void begin_block(struct batch *b, uint32_t pc)
{
    struct cache *cache = &b->jit->cache;

    if (!b->tail && code_is_tight(b, pc) &&
        (uintptr_t)b->e.at % FETCH_BYTES > FETCH_BYTES - TIGHT_BYTES)
        emit_align(&b->e, FETCH_BYTES);
    b->first_insn[b->blocks] = (uint16_t)b->insns;
    b->block_pc[b->blocks++] = b->tail ? NO_PC : pc;
    b->block = &cache->blocks[cache->block_count++];
    *b->block = (struct block){
        .va = pc,
        .view = (uint32_t)(b->view - cache->views),
        .host = (uint32_t)(b->e.at - cache->write),
        .begins = b->blocks == 1,
    };
    set_entry(b, b->block);
    if (!b->tail)
        b->known = 1;
    b->value[0] = 0;
    b->known_before = b->known;
    memset(b->low, 0, sizeof b->low);
    b->carried = b->produced = 0;
    b->ended = b->go_on = false;
    b->pc = pc;
    tell_mark(b, JIT_BLOCK, pc);
}

/* Charge the block's instructions; their number is filled in when the block ends. */
static void begin_charge(struct batch *b)
{
    emit_alu_imm(&b->e, SIZE64, ALU_SUB, rm_reg(LEFT_REG), 0);
    b->charge = b->e.at - 1;
    exit_stub(b, STUB_BUDGET, b->pc)->site[0] = emit_jcc(&b->e, COND_B);
}

static void end_block(struct batch *b)
{
    const struct cache *cache = &b->jit->cache;
    struct block *block = b->block;

    if (b->charge)
        *b->charge = block->instructions;
    cache_translated(b->jit, b->view, cache_lines(block->va, block->guest_len));
    block->host_len = (uint16_t)(b->e.at - cache->write - block->host);
}

static void count_insn(struct batch *b, const struct insn *insn)
{
    b->block->instructions++;
    b->block->guest_len += insn->len;
    b->insns++;
}

/* Not translated: the second half is unavailable, or this is a stop address. */
static void step_block(struct batch *b)
{
    b->charge = NULL;
    exit_leave(b, REASON_STEP, b->pc);
}

/* The second half is available; valid while fetch[] has the same view of the next page. */
static void second_block(struct batch *b)
{
    const struct second *second = &b->jit->second;
    uint32_t next = (b->pc + 2) >> PAGE_SHIFT;
    struct insn insn = *spec_decode(b->jit->spec, second->raw);

    begin_charge(b);
    emit_alu_imm(&b->e, SIZE32, ALU_CMP, rm_space(offsetof(struct space, fetch) + 4 * next),
                 (int32_t)second->id);
    exit_stub(b, STUB_STEP, b->pc)->site[0] = emit_jcc(&b->e, COND_NE);
    insn_translate(b, &insn);
    count_insn(b, &insn);
    if (!b->ended)
        exit_end_at(b, b->pc + insn.len);
}

/*
 * An instruction that crosses a page boundary depends on both pages. Its second half has been
 * looked up only if it is the first of its batch, and so about to run.
 */
static void straddling_block(struct batch *b)
{
    if (b->jit->second.id && b->insns == 0)
        second_block(b);
    else
        step_block(b);
    b->block->guest_len = 2;
    b->ended = true;
}

/* Leaves for run.c, which checks the stop first, and then runs the instruction separately. */
static void stop_block(struct batch *b)
{
    step_block(b);
    b->block->guest_len = 2;
    b->ended = true;
}

/* A branch and the instruction that it may skip, which becomes `insn`. */
static void translate_skip(struct batch *b, struct insn *insn, const struct insn *skipped)
{
    skip_translate(b, insn, skipped);
    registers_count(b, insn);
    count_insn(b, insn);
    registers_count(b, skipped);
    count_insn(b, skipped);
    b->pc += insn->len;
    *insn = *skipped;
}

/*
 * Translates the instruction at pc, or several that make one host instruction; `insn` becomes
 * the last.
 */
static void translate_next(struct batch *b, struct insn *insn)
{
    struct idiom idiom;
    struct insn skipped;

    b->carried = b->produced;
    b->produced = 0;
    if (skip_find(b, insn, &skipped)) {
        translate_skip(b, insn, &skipped);
        return;
    }
    if (!idiom_find(b, insn, &idiom)) {
        insn_translate(b, insn);
        count_insn(b, insn);
        return;
    }
    b->carried = 0;
    idiom_translate(b, &idiom);
    b->produced = 0;
    for (unsigned i = 0; i < idiom.count; i++) {
        registers_count(b, &idiom.insn[i]);
        count_insn(b, &idiom.insn[i]);
    }
    *insn = idiom.insn[idiom.count - 1];
    b->pc = idiom.end - insn->len;
}

static void block_body(struct batch *b, uint32_t raw)
{
    struct insn insn;

    begin_charge(b);
    for (;;) {
        insn = *spec_decode(b->jit->spec, raw);
        translate_next(b, &insn);
        if (b->ended)
            return;
        b->pc += insn.len;
        if (b->block->instructions == BLOCK_INSNS || !code_goes_on(b, b->pc, &raw)) {
            exit_end_at(b, b->pc);
            return;
        }
    }
}

void block_translate(struct batch *b, uint32_t pc)
{
    uint32_t raw;

    begin_block(b, pc);
    if (code_is_stop(b, pc))
        stop_block(b);
    else if (code_fetch(b, pc, &raw))
        block_body(b, raw);
    else
        straddling_block(b);
    end_block(b);
}
