/* SPDX-License-Identifier: GPL-2.0-or-later */
/* words.c - takes a statement apart: names, blanks, constants in quotes, operands. */
#include <ctype.h>
#include <string.h>

#include "tools/asm/state.h"

bool asm_is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '$';
}

size_t asm_name(const char *text)
{
    size_t len = 0;

    while (asm_is_name(text[len]))
        len++;
    return len && isdigit((unsigned char)text[0]) ? 0 : len;
}

const char *asm_blank(const char *text)
{
    return text + strspn(text, " \t\r\f\v");
}

const char *asm_quoted(const char *text)
{
    char quote = *text++;

    while (*text && *text != quote) {
        if (*text == '\\' && text[1])
            text++;
        text++;
    }
    return *text ? text + 1 : text;
}

bool asm_character(const char **text, uint8_t *byte)
{
    static const char escapes[] = "n\nt\tr\rb\bf\f0\0\\\\\"\"''";
    const char *at = *text;
    unsigned value = 0, digits = 0;

    if (!*at)
        return false;
    if (*at != '\\') {
        *byte = (uint8_t)*at;
        *text = at + 1;
        return true;
    }
    at++;
    while (digits < 3 && *at >= '0' && *at <= '7')
        value = 8 * value + (unsigned)(*at++ - '0'), digits++;
    if (digits) {
        *byte = (uint8_t)value;
        *text = at;
        return true;
    }
    if (*at == 'x') {
        for (at++; isxdigit((unsigned char)*at); at++)
            value = 16 * value +
                    (unsigned)(isdigit((unsigned char)*at) ? *at - '0' : (*at | 32) - 'a' + 10);
        *byte = (uint8_t)value;
        *text = at;
        return true;
    }
    for (unsigned i = 0; i + 1 < sizeof escapes - 1; i += 2)
        if (escapes[i] == *at && *at) {
            *byte = (uint8_t)escapes[i + 1];
            *text = at + 1;
            return true;
        }
    return false;
}

/* Cut blanks at both ends. */
static char *trim(char *text, char *end)
{
    while (text < end && isspace((unsigned char)*text))
        text++;
    while (end > text && isspace((unsigned char)end[-1]))
        end--;
    *end = '\0';
    return text;
}

int asm_operands(char *text, char *operands[], int most)
{
    char *from = text, *at = text;
    int count = 0, depth = 0;

    if (!*asm_blank(text))
        return 0;
    for (;; at++) {
        if (*at == '"' || *at == '\'') {
            at = (char *)(uintptr_t)asm_quoted(at) - 1;
            continue;
        }
        depth += *at == '(';
        depth -= *at == ')' && depth;
        if (*at && (*at != ',' || depth))
            continue;
        if (count == most)
            return -1;
        {
            bool last = !*at;

            operands[count++] = trim(from, at);
            if (last)
                return count;
        }
        from = at + 1;
    }
}
