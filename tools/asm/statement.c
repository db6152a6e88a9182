/* SPDX-License-Identifier: GPL-2.0-or-later */
/* statement.c - a line is statements between semicolons: labels, and what they mark. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tools/asm/state.h"

/* Labels are defined; what follows them is left. */
static char *labels(struct assembly *a, char *text)
{
    for (;;) {
        size_t len = 0;
        char *colon;

        text = (char *)(uintptr_t)asm_blank(text);
        while (asm_is_name(text[len]))
            len++;
        colon = (char *)(uintptr_t)asm_blank(text + len);
        if (!len || *colon != ':')
            return text;
        (void)asm_define_label(a, text, len);
        text = colon + 1;
    }
}

static void statement(struct assembly *a, char *text)
{
    char *name, *rest, *body = text, *whole;
    size_t len;

    if (a->over || !*asm_blank(text))
        return;
    if (++a->statements > ASM_STATEMENTS_MOST) {
        asm_wrong(a, "the program does not end: it has more than %u statements",
                  ASM_STATEMENTS_MOST);
        a->over = true;
        return;
    }
    whole = asm_copy(a, text, strlen(text));
    if (!whole)
        return;
    if (!a->collecting_kind &&
        (!a->condition_count || a->conditions[a->condition_count - 1].now))
        body = labels(a, text);
    body = (char *)(uintptr_t)asm_blank(body);
    for (len = strlen(body); len && isspace((unsigned char)body[len - 1]);)
        body[--len] = '\0';
    len = strcspn(body, " \t");
    if (!len)
        return;
    name = asm_copy(a, body, len);
    rest = name ? asm_copy(a, asm_blank(body + len), strlen(asm_blank(body + len))) : NULL;
    if (!rest || asm_collects(a, name, whole, rest) || !asm_condition(a, name, rest))
        return;
    if (asm_name(body) < len && !strchr(body, '=')) {
        asm_wrong(a, "'%.40s' is not an instruction", name);
        return;
    }
    if (*rest == '=' && rest[1] != '=') { /* name = value */
        struct asm_symbol *symbol = asm_symbol(a, name, strlen(name));

        if (symbol && asm_constant(a, rest + 1, name, &symbol->value)) {
            symbol->section = NULL;
            symbol->defined = symbol->set = true;
        }
        return;
    }
    if (asm_macro_call(a, name, rest))
        return;
    if (name[0] == '.')
        (void)asm_directive(a, name, rest);
    else
        (void)asm_instruction(a, name, rest);
}

void asm_line(struct assembly *a, const char *line)
{
    char *copy = asm_copy(a, line, strlen(line)), *from = copy;

    for (char *at = copy; copy && !a->over; at++) {
        bool last = !*at || *at == '#';

        if (*at == '"' || *at == '\'') {
            at = (char *)(uintptr_t)asm_quoted(at) - 1;
            continue;
        }
        if (!last && *at != ';')
            continue;
        *at = '\0';
        statement(a, from);
        from = at + 1;
        if (last)
            return;
    }
}
