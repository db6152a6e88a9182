/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expr_typed.c - operands of expressions that have a C type: members, elements, dereferenced
 * pointers, casts. A symbol alone is a number, its address, as without debug information; an
 * operator before or after it makes it a variable. Everything is compiled to loads and additions,
 * so typed conditions are no slower than others.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/debug/expr_internal.h"
#include "tools/show/show.h"

#define STARS_MOST 8u

const struct types *debug_expr_types(struct parser *p)
{
    const struct types *types = p->names->types ? p->names->types(p->names->owner) : NULL;

    if (types && !types->missing)
        return types;
    (void)!problem_set(p->problem, PZ_USAGE, "no C types are known of the kernel: %s",
                       types ? types->missing : "none are asked for here");
    return NULL;
}

/* A symbol becomes the variable of that name, if it is one. */
static bool make_variable(struct parser *p, const struct types *types,
                          struct debug_operand *operand)
{
    const struct symbol *symbol = operand->symbol;

    if (symbol && types_variable(types, symbol->name, strlen(symbol->name), symbol->address,
                                 &operand->type))
        operand->typed = operand->place = true;
    operand->symbol = NULL;
    if (!operand->typed)
        (void)!problem_set(p->problem, PZ_USAGE,
                           "%.80s has no C type here; a cast gives one: ((struct NAME *)...)",
                           symbol ? symbol->name : "a number");
    return operand->typed;
}

/* ---- Values ---- */

static enum pz_err emit_bits(struct parser *p, const struct debug_operand *operand)
{
    enum pz_err err = PZ_OK;

    if (operand->bit_at) {
        err = debug_expr_emit(p, OP_NUMBER, operand->bit_at);
        if (!err)
            err = debug_expr_emit(p, OP_SHIFT_RIGHT, 0);
    }
    if (err || operand->bits >= 64)
        return err;
    err = debug_expr_emit(p, OP_NUMBER, ((uint64_t)1 << operand->bits) - 1);
    return err ? err : debug_expr_emit(p, OP_AND, 0);
}

static enum op_code load_of(uint32_t bytes)
{
    return bytes == 1 ? OP_LOAD8 : bytes == 2 ? OP_LOAD16 : bytes <= 4 ? OP_LOAD32 : OP_LOAD64;
}

enum pz_err debug_expr_load(struct parser *p, struct debug_operand *operand)
{
    struct debug_operand was = *operand;
    const struct types *types;
    uint32_t bytes, bits;
    enum pz_err err;

    operand->place = false;
    operand->bits = operand->bit_at = 0;
    operand->symbol = NULL;
    if (!was.place)
        return PZ_OK;
    types = debug_expr_types(p);
    if (!types)
        return PZ_USAGE;
    if (!types_is_scalar(types, was.type))
        return PZ_OK;
    bytes = was.bits ? (was.bit_at + was.bits + 7u) / 8 : types_size(types, was.type);
    bits = was.bits ? was.bits : 8 * bytes;
    err = debug_expr_emit(p, load_of(bytes), 0);
    if (!err && was.bits)
        err = emit_bits(p, &was);
    if (!err && bits < 64 && types_is_signed(types, was.type))
        err = debug_expr_emit(p, OP_SIGN, bits);
    return err;
}

enum pz_err debug_expr_narrow(struct parser *p, struct types_type type)
{
    const struct types *types = debug_expr_types(p);
    uint32_t bits = types && types_is_scalar(types, type) ? 8 * types_size(types, type) : 64;
    enum pz_err err;

    if (bits >= 64)
        return PZ_OK;
    if (types_is_signed(types, type))
        return debug_expr_emit(p, OP_SIGN, bits);
    err = debug_expr_emit(p, OP_NUMBER, ((uint64_t)1 << bits) - 1);
    return err ? err : debug_expr_emit(p, OP_AND, 0);
}

/* ---- Places ---- */

/* If NAME is a pointer variable, "*NAME" is as in C; otherwise it is the word at NAME's address. */
static void make_pointer(struct parser *p, struct debug_operand *operand)
{
    const struct types *types = p->names->types ? p->names->types(p->names->owner) : NULL;
    const struct symbol *symbol = operand->symbol;
    struct types_type type;

    if (symbol && types && !types->missing &&
        types_variable(types, symbol->name, strlen(symbol->name), symbol->address, &type) &&
        types_bare(types, type).stars)
        *operand = (struct debug_operand){.typed = true, .place = true, .type = type};
}

enum pz_err debug_expr_target(struct parser *p, struct debug_operand *operand)
{
    const struct types *types;
    struct types_type target;
    enum pz_err err;

    make_pointer(p, operand);
    if (!operand->typed) {
        *operand = (struct debug_operand){0};
        return debug_expr_emit(p, OP_LOAD32, 0);
    }
    types = debug_expr_types(p);
    if (!types)
        return PZ_USAGE;
    if (!types_target(types, operand->type, &target))
        return problem_set(p->problem, PZ_USAGE, "'*' needs a pointer before '%.40s'", p->at);
    err = debug_expr_load(p, operand);
    operand->type = target;
    operand->place = true;
    return err;
}

enum pz_err debug_expr_address(struct parser *p, struct debug_operand *operand)
{
    const struct types *types;

    if (operand->symbol) {
        types = p->names->types ? p->names->types(p->names->owner) : NULL;
        if (!types || types->missing || !make_variable(p, types, operand)) {
            *operand = (struct debug_operand){0}; /* the symbol remains an address */
            return PZ_OK;
        }
    }
    if (!operand->place || operand->bits)
        return problem_set(p->problem, PZ_USAGE, "'&' needs something that has an address");
    operand->place = false;
    operand->type.stars++;
    return PZ_OK;
}

