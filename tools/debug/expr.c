/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expr.c - the stack machine for which expressions are compiled, and what can be said about an
 * expression without evaluating it. Values are unsigned and 64 bits wide; a guest's registers fill
 * the lower 32. The compiler is expr_parse.c.
 */
#include "tools/debug/expr.h"

#include <stdio.h>
#include <string.h>

#include "tools/debug/expr_internal.h"
#include "tools/show/show.h"

/* ---- Names ---- */

int debug_register(const char *name, size_t len)
{
    char number[16];

    for (int i = 0; i < 32; i++) {
        const char *abi = format_reg((unsigned)i);

        snprintf(number, sizeof number, "x%d", i);
        if ((strlen(abi) == len && !strncmp(abi, name, len)) ||
            (strlen(number) == len && !strncmp(number, name, len)))
            return i;
    }
    return len == 2 && !strncmp(name, "fp", 2) ? 8 : -1;
}

enum csr_id debug_csr(const char *name, size_t len)
{
    for (int id = 0; id < CSR_COUNT; id++) {
        const char *known = csr_desc((enum csr_id)id)->name;

        if (strlen(known) == len && !strncmp(known, name, len))
            return (enum csr_id)id;
    }
    return CSR_NONE;
}

/* ---- Evaluation ---- */

static bool load(const struct debug_scope *scope, unsigned width, uint64_t *value)
{
    struct phys eyes = scope->eyes;
    uint64_t word = 0;

    if (!debug_look_gva(&eyes, scope->hart->satp, (uint32_t)*value, &word, width))
        return false;
    *value = word;
    return true;
}

static uint64_t extend(uint64_t value, uint64_t bits)
{
    uint64_t sign = (uint64_t)1 << (bits - 1);

    return ((value & (sign | (sign - 1))) ^ sign) - sign;
}

static bool unary(const struct debug_scope *scope, const struct debug_op *op, uint64_t *value)
{
    struct phys eyes = scope->eyes;
    struct sv32_walk walk;

    switch ((enum op_code)op->code) {
    case OP_LOAD8: return load(scope, 1, value);
    case OP_LOAD16: return load(scope, 2, value);
    case OP_LOAD32: return load(scope, 4, value);
    case OP_LOAD64: return load(scope, 8, value);
    case OP_SIGN: *value = extend(*value, op->value); return true;
    case OP_GPA:
        if (debug_look_walk(&eyes, scope->hart->satp, (uint32_t)*value, &walk) != SV32_OK)
            return false;
        *value = walk.pa;
        return true;
    case OP_NEGATE: *value = -*value; return true;
    case OP_NOT: *value = !*value; return true;
    default: *value = ~*value; return true;
    }
}

/* Inside an exit the hart is a copy: then it is that of the virtual CPU whose turn it is. */
static unsigned cpu_of(const struct debug_scope *scope)
{
    const struct vm *vm = scope->vm;
    unsigned id = 0;

    while (id < vm->board.harts.count && &vm->vcpus[id].hart != scope->hart)
        id++;
    return id < vm->board.harts.count ? id : vm_cpu_id(vm, vm->cpu);
}

static uint64_t leaf(const struct debug_scope *scope, const struct debug_op *op)
{
    const struct hart *hart = scope->hart;

    switch ((enum op_code)op->code) {
    case OP_REGISTER: return hart->x[op->value];
    case OP_CSR: return csr_read(hart, (enum csr_id)op->value);
    case OP_PC: return hart->pc;
    case OP_MODE: return hart->mode;
    case OP_RETIRED: return hart->retired;
    case OP_TIME: return hart_time(hart);
    case OP_VM: return scope->vm->id - 1u;
    case OP_CPU: return cpu_of(scope);
    case OP_ASID: return SATP_ASID(hart->satp);
    default: return op->value;
    }
}

