/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hosts.c - results for two hosts of courses: Gradescope's results.json, as its autograder
 * specification has it (gradescope-autograders.readthedocs.io/en/latest/specs/), and what GitHub
 * Classroom's autograding-grading-reporter reads of a test runner (version 1), before base64.
 */
#include <stdlib.h>

#include "tools/base/base.h"
#include "tools/grade/write.h"

static enum pz_err write_document(FILE *out, json_t *document)
{
    return json_write(document, out) ? PZ_OK : PZ_HOST;
}

/* The lines for people; the compiler's come with the first check. */
static json_t *details(const struct grade_check *check)
{
    char *text = grade_details(check);
    json_t *value = grade_json_text(text);

    free(text);
    return value;
}

static json_t *compilers(const struct grade *grade)
{
    char *text = grade_compilers(grade);
    json_t *value = grade_json_text(text);

    free(text);
    return value;
}

/* ---- Gradescope ---- */

static json_t *gradescope_test(const struct grade_check *check, unsigned number)
{
    json_t *test = json_object();
    char text[16];

    snprintf(text, sizeof text, "%u", number);
    json_put_number(test, "score", check->points);
    json_put_number(test, "max_score", check->check->points);
    json_put_text(test, "status", check->outcome == GRADE_PASS ? "passed" : "failed");
    json_put(test, "name", grade_json_text(check->check->name));
    json_put_text(test, "name_format", "text");
    json_put_text(test, "number", text);
    json_put(test, "output", details(check));
    json_put_text(test, "output_format", "text");
    json_put_text(test, "visibility", "visible");
    return test;
}

enum pz_err grade_write_gradescope(FILE *out, const struct grade *grade)
{
    json_t *document = json_object(), *tests = json_array();

    for (unsigned i = 0; i < grade->exercise->check_count; i++)
        json_array_append_new(tests, gradescope_test(&grade->checks[i], i + 1));
    json_put_number(document, "score", grade->points);
    json_put(document, "output", compilers(grade));
    json_put_text(document, "output_format", "text");
    json_put_text(document, "visibility", "visible");
    json_put_text(document, "stdout_visibility", "hidden");
    json_put(document, "tests", tests);
    return write_document(out, document);
}

/* ---- GitHub Classroom ---- */

static const char *classroom_status(enum grade_outcome outcome)
{
    return outcome == GRADE_PASS ? "pass" : outcome == GRADE_FAIL ? "fail" : "error";
}

static json_t *classroom_test(const struct grade *grade, const struct grade_check *check)
{
    const char *part = check->check->part;
    json_t *test = json_object();

    json_put(test, "name", grade_json_text(check->check->name));
    json_put_text(test, "status", classroom_status(check->outcome));
    json_put_number(test, "score", check->points);
    json_put(test, "message", details(check));
    json_put(test, "test_code", grade_json_text(check->check->guest));
    json_put(test, "filename", grade_json_text(part ? part : grade->exercise->files[0].name));
    json_put_number(test, "line_no", 0);
    json_put_number(test, "duration", 0);
    return test;
}

enum pz_err grade_write_classroom(FILE *out, const struct grade *grade)
{
    json_t *document = json_object(), *tests = json_array();
    bool errors = false, fails = false;

    for (unsigned i = 0; i < grade->exercise->check_count; i++) {
        enum grade_outcome outcome = grade->checks[i].outcome;

        fails |= outcome == GRADE_FAIL;
        errors |= outcome != GRADE_FAIL && outcome != GRADE_PASS;
        json_array_append_new(tests, classroom_test(grade, &grade->checks[i]));
    }
    json_put_number(document, "version", 1);
    json_put_text(document, "status", fails ? "fail" : errors ? "error" : "pass");
    json_put_number(document, "max_score", grade->exercise->points);
    json_put(document, "tests", tests);
    return write_document(out, document);
}
