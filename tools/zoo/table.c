/* SPDX-License-Identifier: GPL-2.0-or-later */
/* table.c - zoo.def as an array, and the ways through it. */
#include "tools/zoo/table.h"

#include <inttypes.h>
#include <string.h>

#define ZOO_TERM(name, parent, sentence, source)                                               \
    {name, parent, sentence, source, TABLE_NONE, NULL, 0, 0, {NULL}},
#define ZOO_LEAF(name, parent, sentence, source, document, per, low, high, ...)                \
    {name, parent, sentence, source, document, per, low, high, {__VA_ARGS__}},

/* clang-format off */
const struct table_term table_terms[] = {
#include "tools/zoo/zoo.def"
};
/* clang-format on */

const unsigned table_count = sizeof table_terms / sizeof table_terms[0];

static const struct table_term *find(const char *name)
{
    for (unsigned i = 0; i < table_count; i++)
        if (!strcmp(table_terms[i].name, name))
            return &table_terms[i];
    return NULL;
}

const struct table_term *table_find(const char *name, struct problem *problem)
{
    const struct table_term *term = find(name);
    char hint[NEAREST_HINT];

    if (!term)
        (void)problem_set(problem, PZ_USAGE, "there is no kind of machine '%.40s'%s", name,
                          nearest_hint(nearest_row(name, &table_terms[0].name, table_count,
                                                   sizeof table_terms[0]),
                                       hint));
    return term;
}

unsigned table_depth(const struct table_term *term)
{
    unsigned depth = 0;

    while (term && term->parent) {
        term = find(term->parent);
        depth++;
    }
    return depth;
}

static void put_units(char text[TABLE_WORD], const char *word, uint32_t units)
{
    const char *place = strstr(word, "%u");

    if (place)
        snprintf(text, TABLE_WORD, "%.*s%" PRIu32 "%s", (int)(place - word), word, units,
                 place + 2);
    else
        snprintf(text, TABLE_WORD, "%s", word);
}

unsigned table_command(const struct table_term *term, uint32_t units,
                       char text[TABLE_WORDS][TABLE_WORD], char *argv[TABLE_WORDS + 2])
{
    unsigned count = 0;

    for (; count < TABLE_WORDS && term->words[count]; count++) {
        put_units(text[count], term->words[count], units);
        argv[count] = text[count];
    }
    argv[count] = NULL;
    return count;
}

const char *table_line(const struct table_term *term, char *line, size_t room)
{
    char text[TABLE_WORDS][TABLE_WORD], *argv[TABLE_WORDS + 2];
    unsigned count = table_command(term, term->high, text, argv);
    size_t used = (size_t)snprintf(line, room, "pz");

    for (unsigned i = 0; i < count && used < room; i++)
        used += (size_t)snprintf(line + used, room - used,
                                 strchr(argv[i], ' ') ? " '%s'" : " %s", argv[i]);
    return line;
}
