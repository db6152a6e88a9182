/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * macro.c - .macro, .irp and .rept: their lines are collected up to the end of the block, and then
 * assembled with the parameters put in, once or for each of a list.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/asm/state.h"

#define PARAMETERS_MOST 16
#define LINES_MOST 65536u

/* ---- Parameters ---- */

struct binding {
    const char *name;
    size_t len;
    const char *value;
    bool rest; /* it takes all that is left of the arguments */
    bool given;
};

/* "a, b=1, c:vararg" */
static int read_parameters(struct assembly *a, const char *text, struct binding bindings[])
{
    char *operands[PARAMETERS_MOST], *copy = asm_copy(a, text, strlen(text));
    int count, depth = 0;

    /* Blanks separate parameters, too. */
    for (char *at = copy; copy && *at; at++) {
        depth += *at == '(';
        depth -= *at == ')';
        if ((*at == ' ' || *at == '\t') && !depth && !strchr(" \t,=:", at[1]) && at > copy &&
            !strchr(" \t,=:", at[-1]))
            *at = ',';
    }
    count = copy ? asm_operands(copy, operands, PARAMETERS_MOST) : 0;
    for (int i = 0; i < count; i++) {
        char *equals = strchr(operands[i], '='), *colon = strchr(operands[i], ':');

        bindings[i] = (struct binding){.name = operands[i],
                                       .len = asm_name(operands[i]),
                                       .value = equals ? asm_blank(equals + 1) : "",
                                       .rest = colon && !strcmp(colon, ":vararg")};
    }
    return count;
}

static struct binding *find(struct binding bindings[], int count, const char *name, size_t len)
{
    for (int i = 0; i < count; i++)
        if (bindings[i].len == len && !strncmp(bindings[i].name, name, len))
            return &bindings[i];
    return NULL;
}

/* A line with "\name" replaced; "\()" separates, "\@" is the number of the expansion. */
static char *replace(struct assembly *a, const char *line, struct binding bindings[], int count)
{
    char *text = a->scratch, *copy;
    size_t len = 0;

    while (*line && len < ASM_LINE_MOST) {
        size_t name = *line == '\\' ? asm_name(line + 1) : 0;
        struct binding *binding = NULL;
        char number[16];
        const char *value = number;

        (void)!snprintf(number, sizeof number, "%u", a->expansions);
        for (; name && !binding; name -= !binding)
            binding = find(bindings, count, line + 1, name);
        if (binding) {
            value = binding->value;
            line += 1 + name;
        } else if (!strncmp(line, "\\()", 3)) {
            value = "";
            line += 3;
        } else if (!strncmp(line, "\\@", 2)) {
            line += 2;
        } else {
            text[len++] = *line++;
            continue;
        }
        if (len + strlen(value) > ASM_LINE_MOST)
            break;
        memcpy(text + len, value, strlen(value));
        len += strlen(value);
    }
    copy = !*line ? asm_copy(a, text, len) : NULL;
    if (!copy && !a->over)
        asm_wrong(a, "a line of a macro is too long");
    return copy;
}

/* ---- Expanding ---- */

static void expand(struct assembly *a, const struct asm_macro *macro, struct binding bindings[],
                   int count)
{
    if (a->nesting == ASM_NESTING_MOST) {
        asm_wrong(a, "macros are nested too deep");
        return;
    }
    a->nesting++;
    a->expansions++;
    for (unsigned i = 0; i < macro->count && !a->over; i++) {
        char *line = replace(a, macro->lines[i], bindings, count);

        if (line)
            asm_line(a, line);
    }
    a->nesting--;
}

/* Is a blank here the end of an argument? In gas it is, where nothing else is between two. */
static bool ends_here(const char *text, const char *at)
{
    const char *next = asm_blank(at);

    return next > at && at > text && asm_is_name(at[-1]) && asm_is_name(*next);
}

/* Arguments, each up to a comma; if `rest`, the last is all that is left. */
static int split(char *text, char *operands[], int most, bool rest)
{
    int depth = 0, commas = 0;
    char *at = text, *left = NULL;
    int count;

    for (; *at && !left; at++) {
        if (*at == '"' || *at == '\'') {
            at = (char *)(uintptr_t)asm_quoted(at) - 1;
            continue;
        }
        depth += *at == '(';
        depth -= *at == ')';
        if (!depth && ends_here(text, at))
            *at = ',';
        commas += !depth && *at == ',';
        if (rest && commas == most - 1 && most > 1) {
            left = at + 1;
            *at = '\0';
        }
    }
    count = asm_operands(text, operands, left ? most - 1 : most);
    if (count >= 0 && left)
        operands[count++] = (char *)(uintptr_t)asm_blank(left);
    return count;
}

/* A text in quotes is put in without them. */
static const char *unquoted(char *argument)
{
    size_t len = strlen(argument);

    if (len < 2 || argument[0] != '"' || argument[len - 1] != '"')
        return argument;
    argument[len - 1] = '\0';
    return argument + 1;
}

