/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arguments.c - what requests are told. */
#include "tools/web/state.h"

const char *web_text(const json_t *request, const char *name, struct problem *problem)
{
    const char *text = json_string_value(json_object_get(request, name));

    if (!text)
        (void)problem_set(problem, PZ_USAGE, "'%s' is missing, or not a text", name);
    return text;
}

bool web_number(const json_t *request, const char *name, uint64_t most, uint64_t otherwise,
                uint64_t *number, struct problem *problem)
{
    const json_t *value = json_object_get(request, name);

    *number = otherwise;
    if (!value || json_is_null(value))
        return true;
    if (!json_is_integer(value) || json_integer_value(value) < 0 ||
        (uint64_t)json_integer_value(value) > most) {
        (void)problem_set(problem, PZ_USAGE, "'%s' is not an integer from 0 to %llu", name,
                          (unsigned long long)most);
        return false;
    }
    *number = (uint64_t)json_integer_value(value);
    return true;
}
