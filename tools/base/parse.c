/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * parse.c - a number is digits of its base with '_' between them, then at most one unit. Every
 * step checks for overflow, so that 2^64 is "too large" and not 0.
 */
#include "tools/base/parse.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/base/nearest.h"

static int digit_of(char c, unsigned base)
{
    int digit = -1;

    if (c >= '0' && c <= '9')
        digit = c - '0';
    else if (c >= 'a' && c <= 'f')
        digit = c - 'a' + 10;
    else if (c >= 'A' && c <= 'F')
        digit = c - 'A' + 10;
    return digit < (int)base ? digit : -1;
}

/* Reads digits from *text on; what does not fit becomes the largest number. False: none. */
static bool read_digits(const char **text, unsigned base, uint64_t *value)
{
    const char *at = *text;
    bool any = false;

    *value = 0;
    for (; digit_of(*at, base) >= 0 || (any && *at == '_'); at++) {
        if (*at == '_')
            continue;
        if (__builtin_mul_overflow(*value, base, value) ||
            __builtin_add_overflow(*value, (unsigned)digit_of(*at, base), value))
            *value = UINT64_MAX; /* and the next digit leaves it so */
        any = true;
    }
    *text = at;
    return any && at[-1] != '_';
}

/* What a unit multiplies by; 0: not a unit. */
static uint64_t unit_of(const char *unit, uint64_t kilo)
{
    if (!unit[0])
        return 1;
    if (unit[1])
        return 0;
    switch (unit[0]) {
    case 'k':
    case 'K': return kilo;
    case 'm':
    case 'M': return kilo * kilo;
    case 'g':
    case 'G': return kilo * kilo * kilo;
    default: return 0;
    }
}

static bool read_number(const char *text, uint64_t kilo, uint64_t *value)
{
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const char *at = hex ? text + 2 : text;
    uint64_t unit;

    if (!read_digits(&at, hex ? 16 : 10, value))
        return false;
    unit = unit_of(at, kilo);
    if (__builtin_mul_overflow(*value, unit, value))
        *value = UINT64_MAX; /* which no range allows */
    return unit != 0;
}

enum pz_err parse_count(const char *what, const char *text, struct parse_range range,
                        uint64_t *value, struct problem *problem)
{
    if (!read_number(text, 1000, value))
        return problem_set(problem, PZ_USAGE,
                           "%s: '%s' is not a number (write 5000, 5_000, 5k or 2M)", what,
                           text);
    if (*value < range.least || *value > range.most)
        return problem_set(problem, PZ_USAGE,
                           "%s: %s is out of range: from %" PRIu64 " to %" PRIu64, what, text,
                           range.least, range.most);
    return PZ_OK;
}

/* 65536 as "64K", for a message. */
static const char *size_text(uint64_t size, char *text, size_t room)
{
    static const char units[] = {0, 'K', 'M', 'G'};
    unsigned unit = 0;

    while (unit < 3 && size && size % 1024 == 0) {
        size /= 1024;
        unit++;
    }
    snprintf(text, room, "%" PRIu64 "%.1s", size, &units[unit]);
    return text;
}

enum pz_err parse_size(const char *what, const char *text, struct parse_range range,
                       uint64_t *value, struct problem *problem)
{
    char least[24], most[24];

    if (!read_number(text, 1024, value))
        return problem_set(problem, PZ_USAGE,
                           "%s: '%s' is not a size (write 16M, 512K, 0x1000)", what, text);
    if (*value < range.least || *value > range.most)
        return problem_set(problem, PZ_USAGE, "%s: %s is out of range: from %s to %s", what,
                           text, size_text(range.least, least, sizeof least),
                           size_text(range.most, most, sizeof most));
    return PZ_OK;
}

bool parse_part(const char **list, char *part, size_t room)
{
    size_t len;

    if (!*list)
        return false;
    len = strcspn(*list, ",");
    snprintf(part, room, "%.*s", (int)(len < room ? len : room - 1), *list);
    *list = (*list)[len] ? *list + len + 1 : NULL;
    return true;
}

/* As many whole names as there is room for. */
static void list_names(const char *const *names, unsigned count, char *text, size_t room)
{
    size_t used = 0;

    text[0] = '\0';
    for (unsigned i = 0; i < count; i++) {
        if (used + strlen(names[i]) + sizeof ", , ..." > room) {
            snprintf(text + used, room - used, ", ...");
            return;
        }
        used += (size_t)snprintf(text + used, room - used, "%s%s", i ? ", " : "", names[i]);
    }
}

enum pz_err parse_choice(const char *what, const char *text, const char *const *names,
                         unsigned count, unsigned *index, struct problem *problem)
{
    char list[256], hint[NEAREST_HINT];

    for (*index = 0; *index < count; ++*index)
        if (!strcmp(text, names[*index]))
            return PZ_OK;
    list_names(names, count, list, sizeof list);
    (void)nearest_hint(nearest_name(text, names, count), hint);
    return problem_set(problem, PZ_USAGE, "%s: there is no '%.60s'%s choose one of %s", what,
                       text, hint[0] ? hint : ":", list);
}