bool asm_macro_call(struct assembly *a, const char *name, char *rest)
{
    const struct asm_macro *macro = a->macros;
    struct binding bindings[PARAMETERS_MOST];
    char *operands[PARAMETERS_MOST];
    int count, given;

    while (macro && strcmp(macro->name, name))
        macro = macro->next;
    if (!macro)
        return false;
    count = read_parameters(a, macro->parameters, bindings);
    if (count > 0 && bindings[count - 1].rest && count == 1) {
        bindings[0].value = rest;
        expand(a, macro, bindings, count);
        return true;
    }
    given = count > 0 ? split(rest, operands, count, bindings[count - 1].rest)
                      : asm_operands(rest, operands, 1);
    if (given < 0 || given > count) {
        asm_wrong(a, "%.40s takes %d arguments", name, count > 0 ? count : 0);
        return true;
    }
    for (int i = 0; i < given; i++) {
        char *equals = strchr(operands[i], '=');
        struct binding *named =
            equals ? find(bindings, count, operands[i], (size_t)(equals - operands[i])) : NULL;

        if (named)
            named->value = equals + 1;
        else if (operands[i][0])
            bindings[i].value = unquoted(operands[i]);
    }
    expand(a, macro, bindings, count);
    return true;
}

/* ---- Collecting ---- */

static bool begins_block(const char *name)
{
    return !strcmp(name, ".macro") || !strcmp(name, ".irp") || !strcmp(name, ".rept");
}

static void begin(struct assembly *a, char kind, char *rest)
{
    struct asm_macro *macro = asm_take(a, sizeof *macro);
    size_t len = asm_name(rest);

    if (!macro)
        return;
    macro->name = asm_copy(a, rest, kind == 'r' ? 0 : len);
    macro->parameters = kind == 'r' ? rest : asm_blank(rest + len);
    if (*macro->parameters == ',')
        macro->parameters = asm_blank(macro->parameters + 1);
    if (kind != 'r' && !len)
        asm_wrong(a, "a name is missing");
    a->collecting = macro;
    a->collecting_kind = kind;
    a->collecting_depth = a->collecting_room = 0;
}

static void add_line(struct assembly *a, char *line)
{
    struct asm_macro *macro = a->collecting;

    if (macro->count == a->collecting_room) {
        unsigned room = 2 * a->collecting_room + 16;
        char **lines = room > LINES_MOST ? NULL : asm_take(a, room * sizeof *lines);

        if (!lines) {
            asm_wrong(a, "the block is too long");
            a->over = true;
            return;
        }
        if (macro->count)
            memcpy(lines, macro->lines, macro->count * sizeof *lines);
        macro->lines = lines;
        a->collecting_room = room;
    }
    macro->lines[macro->count++] = line;
}

static void each(struct assembly *a, const struct asm_macro *macro)
{
    char *operands[256], *list = asm_copy(a, macro->parameters, strlen(macro->parameters));
    int count = list ? asm_operands(list, operands, 256) : 0;

    if (count < 0)
        asm_wrong(a, ".irp: more than 256 values");
    for (int i = 0; i < count; i++) {
        struct binding binding = {
            .name = macro->name, .len = strlen(macro->name), .value = operands[i]};

        expand(a, macro, &binding, 1);
    }
}

static void repeat(struct assembly *a, const struct asm_macro *macro)
{
    int64_t count;

    if (asm_constant(a, macro->parameters, ".rept", &count))
        for (int64_t i = 0; i < count && !a->over; i++)
            expand(a, macro, NULL, 0);
}

static void end(struct assembly *a)
{
    struct asm_macro *macro = a->collecting;
    char kind = a->collecting_kind;

    a->collecting = NULL;
    a->collecting_kind = 0;
    if (kind == 'm') {
        macro->next = a->macros;
        a->macros = macro;
    } else if (kind == 'i') {
        each(a, macro);
    } else {
        repeat(a, macro);
    }
}

bool asm_collects(struct assembly *a, const char *name, const char *statement, char *rest)
{
    bool ends = !strcmp(name, ".endm") || !strcmp(name, ".endr") || !strcmp(name, ".endmacro");

    if (!a->collecting_kind) {
        if (a->condition_count && !a->conditions[a->condition_count - 1].now)
            return false;
        if (ends)
            return !asm_wrong(a, "%s without its beginning", name);
        if (!begins_block(name))
            return false;
        begin(a, name[1] == 'm' ? 'm' : name[1] == 'i' ? 'i' : 'r', rest);
        return true;
    }
    if (ends && !a->collecting_depth) {
        end(a);
        return true;
    }
    a->collecting_depth += begins_block(name);
    a->collecting_depth -= ends;
    add_line(a, (char *)(uintptr_t)statement);
    return true;
}
