/* SPDX-License-Identifier: GPL-2.0-or-later */
/* write.c - the table of writers, and the result as pz's own JSON (docs/json.md). */
#include "tools/grade/write.h"

#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"

const struct grade_format grade_formats[] = {
    {"text", grade_write_text},
    {"json", grade_write_json},
    {"gradescope", grade_write_gradescope},
    {"junit", grade_write_junit},
    {"tap", grade_write_tap},
    {"classroom", grade_write_classroom},
    {"prairielearn", grade_write_prairielearn},
};
const char *const grade_format_names[] = {"text", "json",      "gradescope",  "junit",
                                          "tap",  "classroom", "prairielearn"};
const unsigned grade_format_count = sizeof grade_formats / sizeof grade_formats[0];

json_t *grade_json_text(const char *bytes)
{
    return json_bytes(bytes ? bytes : "", bytes ? strlen(bytes) : 0);
}

static json_t *check_document(const struct grade_check *check)
{
    json_t *object = json_object();

    json_put(object, "name", grade_json_text(check->check->name));
    json_put_text(object, "outcome", grade_outcome_name(check->outcome));
    json_put_number(object, "points", check->points);
    json_put_number(object, "of", check->check->points);
    json_put(object, "message", grade_json_text(check->message));
    json_put(object, "expected", grade_json_text(check->expected));
    json_put(object, "got", grade_json_text(check->got));
    json_put(object, "hint", grade_json_text(check->check->hint));
    json_put(object, "printed", grade_json_text(check->printed));
    json_put(object, "replay", grade_json_text(check->replay));
    json_put_number(object, "retired", check->retired);
    return object;
}

static json_t *file_document(const struct grade *grade, unsigned i)
{
    json_t *object = json_object();

    json_put(object, "name", grade_json_text(grade->exercise->files[i].name));
    json_put(object, "path", grade_json_text(grade->files[i].path));
    json_put(object, "given", json_boolean(grade->files[i].given));
    json_put(object, "built", json_boolean(grade->files[i].built));
    json_put(object, "compiler", grade_json_text(grade->files[i].said));
    return object;
}

enum pz_err grade_write_json(FILE *out, const struct grade *grade)
{
    json_t *document = json_document("pz-grade/1"), *checks = json_array();
    json_t *files = json_array();

    for (unsigned i = 0; i < grade->exercise->file_count; i++)
        json_array_append_new(files, file_document(grade, i));
    for (unsigned i = 0; i < grade->exercise->check_count; i++)
        json_array_append_new(checks, check_document(&grade->checks[i]));
    json_put_text(document, "exercise", grade->exercise->name);
    json_put_number(document, "points", grade->points);
    json_put_number(document, "of", grade->exercise->points);
    json_put(document, "files", files);
    json_put(document, "checks", checks);
    return json_write(document, out) ? PZ_OK : PZ_HOST;
}
