/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expr_parse.c - a recursive-descent parser of expressions, which emits code for the stack machine
 * of expr.c. An operand that has a C type is expr_typed.c's.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "tools/debug/expr_internal.h"
#include "tools/show/show.h"

#define NESTING_MOST 24u

static const struct {
    const char *name;
    enum op_code code;
} words[] = {{"pc", OP_PC}, {"mode", OP_MODE}, {"retired", OP_RETIRED}, {"time", OP_TIME},
             {"vm", OP_VM}, {"cpu", OP_CPU},   {"asid", OP_ASID}};

static const struct {
    const char *name;
    enum op_code code;
} functions[] = {{"u8", OP_LOAD8}, {"u16", OP_LOAD16}, {"u32", OP_LOAD32}, {"gpa", OP_GPA}};

/* An operation on two numbers becomes one number, so that a bound on `retired` may be a product. */
static void fold(struct debug_expr *expr)
{
    struct debug_op *ops = &expr->ops[expr->count];

    if (expr->count >= 3 && ops[-1].code >= OP_MULTIPLY && ops[-2].code == OP_NUMBER &&
        ops[-3].code == OP_NUMBER &&
        debug_expr_binary((enum op_code)ops[-1].code, ops[-3].value, ops[-2].value,
                          &ops[-3].value))
        expr->count -= 2;
}

enum pz_err debug_expr_emit(struct parser *p, enum op_code code, uint64_t value)
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

bool debug_expr_take(struct parser *p, const char *token)
{
    skip_blanks(p);
    if (strncmp(p->at, token, strlen(token)))
        return false;
    p->at += strlen(token);
    return true;
}

static enum pz_err parse_binary(struct parser *p, unsigned least,
                                struct debug_operand *operand);

static enum pz_err parse_inner(struct parser *p, const char *end, struct debug_operand *operand)
{
    enum pz_err err;

    if (p->nesting++ == NESTING_MOST)
        return problem_set(p->problem, PZ_USAGE, "the expression is nested too deeply");
    err = parse_binary(p, 0, operand);
    p->nesting--;
    if (!err && !debug_expr_take(p, end))
        return problem_set(p->problem, PZ_USAGE, "a '%s' is missing before '%.40s'", end,
                           p->at);
    return err;
}

enum pz_err debug_expr_nested(struct parser *p, const char *end)
{
    struct debug_operand operand = {0};
    enum pz_err err = parse_inner(p, end, &operand);

    return err ? err : debug_expr_load(p, &operand);
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

    if (!debug_expr_take(p, "("))
        return problem_set(p->problem, PZ_USAGE, "a '(' is missing before '%.40s'", p->at);
    err = debug_expr_nested(p, ")");
    return err ? err : debug_expr_emit(p, code, 0);
}

/* A register, a CSR or another name of the machine's state. False: the name is none of them. */
static bool find_word(const char *name, size_t len, bool plain, struct debug_op *op)
{
    int number = debug_register(name, len);
    enum csr_id csr = debug_csr(name, len);

    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i].name) == len && !strncmp(words[i].name, name, len) &&
            !(csr != CSR_NONE && words[i].code == OP_TIME && !plain)) {
            *op = (struct debug_op){(uint8_t)words[i].code, 0};
            return true;
        }
    if (number >= 0)
        *op = (struct debug_op){OP_REGISTER, (uint64_t)number};
    else if (csr != CSR_NONE)
        *op = (struct debug_op){OP_CSR, csr};
    else if (len == 4 && !strncmp(name, "user", 4))
        *op = (struct debug_op){OP_NUMBER, HART_USER};
    else if (len == 10 && !strncmp(name, "supervisor", 10))
        *op = (struct debug_op){OP_NUMBER, HART_SUPERVISOR};
    else
        return false;
    return true;
}

/* Symbols may contain dots: try the whole name first, then the part before the first dot. */
static const struct symbol *find_symbol(const struct parser *p, const char *name, size_t *len)
{
    const struct symbols *symbols = p->names->symbols;
    const struct symbol *symbol = symbols ? symbols_named(symbols, name, *len) : NULL;
    const char *dot = memchr(name, '.', *len);

    if (symbol || !symbols || !dot)
        return symbol;
    *len = (size_t)(dot - name);
    return symbols_named(symbols, name, *len);
}

/* Constants of C's enumerations: they need the kernel's types. */
static bool find_constant(struct parser *p, const char *name, size_t len, uint32_t *value)
{
    struct problem ignored, *problem = p->problem;
    const struct types *types;

    p->problem = &ignored;
    types = debug_expr_types(p);
    p->problem = problem;
    return types && types_enumerator(types, name, len, value);
}

/* A local variable: names in C have no dots. */
static enum pz_err parse_local(struct parser *p, const char *name, size_t len,
                               struct debug_operand *operand, bool *known)
{
    const char *dot = memchr(name, '.', len);
    struct debug_local local;
    enum pz_err err;

    *known = false;
    if (!p->names->local || !len)
        return PZ_OK;
    len = dot ? (size_t)(dot - name) : len;
    err = p->names->local(p->names->owner, name, len, &local, known, p->problem);
    if (err || !*known)
        return err;
    p->at += len;
    err = debug_expr_emit(p, OP_NUMBER, local.value);
    if (!err && !local.place)
        err = debug_expr_narrow(p, local.type);
    *operand = (struct debug_operand){.typed = true, .place = local.place, .type = local.type};
    return err;
}

