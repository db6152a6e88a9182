/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expr.c - a recursive-descent parser that emits code for a stack, and the stack machine.
 * Values are 64 bits wide and unsigned: what a guest's registers hold is 32 bits of them.
 */
#include "tools/debug/expr.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/debug/memory.h"
#include "tools/show/show.h"

#define NESTING_MOST 24u

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
    OP_GPA,
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
    const struct symbols *symbols;
    const char *at;
    struct problem *problem;
    unsigned nesting;
};

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

static const struct {
    const char *name;
    enum op_code code;
} words[] = {{"pc", OP_PC}, {"mode", OP_MODE}, {"retired", OP_RETIRED}, {"time", OP_TIME},
             {"vm", OP_VM}, {"cpu", OP_CPU},   {"asid", OP_ASID}};

static const struct {
    const char *name;
    enum op_code code;
} functions[] = {{"u8", OP_LOAD8}, {"u16", OP_LOAD16}, {"u32", OP_LOAD32}, {"gpa", OP_GPA}};

/* ---- Parsing ---- */

static bool binary(enum op_code code, uint64_t a, uint64_t b, uint64_t *value);

/* What two numbers come to is one: so that a bound on `retired` can be written as a product. */
static void fold(struct debug_expr *expr)
{
    struct debug_op *ops = &expr->ops[expr->count];

    if (expr->count >= 3 && ops[-1].code >= OP_MULTIPLY && ops[-2].code == OP_NUMBER &&
        ops[-3].code == OP_NUMBER &&
        binary((enum op_code)ops[-1].code, ops[-3].value, ops[-2].value, &ops[-3].value))
        expr->count -= 2;
}

static enum pz_err emit(struct parser *p, enum op_code code, uint64_t value)
{
    if (p->expr->count == DEBUG_EXPR_OPS)
        return problem_set(p->problem, PZ_USAGE, "the expression is too long");
    p->expr->ops[p->expr->count++] = (struct debug_op){(uint8_t)code, value};
    fold(p->expr);
    return PZ_OK;
}

static void skip_blanks(struct parser *p)
{
    while (isblank((unsigned char)*p->at))
        p->at++;
}

static bool take(struct parser *p, const char *token)
{
    skip_blanks(p);
    if (strncmp(p->at, token, strlen(token)))
        return false;
    p->at += strlen(token);
    return true;
}

static enum pz_err parse_binary(struct parser *p, unsigned least);

static enum pz_err parse_inner(struct parser *p)
{
    enum pz_err err;

    if (p->nesting++ == NESTING_MOST)
        return problem_set(p->problem, PZ_USAGE, "the expression is nested too deeply");
    err = parse_binary(p, 0);
    p->nesting--;
    if (!err && !take(p, ")"))
        return problem_set(p->problem, PZ_USAGE, "a ')' is missing before '%.40s'", p->at);
    return err;
}

static size_t name_length(const char *text)
{
    size_t len = 0;

    while (isalnum((unsigned char)text[len]) || text[len] == '_' || text[len] == '.')
        len++;
    return len;
}

static enum pz_err parse_call(struct parser *p, enum op_code code)
{
    enum pz_err err;

    if (!take(p, "("))
        return problem_set(p->problem, PZ_USAGE, "a '(' is missing before '%.40s'", p->at);
    err = parse_inner(p);
    return err ? err : emit(p, code, 0);
}

/* A register's or CSR's name, with or without '$', else a symbol. */
static enum pz_err parse_name(struct parser *p)
{
    bool plain = !take(p, "$");
    const char *name = p->at;
    size_t len = name_length(name);
    int number = debug_register(name, len);
    enum csr_id csr = debug_csr(name, len);
    const struct symbol *symbol;

