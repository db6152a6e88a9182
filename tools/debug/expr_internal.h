/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expr_internal.h - what the compiler of expressions and its stack machine share: the operations,
 * and the state of the parser with the C type of what it has just read.
 */
#ifndef PZ_TOOLS_DEBUG_EXPR_INTERNAL_H
#define PZ_TOOLS_DEBUG_EXPR_INTERNAL_H

#include "tools/debug/expr.h"

/* Those that push, then those of one operand, then those of two. */
enum op_code {
    OP_NUMBER,
    OP_REGISTER,
    OP_CSR,
    OP_PC,
    OP_MODE,
    OP_RETIRED,
    OP_TIME,
    OP_VM,
    OP_CPU,
    OP_ASID,
    OP_LOAD8,
    OP_LOAD16,
    OP_LOAD32,
    OP_LOAD64,
    OP_GPA,
    OP_SIGN, /* extend the sign of so many bits */
    OP_NEGATE,
    OP_NOT,
    OP_INVERT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_REMAINDER,
    OP_ADD,
    OP_SUBTRACT,
    OP_SHIFT_LEFT,
    OP_SHIFT_RIGHT,
    OP_LESS,
    OP_LESS_EQUAL,
    OP_GREATER,
    OP_GREATER_EQUAL,
    OP_EQUAL,
    OP_NOT_EQUAL,
    OP_AND,
    OP_XOR,
    OP_OR,
    OP_BOTH,
    OP_EITHER,
};

struct parser {
    struct debug_expr *expr;
    const struct debug_names *names;
    const char *at;
    struct problem *problem;
    unsigned nesting;
};

/* What two operands come to. False: a division by zero. */
bool debug_expr_binary(enum op_code code, uint64_t a, uint64_t b, uint64_t *value);

/* ---- expr_parse.c ---- */

enum pz_err debug_expr_emit(struct parser *p, enum op_code code, uint64_t value);
bool debug_expr_take(struct parser *p, const char *token);
enum pz_err debug_expr_nested(struct parser *p, const char *end);

/* ---- expr_typed.c: operands that have a C type ---- */

/* The kernel's types, or NULL with the reason. */
const struct types *debug_expr_types(struct parser *p);

/* Is "(TYPE)" next? If so it is taken. */
bool debug_expr_cast(struct parser *p, struct types_type *type);

/* ".NAME", "->NAME" and "[INDEX]" behind an operand, as many as there are. */
enum pz_err debug_expr_suffixes(struct parser *p, struct debug_operand *operand);

/* "*" and "&" before an operand. */
enum pz_err debug_expr_target(struct parser *p, struct debug_operand *operand);
enum pz_err debug_expr_address(struct parser *p, struct debug_operand *operand);

/* Its value: of a place, what is there; of a structure or an array its address. */
enum pz_err debug_expr_load(struct parser *p, struct debug_operand *operand);

/* A number becomes one of a type: cut to its size, its sign extended. */
enum pz_err debug_expr_narrow(struct parser *p, struct types_type type);

#endif