bool debug_expr_binary(enum op_code code, uint64_t a, uint64_t b, uint64_t *value)
{
    if ((code == OP_DIVIDE || code == OP_REMAINDER) && !b)
        return false;
    switch (code) {
    case OP_MULTIPLY: *value = a * b; break;
    case OP_DIVIDE: *value = a / b; break;
    case OP_REMAINDER: *value = a % b; break;
    case OP_ADD: *value = a + b; break;
    case OP_SUBTRACT: *value = a - b; break;
    case OP_SHIFT_LEFT: *value = b < 64 ? a << b : 0; break;
    case OP_SHIFT_RIGHT: *value = b < 64 ? a >> b : 0; break;
    case OP_LESS: *value = a < b; break;
    case OP_LESS_EQUAL: *value = a <= b; break;
    case OP_GREATER: *value = a > b; break;
    case OP_GREATER_EQUAL: *value = a >= b; break;
    case OP_EQUAL: *value = a == b; break;
    case OP_NOT_EQUAL: *value = a != b; break;
    case OP_AND: *value = a & b; break;
    case OP_XOR: *value = a ^ b; break;
    case OP_OR: *value = a | b; break;
    case OP_BOTH: *value = a && b; break;
    default: *value = a || b; break;
    }
    return true;
}

bool debug_expr_value(const struct debug_expr *expr, const struct debug_scope *scope,
                      uint64_t *value)
{
    uint64_t stack[DEBUG_EXPR_OPS];
    unsigned depth = 0;

    for (unsigned i = 0; i < expr->count; i++) {
        const struct debug_op *op = &expr->ops[i];

        if (op->code < OP_LOAD8) {
            stack[depth++] = leaf(scope, op);
        } else if (op->code < OP_MULTIPLY) {
            if (!unary(scope, op, &stack[depth - 1]))
                return false;
        } else {
            depth--;
            if (!debug_expr_binary((enum op_code)op->code, stack[depth - 1], stack[depth],
                                   &stack[depth - 1]))
                return false;
        }
    }
    *value = stack[0];
    return true;
}

/* CSRs are virtual, so every write to one is an exit; but counters and sip change with time. */
static bool is_steady(const struct debug_op *op)
{
    switch ((enum op_code)op->code) {
    case OP_CSR: return !csr_counts((enum csr_id)op->value) && op->value != CSR_sip;
    case OP_REGISTER:
    case OP_PC:
    case OP_RETIRED:
    case OP_TIME:
    case OP_LOAD8:
    case OP_LOAD16:
    case OP_LOAD32:
    case OP_LOAD64:
    case OP_GPA: return false;
    default: return true;
    }
}

bool debug_expr_is_steady(const struct debug_expr *expr)
{
    for (unsigned i = 0; i < expr->count; i++)
        if (!is_steady(&expr->ops[i]))
            return false;
    return true;
}

/* Are ops[i] and the next two a comparison of `retired` with a number? */
static bool is_bound(const struct debug_expr *expr, unsigned i)
{
    return expr->ops[i].code == OP_RETIRED && i + 2 < expr->count &&
           expr->ops[i + 1].code == OP_NUMBER && expr->ops[i + 2].code >= OP_LESS &&
           expr->ops[i + 2].code <= OP_NOT_EQUAL;
}

/* A comparison with `bound` can change its result only when the count reaches or passes it. */
static uint64_t until_bound(uint64_t retired, uint64_t bound)
{
    if (retired > bound)
        return UINT64_MAX;
    return retired < bound ? bound - retired : 1;
}

uint64_t debug_expr_quiet(const struct debug_expr *expr, uint64_t retired)
{
    uint64_t least = UINT64_MAX;

    for (unsigned i = 0; i < expr->count; i++) {
        uint64_t most = UINT64_MAX;

        if (is_bound(expr, i))
            most = until_bound(retired, expr->ops[i + 1].value);
        else if (!is_steady(&expr->ops[i]))
            return 1;
        least = most < least ? most : least;
    }
    return least;
}

bool debug_expr_holds(const struct debug_expr *expr, const struct debug_scope *scope)
{
    uint64_t value;

    return debug_expr_value(expr, scope, &value) && value;
}
