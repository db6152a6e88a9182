/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expression.c - expressions as gas has them: numbers, characters, symbols, '.', numeric labels,
 * and operators in its order of precedence. Kept in postfix order until addresses are known.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tools/asm/state.h"

struct parser {
    struct assembly *a;
    const char *at;
    struct asm_expr *expr;
    unsigned nesting;
};

static bool push(struct parser *p, uint8_t code, int64_t number, struct asm_symbol *symbol)
{
    if (p->expr->count == ASM_EXPR_MOST)
        return asm_wrong(p->a, "the expression is too long");
    p->expr->ops[p->expr->count++] = (struct asm_op){code, number, symbol};
    return true;
}

static bool binary(struct parser *p, unsigned level);

static bool number(struct parser *p)
{
    char *end;
    const char *at = p->at;
    uint64_t value;

    if (at[0] == '0' && (at[1] | 32) == 'b' && (at[2] == '0' || at[2] == '1'))
        value = strtoull(at + 2, &end, 2);
    else
        value = strtoull(at, &end, 0);
    if ((*end == 'f' || *end == 'b') && !asm_is_name(end[1]) && end - at < 5 &&
        isdigit((unsigned char)end[-1]) && !(at[0] == '0' && at[1])) {
        struct asm_symbol *symbol = asm_numbered(p->a, (unsigned)value, *end == 'f');

        p->at = end + 1;
        return symbol && push(p, 's', 0, symbol);
    }
    if (asm_is_name(*end) || end == at)
        return asm_wrong(p->a, "'%.20s' is no number", at);
    p->at = end;
    return push(p, 'n', (int64_t)value, NULL);
}

static bool character(struct parser *p)
{
    uint8_t byte = 0;

    p->at++;
    if (!asm_character(&p->at, &byte))
        return asm_wrong(p->a, "a character is missing");
    if (*p->at == '\'')
        p->at++;
    return push(p, 'n', byte, NULL);
}

static bool unary(struct parser *p)
{
    static const char operators[] = "-~!+";
    char code;

    p->at = asm_blank(p->at);
    code = *p->at;
    if (++p->nesting > ASM_NESTING_MOST)
        return asm_wrong(p->a, "the expression is nested too deep");
    if (code && strchr(operators, code)) {
        p->at++;
        return unary(p) &&
               (code == '+' || push(p, code == '-' ? 'm' : (uint8_t)code, 0, NULL)) &&
               p->nesting--;
    }
    p->nesting--;
    if (code == '(') {
        p->at++;
        if (++p->nesting > ASM_NESTING_MOST)
            return asm_wrong(p->a, "the expression is nested too deep");
        if (!binary(p, 0))
            return false;
        p->nesting--;
        p->at = asm_blank(p->at);
        return *p->at++ == ')' || (p->at--, asm_wrong(p->a, "')' is missing"));
    }
    if (isdigit((unsigned char)code))
        return number(p);
    if (code == '\'')
        return character(p);
    if (code == '.' && !asm_is_name(p->at[1])) {
        struct asm_symbol *here = asm_here(p->a);

        p->at++;
        return here && push(p, 's', 0, here);
    }
    if (asm_name(p->at)) {
        size_t len = asm_name(p->at);
        struct asm_symbol *symbol = asm_symbol(p->a, p->at, len);

        p->at += len;
        return symbol && push(p, 's', 0, symbol);
    }
    return asm_wrong(p->a, code ? "'%.20s' is no value" : "%.0sa value is missing", p->at);
}

/* The weakest first. The code is what value() knows it by. */
static const struct {
    const char *text;
    uint8_t level, code;
} operators[] = {
    {"||", 0, 'O'}, {"&&", 1, 'A'}, {"==", 2, '='}, {"!=", 2, 'N'}, {"<>", 2, 'N'},
    {"<<", 5, 'L'}, {">>", 5, 'R'}, {"<=", 2, 'l'}, {">=", 2, 'g'}, {"<", 2, '<'},
    {">", 2, '>'},  {"+", 3, '+'},  {"-", 3, '-'},  {"|", 4, '|'},  {"&", 4, '&'},
    {"^", 4, '^'},  {"*", 5, '*'},  {"/", 5, '/'},  {"%", 5, '%'},
};
#define OPERATORS (sizeof operators / sizeof operators[0])
#define LEVELS 6u

static int operator_at(const char *at)
{
    for (unsigned i = 0; i < OPERATORS; i++)
        if (!strncmp(at, operators[i].text, strlen(operators[i].text)))
            return (int)i;
    return -1;
}

