/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * problem.c - composing the sentences. Long ones are truncated: a file name may have any
 * length.
 */
#include "tools/base/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Names and words come from anywhere: none may send a terminal commands, or look like a line. */
static void make_printable(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            *text = '?';
}

enum pz_err problem_set(struct problem *problem, enum pz_err err, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(problem->text, sizeof problem->text, format, arguments);
    va_end(arguments);
    make_printable(problem->text);
    return err;
}

enum pz_err problem_memory(struct problem *problem, const char *what)
{
    return problem_set(problem, PZ_HOST, "out of host memory for %s: ask for less", what);
}

void problem_prefix(struct problem *problem, const char *subject)
{
    char text[PROBLEM_TEXT];

    if (!*subject)
        subject = "''";
    memcpy(text, problem->text, sizeof text);
    /* At most half for the subject, so that the reason stays readable. */
    snprintf(problem->text, sizeof problem->text, "%.*s: %.*s", PROBLEM_TEXT / 2 - 4, subject,
             PROBLEM_TEXT / 2 - 4, text);
    make_printable(problem->text);
}
