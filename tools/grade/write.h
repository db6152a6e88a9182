/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * write.h - the writers of a result: one for people, and one for each system that collects
 * results. All take their figures from struct grade.
 */
#ifndef PZ_TOOLS_GRADE_WRITE_H
#define PZ_TOOLS_GRADE_WRITE_H

#include <stdio.h>

#include "tools/grade/grade.h"

typedef enum pz_err grade_writer(FILE *out, const struct grade *grade);

struct grade_format {
    const char *name;
    grade_writer *write;
};

/* The formats; grade.h has their names. */
extern const struct grade_format grade_formats[];

grade_writer grade_write_text, grade_write_json, grade_write_gradescope, grade_write_junit,
    grade_write_tap, grade_write_classroom, grade_write_prairielearn;

/*
 * The details of a check that did not pass, as lines for people; of the compilers. The caller frees
 * them; NULL: no memory.
 */
char *grade_details(const struct grade_check *check);
char *grade_compilers(const struct grade *grade);

/* A JSON string of any bytes; NULL counts as "". */
json_t *grade_json_text(const char *bytes);

#endif
