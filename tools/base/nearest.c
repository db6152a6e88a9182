/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nearest.c - edit distance between names: letters to insert, delete or replace. */
#include "tools/base/nearest.h"

#include <stdio.h>
#include <string.h>

enum { NAME_MOST = 32 };

static unsigned least_of(unsigned a, unsigned b, unsigned c)
{
    unsigned least = a < b ? a : b;

    return least < c ? least : c;
}

/* Levenshtein's distance, with one row of the table kept. Names over NAME_MOST are far away. */
static unsigned distance(const char *a, const char *b)
{
    unsigned row[NAME_MOST + 1];
    size_t len = strlen(b);

    if (len > NAME_MOST || strlen(a) > NAME_MOST)
        return NAME_MOST;
    for (unsigned j = 0; j <= len; j++)
        row[j] = j;
    for (unsigned i = 0; a[i]; i++) {
        unsigned diagonal = row[0];

        row[0] = i + 1;
        for (unsigned j = 0; j < len; j++) {
            unsigned replaced = diagonal + (a[i] != b[j]);

            diagonal = row[j + 1];
            row[j + 1] = least_of(replaced, diagonal + 1, row[j] + 1);
        }
    }
    return row[len];
}

/* "verif" and "verfy" mean "verify"; "x" means nothing near. */
const char *nearest_row(const char *text, const char *const *names, unsigned count,
                        size_t stride)
{
    const char *nearest = NULL;
    unsigned best = NAME_MOST;

    for (unsigned i = 0; i < count; i++) {
        const char *name = *(const char *const *)((const char *)names + i * stride);
        unsigned found = distance(text, name);
        unsigned limit = strlen(name) < 6 ? 2 : 3;

        if (found < best && found <= limit && found < strlen(name)) {
            best = found;
            nearest = name;
        }
    }
    return nearest;
}

const char *nearest_name(const char *text, const char *const *names, unsigned count)
{
    return nearest_row(text, names, count, sizeof *names);
}

const char *nearest_hint(const char *name, char hint[NEAREST_HINT])
{
    hint[0] = 0;
    if (name)
        (void)!snprintf(hint, NEAREST_HINT, ": did you mean '%.60s'?", name);
    return hint;
}

enum pz_err nearest_refuse(const char *kind, const char *text, const char *const *names,
                           unsigned count, size_t stride, const char *lister,
                           struct problem *problem)
{
    char hint[NEAREST_HINT];

    (void)nearest_hint(nearest_row(text, names, count, stride), hint);
    return problem_set(problem, PZ_USAGE, "no %s '%.60s'%s (%s lists them)", kind, text, hint,
                       lister);
}
