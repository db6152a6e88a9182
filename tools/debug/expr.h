/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expr.h - expressions over a machine's state, as in C: compiled once to a short list of
 * operations, so that a condition can be asked for after every instruction.
 */
#ifndef PZ_TOOLS_DEBUG_EXPR_H
#define PZ_TOOLS_DEBUG_EXPR_H

#include "tools/base/base.h"
#include "tools/debug/memory.h"
#include "tools/host/host.h"
#include "tools/show/show.h"
#include "vmm/vm.h"

#define DEBUG_EXPR_OPS 64u
#define DEBUG_EXPR_TEXT 120u

struct debug_op {
    uint8_t code;
    uint64_t value;
};

/* An operand's C type. Without any it is a number. */
struct debug_operand {
    const struct symbol *symbol; /* a name alone: its address */
    bool typed;
    bool place;           /* it is in memory, and its address is on the stack */
    uint8_t bit_at, bits; /* a place that is a bit-field; 0 bits: it is none */
    struct types_type type;
};

struct debug_expr {
    char text[DEBUG_EXPR_TEXT];
    struct debug_op ops[DEBUG_EXPR_OPS];
    unsigned count;
    struct debug_operand operand; /* what the whole is... */
    unsigned place_count; /* ...and after so many operations its address, if it is a place */
};

/* A local variable of a C type. */
struct debug_local {
    struct types_type type;
    bool place;     /* it is in memory: */
    uint64_t value; /* its address; or its value */
};

/* What names in expressions stand for; all may be NULL. */
struct debug_names {
    const struct symbols *symbols;
    /* C's types, read when they are first asked for. */
    const struct types *(*types)(void *owner);
    /* A local variable, as it is now. `known`: there is one of that name, if without a value. */
    enum pz_err (*local)(void *owner, const char *name, size_t len, struct debug_local *local,
                         bool *known, struct problem *problem);
    void *owner;
};

/* What an expression is asked about. */
struct debug_scope {
    struct vm *vm;
    const struct hart *hart; /* vm->cpu->hart, or what it was inside an exit, or a level's */
    struct phys eyes;        /* its memory */
};

/* Of the CPU of a VM that has its turn. */
static inline struct debug_scope debug_scope_of(struct vm *vm)
{
    return (struct debug_scope){vm, &vm->cpu->hart, debug_eyes(vm)};
}

/*
 * Compile the expression that `*text` begins with; `*text` is then behind it. With `end` it
 * must be all there is. With C's types, "NAME.FIELD", "NAME->FIELD", "NAME[N]", "(TYPE)E", "*E" and
 * "&E" are as in C; arithmetic is on numbers and does not scale. Names: registers, CSRs, mode,
 * retired, time, vm, cpu, asid, symbols: functions' and objects' addresses.
 */
enum pz_err debug_expr_compile(struct debug_expr *expr, const struct debug_names *names,
                               const char **text, bool end,
                               struct problem *problem) PZ_MUST_CHECK;

/* False: memory that it wants is not there, or a division by zero. */
bool debug_expr_value(const struct debug_expr *expr, const struct debug_scope *scope,
                      uint64_t *value) PZ_MUST_CHECK;

/* Does it hold? An expression without a value does not. */
bool debug_expr_holds(const struct debug_expr *expr, const struct debug_scope *scope);

/* Does its value change only where the monitor has a hand in it: with an event? */
bool debug_expr_is_steady(const struct debug_expr *expr);

/*
 * So many instructions, from a count of `retired`, for which its value stays if no event comes:
 * where that is compared with a number, up to that; 1: it may change with each.
 */
uint64_t debug_expr_quiet(const struct debug_expr *expr, uint64_t retired);

/* A register's number by any of its names; -1 for none. */
int debug_register(const char *name, size_t len);

/* A CSR by its name, or CSR_NONE. */
enum csr_id debug_csr(const char *name, size_t len);

#endif
