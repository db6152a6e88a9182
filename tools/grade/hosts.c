/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hosts.c - results for three hosts of courses: Gradescope's results.json, as its autograder
 * specification has it (gradescope-autograders.readthedocs.io/en/latest/specs/); what GitHub
 * Classroom's autograding-grading-reporter reads of a test runner (version 1), before base64; and
 * PrairieLearn's results.json, as its documentation of external grading has it
 * (prairielearn.readthedocs.io/en/latest/externalGrading/, "Grading results").
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

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

/* ---- PrairieLearn ---- */

#define PRAIRIELEARN_BYTES 1000000u /* of the whole file */
#define PRAIRIELEARN_ESCAPED 6u     /* bytes that one byte of a text can become: "\\u001b" */
#define PRAIRIELEARN_FIELDS 512u    /* bytes of a test without its texts, at the most */

/* A text so long that with all the others the file keeps to its limit. */
static json_t *limited(const char *text, size_t most)
{
    static const char cut[] = "\n... (cut)";
    size_t len = text ? strlen(text) : 0;
    json_t *value;
    char *copy;

    if (len <= most)
        return grade_json_text(text);
    copy = malloc(most + sizeof cut);
    if (!copy)
        return NULL;
    memcpy(copy, text, most);
    memcpy(copy + most, cut, sizeof cut);
    value = grade_json_text(copy);
    free(copy);
    return value;
}

/* Each test has two texts of such a length; the compilers' is one more. */
static size_t text_most(const struct grade *grade)
{
    size_t texts = 2 * (size_t)grade->exercise->check_count + 1;
    size_t others = (size_t)(grade->exercise->check_count + 1) * PRAIRIELEARN_FIELDS;

    return others < PRAIRIELEARN_BYTES
               ? (PRAIRIELEARN_BYTES - others) / (texts * PRAIRIELEARN_ESCAPED)
               : 0;
}

static json_t *prairielearn_test(const struct grade_check *check, size_t most)
{
    json_t *test = json_object();
    char *text = grade_details(check);

    json_put(test, "name", grade_json_text(check->check->name));
    json_put(test, "description",
             grade_json_text(check->check->guest ? check->check->guest : ""));
    json_put_number(test, "points", check->points);
    json_put_number(test, "max_points", check->check->points);
    json_put(test, "message", limited(check->outcome == GRADE_PASS ? "" : text, most));
    json_put(test, "output", limited(check->printed, most));
    free(text);
    return test;
}

/* What does not compile is not graded: it costs the student no attempt. */
static void put_verdict(json_t *document, const struct grade *grade, const char *said,
                        size_t most)
{
    bool built = grade_built(grade);
    double of = (double)grade->exercise->points;

    json_put(document, "gradable", json_boolean(built));
    if (!built) {
        json_put(document, "format_errors", limited(said ? said : "nothing to grade", most));
        return;
    }
    json_put(document, "score", json_real(of > 0 ? (double)grade->points / of : 1));
    json_put(document, "output", limited(said, most));
}

enum pz_err grade_write_prairielearn(FILE *out, const struct grade *grade)
{
    json_t *document = json_object(), *tests = json_array();
    size_t most = text_most(grade);
    char *said = grade_compilers(grade), message[96];

    snprintf(message, sizeof message, "%" PRIu64 " of %" PRIu64 " points", grade->points,
             grade->exercise->points);
    put_verdict(document, grade, said, most);
    json_put_text(document, "message", message);
    for (unsigned i = 0; grade_built(grade) && i < grade->exercise->check_count; i++)
        json_array_append_new(tests, prairielearn_test(&grade->checks[i], most));
    json_put(document, "tests", tests);
    free(said);
    return write_document(out, document);
}
