/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hll_emit.c - where operands are, and code: see hll_verify.h. Whether types are right is
 * hll_verify.c's; the meaning of the code is hll_run.c's.
 */
#include <stddef.h>

#include "hll_verify.h"

void hll_emit(struct hll_verifier *v, uint32_t word)
{
    if (!hll_live(v) || v->m->why)
        return;
    if (v->words == v->room)
        hll_refuse(v->m, "the VM's arena has no room for this module's code");
    else
        v->code[v->words++] = word;
}

/* Code has a place as an offset in bytes: that saves the interpreter a shift. */
void hll_emit_place(struct hll_verifier *v, uint32_t place)
{
    hll_emit(v, place * sizeof(uint32_t));
}

void hll_emit_op(struct hll_verifier *v, enum hll_op op)
{
    v->last_to = 0;
    hll_emit(v, op);
}

static void forget(struct hll_verifier *v, struct hll_operand *o)
{
    if (o->kind == HLL_HOME)
        return;
    v->pending--;
    if (o->kind == HLL_LOCAL)
        v->local[o->ref].pending--;
    o->kind = HLL_HOME;
}

struct hll_operand *hll_push(struct hll_verifier *v, uint8_t type)
{
    struct hll_operand *o = &v->operand[v->operands];

    if (v->place + 2 > HLL_MAX_FRAME || v->operands + 1 >= HLL_MAX_FRAME) {
        hll_refuse(v->m, "a function of more than 16384 words of locals and operands");
        return NULL;
    }
    *o = (struct hll_operand){.type = type, .home = (uint16_t)v->place};
    v->operands++;
    v->place += hll_type_words(type);
    if (v->operands > v->most_operands)
        v->most_operands = v->operands;
    if (v->place > v->most_place)
        v->most_place = v->place;
    return o;
}

static void push_pending(struct hll_verifier *v, uint8_t type, enum hll_kind kind, uint32_t ref)
{
    struct hll_operand *o = hll_push(v, type);

    if (v->m->why || !hll_live(v))
        return;
    o->kind = kind;
    o->ref = ref;
    v->pending++;
    if (kind == HLL_LOCAL)
        v->local[ref].pending++;
}

void hll_push_local(struct hll_verifier *v, uint32_t local)
{
    push_pending(v, v->local[local].type, HLL_LOCAL, local);
}

void hll_push_constant(struct hll_verifier *v, uint32_t value)
{
    push_pending(v, HLL_I32, HLL_CONST, value);
}

struct hll_operand hll_pop(struct hll_verifier *v, uint8_t type)
{
    struct hll_operand none = {.type = type, .home = (uint16_t)v->place};
    struct hll_operand o;

    if (v->operands == hll_top(v)->height) {
        if (!hll_top(v)->unreachable)
            hll_refuse(v->m, "type mismatch: an operand is missing");
        return none;
    }
    o = v->operand[--v->operands];
    v->place = o.home;
    if (o.type != type && o.type != HLL_ANY && type != HLL_ANY)
        hll_refuse(v->m, "type mismatch");
    none = o;
    forget(v, &none);
    return o;
}

/* The last one is on top. */
void hll_pop_types(struct hll_verifier *v, const uint8_t *types, uint32_t n)
{
    while (n-- > 0)
        hll_pop(v, types[n]);
}

void hll_push_types(struct hll_verifier *v, const uint8_t *types, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        hll_push(v, types[i]);
}

void hll_emit_move(struct hll_verifier *v, uint32_t to, struct hll_operand o)
{
    uint32_t from = o.kind == HLL_LOCAL ? v->local[o.ref].place : o.home;

    if (o.kind == HLL_CONST) {
        hll_emit_op(v, HLL_CONSTANT);
        hll_emit_place(v, to);
        hll_emit(v, o.ref);
    } else if (from != to) {
        hll_emit_op(v, o.type == HLL_I64 ? HLL_MOVE2 : HLL_MOVE);
        hll_emit_place(v, to);
        hll_emit_place(v, from);
    }
}

static void settle(struct hll_verifier *v, struct hll_operand *o)
{
    hll_emit_move(v, o->home, *o);
    forget(v, o);
}

uint32_t hll_place(struct hll_verifier *v, struct hll_operand o)
{
    if (o.kind == HLL_LOCAL)
        return v->local[o.ref].place;
    if (o.kind == HLL_CONST)
        hll_emit_move(v, o.home, o);
    return o.home;
}

/* From the top: whoever pushes another pending operand pays for the search that finds it. */
void hll_settle(struct hll_verifier *v)
{
    for (uint32_t i = v->operands; i > 0 && v->pending > 0; i--)
        settle(v, &v->operand[i - 1]);
}

void hll_settle_local(struct hll_verifier *v, struct hll_local *l)
{
    for (uint32_t i = v->operands; i > 0 && l->pending > 0; i--) {
        struct hll_operand *o = &v->operand[i - 1];

        if (o->kind == HLL_LOCAL && &v->local[o->ref] == l)
            settle(v, o);
    }
}

void hll_emit_to(struct hll_verifier *v)
{
    v->last_to = v->words;
    hll_emit_place(v, v->place);
}

/* A chain of words that wait for the same address: each holds the index of the one before. */
void hll_emit_label(struct hll_verifier *v, struct hll_control *c, uint32_t *chain)
{
    if (!hll_live(v) || v->m->why)
        return;
    if (c && c->kind == HLL_LOOP) {
        hll_emit(v, c->start);
        return;
    }
    hll_emit(v, *chain);
    *chain = v->words - 1;
}

void hll_fix(struct hll_verifier *v, uint32_t *chain)
{
    v->last_to = 0;
    if (v->m->why)
        return;
    while (*chain) {
        uint32_t next = v->code[*chain];

        v->code[*chain] = v->words;
        *chain = next;
    }
}

static uint32_t label_words(const struct hll_control *c)
{
    const uint8_t *types = c->kind == HLL_LOOP ? c->in : c->out;
    uint32_t n = c->kind == HLL_LOOP ? c->ins : c->outs;
    uint32_t words = 0;

    for (uint32_t i = 0; i < n; i++)
        words += hll_type_words(types[i]);
    return words;
}

bool hll_jump_moves(struct hll_verifier *v, const struct hll_control *c)
{
    uint32_t words = label_words(c);

    return words > 0 && v->place - words != c->place;
}

/* All operands are in their places: what the label takes is on top. */
void hll_emit_jump(struct hll_verifier *v, struct hll_control *c)
{
    uint32_t words = label_words(c);

    if (hll_jump_moves(v, c)) {
        hll_emit_op(v, HLL_MOVES);
        hll_emit_place(v, c->place);
        hll_emit_place(v, v->place - words);
        hll_emit(v, words);
    }
    hll_emit_op(v, c->kind == HLL_LOOP ? HLL_BACK : HLL_JUMP);
    hll_emit_label(v, c, &c->fixups);
}