    p->at += len;
    for (unsigned i = 0; plain && i < sizeof functions / sizeof functions[0]; i++)
        if (strlen(functions[i].name) == len && !strncmp(functions[i].name, name, len))
            return parse_call(p, functions[i].code);
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i].name) == len && !strncmp(words[i].name, name, len) &&
            !(csr != CSR_NONE && words[i].code == OP_TIME && !plain))
            return emit(p, words[i].code, 0);
    if (number >= 0)
        return emit(p, OP_REGISTER, (uint64_t)number);
    if (csr != CSR_NONE)
        return emit(p, OP_CSR, csr);
    if (len == 4 && !strncmp(name, "user", 4))
        return emit(p, OP_NUMBER, HART_USER);
    if (len == 10 && !strncmp(name, "supervisor", 10))
        return emit(p, OP_NUMBER, HART_SUPERVISOR);
    symbol = plain && p->symbols ? symbols_named(p->symbols, name, len) : NULL;
    if (symbol)
        return emit(p, OP_NUMBER, symbol->address);
    return problem_set(
        p->problem, PZ_USAGE,
        "'%.*s' is not a register, CSR or symbol here (help print lists the names)",
        (int)(len < 60 ? len : 60), name);
}

static enum pz_err parse_number(struct parser *p)
{
    bool hex = p->at[0] == '0' && (p->at[1] == 'x' || p->at[1] == 'X');
    const char *start = p->at;
    uint64_t value = 0;

    if (hex)
        p->at += 2;
    while (hex ? isxdigit((unsigned char)*p->at) || *p->at == '_'
               : isdigit((unsigned char)*p->at) || *p->at == '_' || *p->at == ',') {
        unsigned char c = (unsigned char)*p->at++;
        uint64_t digit = (uint64_t)(isdigit(c) ? c - '0' : tolower(c) - 'a' + 10);

        if (c == '_' || c == ',')
            continue;
        if (value > (UINT64_MAX - digit) / (hex ? 16 : 10))
            return problem_set(p->problem, PZ_USAGE, "the number '%.40s' is too large", start);
        value = value * (hex ? 16 : 10) + digit;
    }
    if (name_length(p->at) || (hex && p->at == start + 2))
        return problem_set(p->problem, PZ_USAGE, "'%.40s' is not a number", start);
    return emit(p, OP_NUMBER, value);
}

static enum pz_err parse_unary(struct parser *p)
{
    static const struct {
        const char *token;
        enum op_code code;
    } prefixes[] = {{"-", OP_NEGATE}, {"!", OP_NOT}, {"~", OP_INVERT}, {"*", OP_LOAD32}};
    enum pz_err err;

    skip_blanks(p);
    for (unsigned i = 0; i < 4; i++) {
        if (!take(p, prefixes[i].token))
            continue;
        if (p->nesting++ == NESTING_MOST)
            return problem_set(p->problem, PZ_USAGE, "the expression is nested too deeply");
        err = parse_unary(p);
        p->nesting--;
        return err ? err : emit(p, prefixes[i].code, 0);
    }
    if (take(p, "("))
        return parse_inner(p);
    if (isdigit((unsigned char)*p->at))
        return parse_number(p);
    if (isalpha((unsigned char)*p->at) || *p->at == '_' || *p->at == '$')
        return parse_name(p);
    if (!*p->at)
        return problem_set(p->problem, PZ_USAGE, "the expression is missing or incomplete");
    return problem_set(p->problem, PZ_USAGE, "'%.40s' is not part of an expression", p->at);
}

/* Longer tokens before their beginnings. */
static const struct {
    const char *token;
    unsigned rank;
    enum op_code code;
} binaries[] = {
    {"||", 1, OP_EITHER},     {"&&", 2, OP_BOTH},
    {"==", 6, OP_EQUAL},      {"!=", 6, OP_NOT_EQUAL},
    {"<<", 8, OP_SHIFT_LEFT}, {">>", 8, OP_SHIFT_RIGHT},
    {"<=", 7, OP_LESS_EQUAL}, {">=", 7, OP_GREATER_EQUAL},
    {"|", 3, OP_OR},          {"^", 4, OP_XOR},
    {"&", 5, OP_AND},         {"<", 7, OP_LESS},
    {">", 7, OP_GREATER},     {"+", 9, OP_ADD},
    {"-", 9, OP_SUBTRACT},    {"*", 10, OP_MULTIPLY},
    {"/", 10, OP_DIVIDE},     {"%", 10, OP_REMAINDER},
};
#define BINARIES (sizeof binaries / sizeof binaries[0])