static bool binary(struct parser *p, unsigned level)
{
    if (level == LEVELS)
        return unary(p);
    if (!binary(p, level + 1))
        return false;
    for (;;) {
        int i = operator_at(p->at = asm_blank(p->at));

        if (i < 0 || operators[i].level != level)
            return true;
        p->at += strlen(operators[i].text);
        if (!binary(p, level + 1) || !push(p, operators[i].code, 0, NULL))
            return false;
    }
}

bool asm_expression(struct assembly *a, const char *text, struct asm_expr *expr)
{
    static const char *const parts[] = {"%hi", "%lo"};
    struct parser p = {a, asm_blank(text), expr, 0};

    expr->count = 0;
    expr->part = 0;
    for (unsigned i = 0; i < 2; i++)
        if (!strncmp(p.at, parts[i], 3) && *asm_blank(p.at + 3) == '(') {
            expr->part = parts[i][1];
            p.at += 3;
        }
    if (!binary(&p, 0))
        return false;
    return !*asm_blank(p.at) || asm_wrong(a, "'%.30s' is left over", p.at);
}

/* ---- Values ---- */

static bool apply(uint8_t code, int64_t x, int64_t y, int64_t *value)
{
    uint64_t a = (uint64_t)x, b = (uint64_t)y;

    switch (code) {
    case '+': *value = (int64_t)(a + b); return true;
    case '-': *value = (int64_t)(a - b); return true;
    case '*': *value = (int64_t)(a * b); return true;
    case '/':
    case '%':
        if (!y || (x == INT64_MIN && y == -1))
            return false;
        *value = code == '/' ? x / y : x % y;
        return true;
    case 'L': *value = b < 64 ? (int64_t)(a << b) : 0; return true;
    case 'R': *value = b < 64 ? (int64_t)(a >> b) : 0; return true;
    case '|': *value = x | y; return true;
    case '&': *value = x & y; return true;
    case '^': *value = x ^ y; return true;
    case '=': *value = -(x == y); return true;
    case 'N': *value = -(x != y); return true;
    case '<': *value = -(x < y); return true;
    case '>': *value = -(x > y); return true;
    case 'l': *value = -(x <= y); return true;
    case 'g': *value = -(x >= y); return true;
    case 'A': *value = x && y; return true;
    default: *value = x || y; return true;
    }
}

/* A value before addresses are known: in a section, or a number. */
struct value {
    const struct asm_section *section;
    int64_t number;
};

static bool symbol_value(const struct assembly *a, const struct asm_symbol *symbol,
                         struct value *value)
{
    if (!symbol->defined)
        return false;
    *value = (struct value){symbol->section, symbol->value};
    if (a->laid_out && symbol->section)
        *value = (struct value){NULL, symbol->section->address + symbol->value};
    return true;
}

static bool combine(uint8_t code, struct value *x, const struct value *y)
{
    /* Two places of a section: their distance is a number. */
    if (code != '+' && x->section && x->section == y->section)
        x->section = NULL;
    else if ((code == '+' || code == '-') && !y->section)
        ;
    else if (code == '+' && !x->section)
        x->section = y->section;
    else if (x->section || y->section)
        return false;
    return apply(code, x->number, y->number, &x->number);
}

bool asm_number(const struct assembly *a, const struct asm_expr *expr, int64_t *number)
{
    struct value stack[ASM_EXPR_MOST];
    unsigned depth = 0;

    for (unsigned i = 0; i < expr->count; i++) {
        const struct asm_op *op = &expr->ops[i];

        if (op->code == 'n') {
            stack[depth++] = (struct value){NULL, op->number};
        } else if (op->code == 's') {
            if (!symbol_value(a, op->symbol, &stack[depth++]))
                return false;
        } else if (op->code == 'm' || op->code == '~' || op->code == '!') {
            struct value *top = &stack[depth - 1];

            if (top->section)
                return false;
            top->number = op->code == 'm'   ? (int64_t)(0 - (uint64_t)top->number)
                          : op->code == '~' ? ~top->number
                                            : !top->number;
        } else {
            depth--;
            if (!combine(op->code, &stack[depth - 1], &stack[depth]))
                return false;
        }
    }
    *number = stack[0].number;
    if (expr->part == 'h')
        *number = (int64_t)(((uint64_t)*number + 0x800) >> 12 & 0xfffff);
    else if (expr->part == 'l')
        *number = (int64_t)(((uint64_t)*number & 0xfff) ^ 0x800) - 0x800;
    return !stack[0].section;
}

bool asm_constant(struct assembly *a, const char *text, const char *what, int64_t *value)
{
    struct asm_expr expr;

    if (!asm_expression(a, text, &expr))
        return false;
    return asm_number(a, &expr, value) ||
           asm_wrong(a, "%.40s: '%.60s' is not a number that is known here", what, text);
}