/*
 * A register's or CSR's name, with or without '$', else a local variable, a symbol or an
 * enumeration's constant.
 */
static enum pz_err parse_name(struct parser *p, struct debug_operand *operand)
{
    bool plain = !debug_expr_take(p, "$");
    const char *name = p->at;
    size_t len = name_length(name);
    struct debug_op op;
    uint32_t value;
    enum pz_err err;
    bool known = false;

    for (unsigned i = 0; plain && i < sizeof functions / sizeof functions[0]; i++)
        if (strlen(functions[i].name) == len && !strncmp(functions[i].name, name, len)) {
            p->at += len;
            return parse_call(p, functions[i].code);
        }
    if (find_word(name, len, plain, &op)) {
        p->at += len;
        return debug_expr_emit(p, (enum op_code)op.code, op.value);
    }
    err = plain ? parse_local(p, name, len, operand, &known) : PZ_OK;
    if (err || known)
        return err;
    operand->symbol = plain ? find_symbol(p, name, &len) : NULL;
    p->at += len;
    if (operand->symbol)
        return debug_expr_emit(p, OP_NUMBER, operand->symbol->address);
    if (plain && len && find_constant(p, name, len, &value))
        return debug_expr_emit(p, OP_NUMBER, (uint64_t)(int32_t)value);
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
    return debug_expr_emit(p, OP_NUMBER, value);
}

static enum pz_err parse_primary(struct parser *p, struct debug_operand *operand)
{
    if (debug_expr_take(p, "("))
        return parse_inner(p, ")", operand);
    if (isdigit((unsigned char)*p->at))
        return parse_number(p);
    if (isalpha((unsigned char)*p->at) || *p->at == '_' || *p->at == '$')
        return parse_name(p, operand);
    if (!*p->at)
        return problem_set(p->problem, PZ_USAGE, "the expression is missing or incomplete");
    return problem_set(p->problem, PZ_USAGE, "'%.40s' is not part of an expression", p->at);
}

static enum pz_err parse_unary(struct parser *p, struct debug_operand *operand);

/* The operand of a prefix operator. */
static enum pz_err parse_behind(struct parser *p, struct debug_operand *operand)
{
    enum pz_err err;

    if (p->nesting++ == NESTING_MOST)
        return problem_set(p->problem, PZ_USAGE, "the expression is nested too deeply");
    err = parse_unary(p, operand);
    p->nesting--;
    return err;
}

static enum pz_err parse_prefix(struct parser *p, enum op_code code,
                                struct debug_operand *operand)
{
    enum pz_err err = parse_behind(p, operand);

    if (!err)
        err = debug_expr_load(p, operand);
    *operand = (struct debug_operand){0};
    return err ? err : debug_expr_emit(p, code, 0);
}

static enum pz_err parse_cast(struct parser *p, struct types_type type,
                              struct debug_operand *operand)
{
    enum pz_err err = parse_behind(p, operand);

    if (!err)
        err = debug_expr_load(p, operand);
    *operand = (struct debug_operand){.typed = true, .type = type};
    return err ? err : debug_expr_narrow(p, type);
}

static enum pz_err parse_unary(struct parser *p, struct debug_operand *operand)
{
    static const struct {
        const char *token;
        enum op_code code;
    } prefixes[] = {{"-", OP_NEGATE}, {"!", OP_NOT}, {"~", OP_INVERT}};
    struct types_type type;
    enum pz_err err;

    skip_blanks(p);
    for (unsigned i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (debug_expr_take(p, prefixes[i].token))
            return parse_prefix(p, prefixes[i].code, operand);
    if (debug_expr_take(p, "*")) {
        err = parse_behind(p, operand);
        return err ? err : debug_expr_target(p, operand);
    }
    if (debug_expr_take(p, "&")) {
        err = parse_behind(p, operand);
        return err ? err : debug_expr_address(p, operand);
    }
    if (*p->at == '(' && debug_expr_cast(p, &type))
        return parse_cast(p, type, operand);
    err = parse_primary(p, operand);
    return err ? err : debug_expr_suffixes(p, operand);
}

/* Longer tokens come before their own prefixes. */
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

static enum pz_err parse_binary(struct parser *p, unsigned least, struct debug_operand *operand)
{
    enum pz_err err = parse_unary(p, operand);

    for (;;) {
        struct debug_operand other = {0};
        unsigned i = next_binary(p);

        if (err || i == BINARIES || binaries[i].rank <= least)
            return err;
        p->at += strlen(binaries[i].token);
        err = debug_expr_load(p, operand);
        if (!err)
            err = parse_binary(p, binaries[i].rank, &other);
        if (!err)
            err = debug_expr_load(p, &other);
        if (!err)
            err = debug_expr_emit(p, binaries[i].code, 0);
        *operand = (struct debug_operand){0};
    }
}

enum pz_err debug_expr_compile(struct debug_expr *expr, const struct debug_names *names,
                               const char **text, bool end, struct problem *problem)
{
    struct parser p = {.expr = expr, .names = names, .at = *text, .problem = problem};
    struct debug_operand operand = {0};
    enum pz_err err;

    expr->count = 0;
    skip_blanks(&p);
    *text = p.at;
    err = parse_binary(&p, 0, &operand);
    expr->operand = operand;
    expr->place_count = expr->count;
    if (!err)
        err = debug_expr_load(&p, &operand);
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
