/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * grade_text.c - a result for people, in the manner of xv6's graders: a line for each check with
 * what went wrong under it, and the score at the end.
 */
#include <inttypes.h>
#include <string.h>

#include "tools/grade_write.h"

/* Several lines, each indented. */
static void indented(FILE *out, const char *head, const char *text)
{
    const char *line = text;

    while (*line) {
        size_t len = strcspn(line, "\n");

        fprintf(out, "      %s%.*s\n", line == text ? head : "          ", (int)len, line);
        line += len + (line[len] == '\n');
    }
}

static const char *verdict_of(enum grade_outcome outcome)
{
    return outcome == GRADE_PASS ? "OK" : outcome == GRADE_FAIL ? "FAIL" : "ERROR";
}

static void write_check(FILE *out, const struct grade_check *check)
{
    fprintf(out, "%s: %s", check->check->name, verdict_of(check->outcome));
    if (check->outcome == GRADE_PASS) {
        fprintf(out, " (%" PRIu64 ")\n", check->points);
        return;
    }
    fprintf(out, " (0 of %" PRIu64 ")\n", check->check->points);
    indented(out, "", check->message);
    indented(out, "expected: ", check->expected);
    indented(out, "got:      ", check->got);
    indented(out, "hint:     ", check->check->hint);
    indented(out, "printed:  ", check->printed ? check->printed : "");
    if (check->replay[0] && check->retired)
        fprintf(out, "      replay:   pz debug %s, then: goto %" PRIu64 "\n", check->replay,
                check->retired);
    else if (check->replay[0])
        fprintf(out, "      replay:   pz debug %s\n", check->replay);
}

enum pz_err grade_write_text(FILE *out, const struct grade *grade)
{
    for (unsigned i = 0; i < grade->exercise->file_count; i++)
        if (grade->files[i].said && grade->files[i].said[0])
            fprintf(out, "%s\n", grade->files[i].said);
    for (unsigned i = 0; i < grade->exercise->check_count; i++)
        write_check(out, &grade->checks[i]);
    fprintf(out, "Score: %" PRIu64 "/%" PRIu64 "\n", grade->points, grade->exercise->points);
    return PZ_OK;
}