static unsigned next_binary(struct parser *p)
{
    unsigned i = 0;

    skip_blanks(p);
    while (i < BINARIES && strncmp(p->at, binaries[i].token, strlen(binaries[i].token)))
        i++;
    return i;
}

static enum pz_err parse_binary(struct parser *p, unsigned least)
{
    enum pz_err err = parse_unary(p);

    for (;;) {
        unsigned i = next_binary(p);

        if (err || i == BINARIES || binaries[i].rank <= least)
            return err;
        p->at += strlen(binaries[i].token);
        err = parse_binary(p, binaries[i].rank);
        if (!err)
            err = emit(p, binaries[i].code, 0);
    }
}

enum pz_err debug_expr_compile(struct debug_expr *expr, const struct symbols *symbols,
                               const char **text, bool end, struct problem *problem)
{
    struct parser p = {.expr = expr, .symbols = symbols, .at = *text, .problem = problem};
    enum pz_err err;

    expr->count = 0;
    skip_blanks(&p);
    *text = p.at;
    err = parse_binary(&p, 0);
    if (err)
        return err;
    snprintf(expr->text, sizeof expr->text, "%.*s", (int)(p.at - *text), *text);
    for (size_t len = strlen(expr->text); len && expr->text[len - 1] == ' ';)
        expr->text[--len] = 0;
    *text = p.at;
    if (end && *p.at)
        return problem_set(problem, PZ_USAGE, "unexpected '%.40s' after the expression", p.at);
    return PZ_OK;
}

/* ---- Evaluation ---- */

static bool load(const struct debug_scope *scope, unsigned width, uint64_t *value)
{
    uint32_t word = 0;

    if (!debug_read_gva(scope->vm, scope->hart->satp, (uint32_t)*value, &word, width))
        return false;
    *value = word;
    return true;
}

static bool unary(const struct debug_scope *scope, enum op_code code, uint64_t *value)
{
    struct sv32_walk walk;

    switch (code) {
    case OP_LOAD8: return load(scope, 1, value);
    case OP_LOAD16: return load(scope, 2, value);
    case OP_LOAD32: return load(scope, 4, value);
    case OP_GPA:
        if (debug_walk(scope->vm, scope->hart->satp, (uint32_t)*value, &walk) != SV32_OK)
            return false;
        *value = walk.pa;
        return true;
    case OP_NEGATE: *value = -*value; return true;
    case OP_NOT: *value = !*value; return true;
    default: *value = ~*value; return true;
    }
}

/* Inside an exit the hart is a copy, of the one that has its turn. */
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

static bool binary(enum op_code code, uint64_t a, uint64_t b, uint64_t *value)
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
            if (!unary(scope, (enum op_code)op->code, &stack[depth - 1]))
                return false;
        } else {
            depth--;
            if (!binary((enum op_code)op->code, stack[depth - 1], stack[depth],
                        &stack[depth - 1]))
                return false;
        }
    }
    *value = stack[0];
    return true;
}

/* CSRs are the virtual hart's, so every write to one is an exit; but these two follow time. */
static bool is_steady(const struct debug_op *op)
{
    switch ((enum op_code)op->code) {
    case OP_CSR: return op->value != CSR_time && op->value != CSR_timeh && op->value != CSR_sip;
    case OP_REGISTER:
    case OP_PC:
    case OP_RETIRED:
    case OP_TIME:
    case OP_LOAD8:
    case OP_LOAD16:
    case OP_LOAD32:
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

/* `retired`, compared with a number, as ops[i] and the two behind it. */
static bool is_bound(const struct debug_expr *expr, unsigned i)
{
    return expr->ops[i].code == OP_RETIRED && i + 2 < expr->count &&
           expr->ops[i + 1].code == OP_NUMBER && expr->ops[i + 2].code >= OP_LESS &&
           expr->ops[i + 2].code <= OP_NOT_EQUAL;
}

/* From one count to the next a comparison with `bound` can change where that is met or passed. */
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
