/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * results.h - the results of a class: files that pz grade --json wrote, each of one student and one
 * exercise. They may come from anywhere: every field is checked before anything is written.
 */
#ifndef PZ_TOOLS_REPORT_RESULTS_H
#define PZ_TOOLS_REPORT_RESULTS_H

#include <jansson.h>

#include "tools/base/base.h"
#include "tools/host/host.h"

struct result {
    const char *path;
    char *student; /* the file's name, without ".json" and ".EXERCISE" */
    const char *exercise;
    uint64_t points, of;
    json_t *document; /* files[] and checks[], as docs/json.md has them */
};

struct results {
    struct result *list; /* by student, and of each by exercise */
    unsigned count;
    const char **students, **exercises; /* in their order, each once */
    unsigned student_count, exercise_count;
};

/* Two results of one student for one exercise are refused. To be closed whatever comes back. */
enum pz_err results_open(struct results *results, const struct words *paths,
                         struct problem *problem) PZ_MUST_CHECK;
void results_close(struct results *results);

/* NULL: there is none. */
const struct result *results_find(const struct results *results, const char *student,
                                  const char *exercise);

/* A field of a check or a file that has been checked: text, "" for none; a number. */
const char *results_text(const json_t *object, const char *name);
uint64_t results_number(const json_t *object, const char *name);

#endif