static size_t word_length(const char *text)
{
    size_t len = 0;

    while (isalnum((unsigned char)text[len]) || text[len] == '_')
        len++;
    return len;
}

static enum pz_err no_member(struct parser *p, const struct types *types,
                             struct types_type type, const char *name, size_t len)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    enum pz_err err;

    if (out) {
        types_print_type(types, out, type);
        fclose(out);
    }
    err = problem_set(p->problem, PZ_USAGE, "%.80s has no member '%.*s'", text ? text : "it",
                      (int)(len < 60 ? len : 60), name);
    free(text);
    return err;
}

/* A member of a structure, or of one that a pointer points to; "." and "->" work for both. */
static enum pz_err take_member(struct parser *p, const struct types *types,
                               struct debug_operand *operand)
{
    const struct types_member *member;
    struct types_type target;
    const char *name;
    uint32_t offset;
    size_t len;
    enum pz_err err = PZ_OK;

    if (types_target(types, operand->type, &target))
        err = debug_expr_target(p, operand);
    (void)debug_expr_take(p, ""); /* blanks */
    name = p->at;
    len = word_length(name);
    member = types_member(types, operand->type, name, len, &offset);
    if (err || !member || !operand->place)
        return err ? err : no_member(p, types, operand->type, name, len);
    p->at += len;
    err = debug_expr_emit(p, OP_NUMBER, offset);
    if (!err)
        err = debug_expr_emit(p, OP_ADD, 0);
    operand->type = (struct types_type){member->type, 0};
    operand->bit_at = (uint8_t)member->bit_at;
    operand->bits = (uint8_t)member->bits;
    return err;
}

static enum pz_err take_element(struct parser *p, const struct types *types,
                                struct debug_operand *operand)
{
    struct types_type target;
    enum pz_err err;

    if (!types_target(types, operand->type, &target))
        return problem_set(p->problem, PZ_USAGE,
                           "'[' needs an array or a pointer before '%.40s'", p->at);
    err = debug_expr_load(p, operand);
    if (!err)
        err = debug_expr_nested(p, "]");
    if (!err)
        err = debug_expr_emit(p, OP_NUMBER, types_size(types, target));
    if (!err)
        err = debug_expr_emit(p, OP_MULTIPLY, 0);
    if (!err)
        err = debug_expr_emit(p, OP_ADD, 0);
    *operand = (struct debug_operand){.typed = true, .place = true, .type = target};
    return err;
}

enum pz_err debug_expr_suffixes(struct parser *p, struct debug_operand *operand)
{
    const struct types *types;
    enum pz_err err = PZ_OK;

    while (!err) {
        bool element = debug_expr_take(p, "[");

        if (!element && !debug_expr_take(p, "->") && !debug_expr_take(p, "."))
            break;
        types = debug_expr_types(p);
        if (!types || (!operand->typed && !make_variable(p, types, operand)))
            return PZ_USAGE;
        err = element ? take_element(p, types, operand) : take_member(p, types, operand);
    }
    return err;
}

/* ---- Casts ---- */

static const struct {
    const char *word;
    enum types_kind kind;
} tags[] = {{"struct", TYPES_STRUCT}, {"union", TYPES_UNION}, {"enum", TYPES_ENUM}};

static bool is_word(const char *text, size_t len, const char *word)
{
    return len == strlen(word) && !strncmp(text, word, len);
}

static bool take_tag(struct parser *p, enum types_kind *kind)
{
    size_t len = word_length(p->at);

    for (unsigned i = 0; i < sizeof tags / sizeof tags[0]; i++)
        if (is_word(p->at, len, tags[i].word)) {
            *kind = tags[i].kind;
            p->at += len;
            return true;
        }
    return false;
}

/* Joins the words of a type's name, such as "unsigned int", by single blanks. */
static size_t take_words(struct parser *p, char *name, size_t size)
{
    size_t used = 0;

    for (;;) {
        size_t len;

        (void)debug_expr_take(p, "");
        len = word_length(p->at);
        if (!len || used + len + 2 > size)
            break;
        if (used)
            name[used++] = ' ';
        memcpy(name + used, p->at, len);
        used += len;
        p->at += len;
    }
    name[used] = 0;
    return used;
}

/* Names of registers and the like are no types, so that "(a0 + 4)" needs no debug information. */
static bool may_be_type(const struct parser *p, const char *name, size_t len)
{
    return len && isalpha((unsigned char)*name) && debug_register(name, len) < 0 &&
           debug_csr(name, len) == CSR_NONE &&
           !(p->names->symbols && symbols_named(p->names->symbols, name, len));
}

static bool take_type(struct parser *p, struct types_type *type)
{
    enum types_kind kind = TYPES_VOID;
    const struct types *types;
    struct problem ignored, *problem = p->problem;
    char name[100];
    size_t len;
    bool tagged;

    (void)debug_expr_take(p, "");
    tagged = take_tag(p, &kind);
    len = take_words(p, name, sizeof name);
    if (!tagged && !may_be_type(p, name, len))
        return false;
    (void)debug_expr_take(p, "");
    if (*p->at != '*' && *p->at != ')')
        return false;
    p->problem = &ignored;
    types = debug_expr_types(p);
    p->problem = problem;
    *type = (struct types_type){0, 0};
    if (!types || (!is_word(name, len, "void") && !types_find(types, kind, name, len, type)))
        return false;
    while (type->stars < STARS_MOST && debug_expr_take(p, "*"))
        type->stars++;
    return debug_expr_take(p, ")");
}

bool debug_expr_cast(struct parser *p, struct types_type *type)
{
    const char *at = p->at;

    if (debug_expr_take(p, "(") && take_type(p, type))
        return true;
    p->at = at;
    return false;
}
