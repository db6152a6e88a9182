/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hll_verify.h - the verifier's two halves: hll_verify.c decides whether a body is right, by the
 * algorithm of the specification's appendix; hll_emit.c keeps account of where each operand is,
 * and makes code. Between them is this state. For them alone.
 *
 * A frame is locals, then operands, each at a place that the verifier knows: code names places,
 * and there is no stack pointer at run time. An operand that is only a local's value, or a
 * constant, is not put into its place until somebody needs it there ("pending").
 */
#ifndef HLL_VERIFY_H
#define HLL_VERIFY_H

#include "hll_module.h"

enum hll_kind { HLL_HOME, HLL_LOCAL, HLL_CONST };

struct hll_operand {
    uint8_t type; /* HLL_ANY: of code that is never reached */
    uint8_t kind;
    uint16_t home; /* its place in the frame */
    uint32_t ref;  /* HLL_LOCAL: the local's place; HLL_CONST: the value */
};

enum hll_frame_kind { HLL_BLOCK, HLL_LOOP, HLL_IF, HLL_ELSE };

struct hll_control {
    uint8_t kind;
    bool unreachable; /* what follows up to `end` is never reached: operands of any type */
    bool dead;        /* the block itself is never reached: no code */
    const uint8_t *in, *out; /* types */
    uint32_t ins, outs;
    uint32_t height;         /* operands below the block's */
    uint32_t place;          /* of the first of its own */
    uint32_t start;          /* a loop's code */
    uint32_t fixups, if_not; /* chains of words that wait for an address; 0: none */
};

struct hll_local {
    uint8_t type;
    uint16_t place;
    uint16_t pending; /* operands that are this local's value */
};

struct hll_verifier {
    struct hll *m;
    const struct hll_function *f;
    struct hll_operand *operand;
    struct hll_control *control;
    struct hll_local *local;
    uint32_t operands, controls, locals;
    uint32_t most_operands, most_controls, most_locals;
    uint32_t place, most_place; /* where the next operand goes; words */
    uint32_t pending;
    uint32_t *code;
    uint32_t words, room;
    uint32_t
        last_to; /* where the last instruction's destination is written; 0: cannot be changed */
};

static inline struct hll_control *hll_top(struct hll_verifier *v)
{
    return &v->control[v->controls - 1];
}

static inline bool hll_live(const struct hll_verifier *v)
{
    const struct hll_control *c = &v->control[v->controls - 1];

    return !c->unreachable && !c->dead;
}

/* Words of code; nothing while unreachable. */
void hll_emit(struct hll_verifier *v, uint32_t word);
void hll_emit_place(struct hll_verifier *v, uint32_t place);
void hll_emit_op(struct hll_verifier *v, enum hll_op op);

/* An operand that is in its place from now on, NULL if refused; and pending ones. */
struct hll_operand *hll_push(struct hll_verifier *v, uint8_t type);
void hll_push_local(struct hll_verifier *v, uint32_t local);
void hll_push_constant(struct hll_verifier *v, uint32_t value);

/* An operand of this type, or HLL_ANY; refused if there is none. */
struct hll_operand hll_pop(struct hll_verifier *v, uint8_t type);
void hll_pop_types(struct hll_verifier *v, const uint8_t *types, uint32_t n);
void hll_push_types(struct hll_verifier *v, const uint8_t *types, uint32_t n);

/* Where code can read it: a local's place, or its own, into which a constant is put. */
uint32_t hll_place(struct hll_verifier *v, struct hll_operand o);

/* Emit a destination: the place of the operand that is pushed next. */
void hll_emit_to(struct hll_verifier *v);

/* Put all pending operands into their places; those that are this local's value. */
void hll_settle(struct hll_verifier *v);
void hll_settle_local(struct hll_verifier *v, struct hll_local *l);

/* Copy an operand to a place. */
void hll_emit_move(struct hll_verifier *v, uint32_t to, struct hll_operand o);

/* Jumps to a label: moves first what it takes. Nothing follows them. */
void hll_emit_jump(struct hll_verifier *v, struct hll_control *c);
bool hll_jump_moves(struct hll_verifier *v, const struct hll_control *c);
void hll_emit_label(struct hll_verifier *v, struct hll_control *c, uint32_t *chain);
void hll_fix(struct hll_verifier *v, uint32_t *chain);

#endif
