/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text.c - a result for people, in the manner of xv6's graders: a line for each check with
 * what went wrong under it, and the score at the end.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/grade/write.h"

/* Several lines, each behind as much space as the first has in its head. */
static void indented(FILE *out, const char *head, const char *text)
{
    const char *line = text ? text : "";
    int width = (int)strlen(head);

    for (bool first = true; *line; first = false) {
        size_t len = strcspn(line, "\n");

        fprintf(out, "      %-*s%.*s\n", width, first ? head : "", (int)len, line);
        line += len + (line[len] == '\n');
    }
}

static void write_details(FILE *out, const struct grade_check *check)
{
    indented(out, "", check->message);
    indented(out, "expected: ", check->expected);
    indented(out, "got:      ", check->got);
    indented(out, "hint:     ", check->check->hint);
    indented(out, "printed:  ", check->printed);
    if (check->replay[0] && check->retired)
        fprintf(out, "      replay:   pz debug %s, then: goto %" PRIu64 "\n", check->replay,
                check->retired);
    else if (check->replay[0])
        fprintf(out, "      replay:   pz debug %s\n", check->replay);
}

char *grade_details(const struct grade_check *check)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    if (out && check->outcome != GRADE_PASS)
        write_details(out, check);
    if (out)
        fclose(out);
    return text;
}

char *grade_compilers(const struct grade *grade)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    for (unsigned i = 0; out && i < grade->exercise->file_count; i++)
        if (grade->files[i].said)
            fputs(grade->files[i].said, out);
    if (out)
        fclose(out);
    return text;
}

static const char *verdict_of(enum grade_outcome outcome)
{
    return outcome == GRADE_PASS ? "OK" : outcome == GRADE_FAIL ? "FAIL" : "ERROR";
}

static void write_check(FILE *out, const struct grade_check *check)
{
    fprintf(out, "%s: %s (%" PRIu64, check->check->name, verdict_of(check->outcome),
            check->points);
    if (check->outcome != GRADE_PASS)
        fprintf(out, " of %" PRIu64, check->check->points);
    fputs(")\n", out);
    if (check->outcome != GRADE_PASS)
        write_details(out, check);
}

enum pz_err grade_write_text(FILE *out, const struct grade *grade)
{
    char *said = grade_compilers(grade);

    if (said)
        fputs(said, out);
    free(said);
    for (unsigned i = 0; i < grade->exercise->check_count; i++)
        write_check(out, &grade->checks[i]);
    fprintf(out, "Score: %" PRIu64 "/%" PRIu64 "\n", grade->points, grade->exercise->points);
    return PZ_OK;
}
