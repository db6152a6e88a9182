/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * code.c - the guest's code as a batch sees it: its bytes, which parts are already translated,
 * and where its loops begin. Emits nothing.
 */
#include "isa/engine/jit/translate.h"

/* Registers that return addresses are in; the ABI's names. */
#define REG_RA 1u
#define REG_T0 5u

/* The bits at pc, if the whole instruction is in the page. */
bool code_fetch(const struct batch *b, uint32_t pc, uint32_t *raw)
{
    const struct phys *phys = &b->jit->engine.phys;
    uint32_t offset = pc & PAGE_MASK;
    const uint8_t *host = phys->ram + (b->view->pa - phys->base) + offset;
    uint16_t parcel;

    memcpy(&parcel, host, sizeof parcel);
    *raw = parcel;
    if (!insn_is_wide(parcel))
        return true;
    if (offset == PAGE_SIZE - 2)
        return false;
    *raw = load_le32(host);
    return true;
}

bool code_same_page(const struct batch *b, uint32_t pc)
{
    return (pc & ~PAGE_MASK) == b->view->va;
}

uint32_t code_entry(const struct batch *b, uint32_t pc)
{
    return code_same_page(b, pc) ? b->view->entry[(pc & PAGE_MASK) / 2] : 0;
}

const struct block *code_own_block(const struct batch *b, uint32_t pc)
{
    for (unsigned i = 0; i < b->blocks; i++)
        if (b->block_pc[i] == pc)
            return &b->jit->cache.blocks[b->first_block + i];
    return NULL;
}

bool code_is_switch(const struct insn *insn)
{
    return insn->id == INSN_jalr && insn->rd == 0 && insn->rs1 != REG_RA && insn->rs1 != REG_T0;
}

static bool is_way_out(const struct batch *b, const struct insn *insn)
{
    return insn->id == INSN_jal || insn->id == INSN_jalr || insn_leaves(b->view, insn);
}

bool code_is_tail(const struct batch *b, uint32_t pc)
{
    uint32_t raw;

    for (unsigned i = 0; i < TAIL_INSNS && code_is_laid_out(b); i++) {
        const struct insn *insn;

        if (code_is_stop(b, pc) || !code_same_page(b, pc) || !code_fetch(b, pc, &raw))
            return false;
        insn = spec_decode(b->jit->spec, raw);
        if (code_is_switch(insn))
            return true;
        if (is_way_out(b, insn))
            return false;
        pc += insn->len;
    }
    return false;
}

bool code_nears_tail(const struct batch *b, uint32_t pc)
{
    uint32_t raw;

    for (unsigned i = 0; i < TAIL_INSNS; i++) {
        const struct insn *insn;

        if (code_is_stop(b, pc) || !code_same_page(b, pc) || !code_fetch(b, pc, &raw))
            return false;
        insn = spec_decode(b->jit->spec, raw);
        if (code_is_switch(insn) ||
            (insn_is_branch(insn) && code_is_tail(b, pc + (uint32_t)insn->imm)))
            return true;
        if (is_way_out(b, insn))
            return false;
        pc += insn->len;
    }
    return false;
}

/*
 * Is the code at pc already translated, so that the batch need not do so? In a batch that
 * repeats, other batches' code does not count, until a loop is closed. A tail is copied.
 */
bool code_is_there(const struct batch *b, uint32_t pc)
{
    return code_entry(b, pc) && !code_is_tail(b, pc) &&
           (!b->repeat || b->closed || code_own_block(b, pc));
}

bool code_is_stop(const struct batch *b, uint32_t pc)
{
    const struct engine_stops *stops = b->jit->engine.stops;

    return stops && stops_have(stops, pc);
}

/* ---- Loops ---- */

static bool is_marked(const uint8_t *marks, uint32_t pc)
{
    unsigned slot = (pc & PAGE_MASK) / 2;

    return marks[slot / 8] >> slot % 8 & 1;
}

static void mark(uint8_t *marks, uint32_t pc)
{
    unsigned slot = (pc & PAGE_MASK) / 2;

    marks[slot / 8] |= (uint8_t)(1u << slot % 8);
}

/* The target of a backward jump is taken to begin a loop. */
void code_note_head(struct batch *b, uint32_t pc)
{
    if (!code_same_page(b, pc) || pc > b->pc)
        return;
    mark(b->view->loop_heads, pc);
    if (b->pc - pc >= LONG_LOOP)
        mark(b->view->long_loops, pc);
    if (b->pc - pc <= TIGHT_LOOP)
        mark(b->view->tight_loops, pc);
}

bool code_is_head(const struct batch *b, uint32_t pc)
{
    return is_marked(b->view->loop_heads, pc);
}

/*
 * A batch of code that runs for long is made twice if it has loops, and the second time they are
 * known. Then no block runs on into a loop, which would put what it has of the loop in front, and
 * the rest elsewhere: jumps from one to the other, each time round, are more than the host can
 * predict.
 */
bool code_is_laid_out(const struct batch *b)
{
    return b->view->windowed;
}

bool code_is_tight(const struct batch *b, uint32_t pc)
{
    return code_is_laid_out(b) && is_marked(b->view->tight_loops, pc);
}

/* Two loops one after the other would share the registers that only one of them uses. */
bool code_begins_batch(const struct batch *b, uint32_t pc)
{
    return code_is_laid_out(b) && b->loops && is_marked(b->view->long_loops, pc);
}

bool code_goes_on(const struct batch *b, uint32_t pc, uint32_t *raw)
{
    if (code_is_stop(b, pc) || !code_same_page(b, pc) || !code_fetch(b, pc, raw))
        return false;
    return b->tail || (!code_is_there(b, pc) && !(code_is_laid_out(b) && code_is_head(b, pc)));
}
