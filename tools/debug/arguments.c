/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arguments.c - parses values and places from commands' arguments. */
#include "tools/debug/arguments.h"

#include <inttypes.h>

#include "tools/debug/source.h"
#include "tools/debug/words.h"

enum pz_err debug_compile(const struct debug *debug, const char *text, struct debug_expr *expr,
                          struct problem *problem)
{
    struct debug_names names = debug_source_names(debug);

    return debug_expr_compile(expr, &names, &text, true, problem);
}

enum pz_err debug_value(const struct debug *debug, const struct debug_expr *expr,
                        uint64_t *value, struct problem *problem)
{
    struct debug_scope scope = debug_scope(debug);

    if (debug_expr_value(expr, &scope, value))
        return PZ_OK;
    return problem_set(problem, PZ_USAGE,
                       "'%s' has no value here: it reads memory that is not mapped, or divides "
                       "by zero",
                       expr->text);
}

enum pz_err debug_evaluate(const struct debug *debug, const char *text, uint64_t *value,
                           struct problem *problem)
{
    struct debug_expr expr;
    enum pz_err err = debug_compile(debug, text, &expr, problem);

    return err ? err : debug_value(debug, &expr, value, problem);
}

enum pz_err debug_address(const struct debug *debug, const char *text, uint32_t *address,
                          struct problem *problem)
{
    uint64_t value = 0;
    enum pz_err err = debug_evaluate(debug, text, &value, problem);

    if (!err && value > UINT32_MAX)
        return problem_set(problem, PZ_USAGE, "0x%" PRIx64 " is not a 32-bit address", value);
    *address = (uint32_t)value;
    return err;
}

enum pz_err debug_count(const struct debug *debug, const char *text, uint64_t *count,
                        struct problem *problem)
{
    enum pz_err err = PZ_OK;

    *count = 1;
    if (debug_words_left(&text))
        err = debug_evaluate(debug, text, count, problem);
    if (!err && !*count)
        return problem_set(problem, PZ_USAGE, "a count of at least 1 is needed");
    return err;
}

enum pz_err debug_place(struct debug *debug, const char *text, uint32_t *address,
                        struct problem *problem)
{
    const struct lines *lines =
        debug_source_lines(debug, debug_self(debug), debug_hart(debug)->mode);
    char file[DEBUG_WORD];
    uint32_t line;

    if (!debug_words_line(&text, file, &line))
        return debug_address(debug, text, address, problem);
    if (lines_find(lines, file, line, address))
        return PZ_OK;
    return problem_set(problem, PZ_FAILED, "no code is known for %s:%" PRIu32 "%s%s", file,
                       line, lines->missing ? ": " : "", lines->missing ? lines->missing : "");
}
