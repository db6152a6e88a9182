/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guess.c - indirect jumps that mostly go to one place. A state machine's switch is such: in code
 * that runs for long each state has copies of the jump (code_is_tail()), and in most of them the
 * next state is a constant. They get a guess, which is the place to which the copy went first:
 *
 *     cmp  eax, guess
 *     je   code of that place
 *     the lookup, as of any other jump
 *
 * Until then the guess is odd, and `jne` leads to a stub, whose exit says where the jump goes
 * (REASON_GUESS). As with other links within a page, nothing need be checked: while code of the
 * page runs, the page is there.
 */
#include "isa/engine/jit/translate.h"

/* From the guess, an immediate at the end of its instruction, to ... */
#define GUESS_COND (4u + 1)          /* the byte with the condition of the jump, */
#define GUESS_JUMP (GUESS_COND + 1u) /* its displacement, */
#define GUESS_END (GUESS_JUMP + 4u)  /* the lookup */

/*
 * Is what the instruction computes likely to be the same each time? It is if one of its operands is
 * (`same`), and no other has changed (`changed`) since the tail began: the base of a table.
 */
static bool is_same(const struct insn *insn, uint32_t same, uint32_t changed)
{
    uint32_t read = registers_read(insn) & ~1u;

    switch (insn_desc((enum insn_id)insn->id)->format) {
    case FORMAT_R:
    case FORMAT_I:
    case FORMAT_SHIFT:
    case FORMAT_LOAD:
    case FORMAT_U: return !read || ((read & same) && !(read & changed & ~same));
    default: return false;
    }
}

bool guess_pays(const struct batch *b, const struct insn *jump)
{
    uint32_t same = b->known_before & ~1u, changed = 0, raw;

    if (!b->tail || !code_is_switch(jump))
        return false;
    for (uint32_t pc = b->block->va; pc != b->pc;) {
        const struct insn *insn;
        uint32_t written;

        if (!code_fetch(b, pc, &raw))
            return false;
        insn = spec_decode(b->jit->spec, raw);
        written = registers_written(insn);
        same = is_same(insn, same, changed) ? same | written : same & ~written;
        changed |= written;
        pc += insn->len;
    }
    return same >> jump->rs1 & 1;
}

void guess_emit(struct batch *b)
{
    struct stub *stub = exit_stub(b, STUB_GUESS, b->pc);

    emit_alu_imm(&b->e, SIZE32, ALU_CMP, rm_reg(RAX), INT32_MAX); /* of four bytes, and odd */
    stub->loaded = b->e.at - 4;
    stub->site[0] = emit_jcc(&b->e, COND_NE);
}

void guess_stub(struct batch *b, const struct stub *stub)
{
    struct cache *cache = &b->jit->cache;
    uint32_t number = cache->link_count++;

    cache->links[number] = (struct link){
        .pc = stub->pc,
        .guard = (uint32_t)(stub->loaded - cache->write),
        .view = b->view->id,
    };
    emit_mov(&b->e, SIZE32, RDX, rm_reg(RAX));
    exit_emit(b, REASON_GUESS, number);
}

void guess_settle(struct jit *jit, const struct link *link, uint32_t target, const void *code)
{
    struct cache *cache = &jit->cache;
    uint8_t *guess = cache->write + link->guard;

    if (jit->space->fetch[link->pc >> PAGE_SHIFT] != link->view)
        return;
    guess[GUESS_COND] ^= 1; /* je */
    emit_target(guess + GUESS_JUMP, guess + GUESS_END);
    if (link->pc >> PAGE_SHIFT != target >> PAGE_SHIFT)
        return; /* it stays odd: always the lookup */
    memcpy(guess, &target, sizeof target);
    emit_target(guess + GUESS_JUMP, cache->write + ((const uint8_t *)code - cache->execute));
    jit->stats.guesses++;
}
