/* SPDX-License-Identifier: GPL-2.0-or-later */
/* results.c - reads results, and puts them in order. */
#include "tools/report/results.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define RESULT_BYTES (16u << 20)
#define SCHEMA "pz-grade/1"

const char *results_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "";
}

uint64_t results_number(const json_t *object, const char *name)
{
    return (uint64_t)json_integer_value(json_object_get(object, name));
}

/* ---- Checking ---- */

static bool has_number(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    return json_is_integer(value) && json_integer_value(value) >= 0;
}

/* The name of the first field that is not there, or not what it should be; NULL: all are. */
static const char *missing_of(const json_t *object, const char *const *texts,
                              const char *const *numbers)
{
    for (; *texts; texts++)
        if (!json_is_string(json_object_get(object, *texts)))
            return *texts;
    for (; *numbers; numbers++)
        if (!has_number(object, *numbers))
            return *numbers;
    return NULL;
}

static const char *missing_in(const json_t *document, const char *list,
                              const char *const *texts, const char *const *numbers)
{
    const json_t *array = json_object_get(document, list);
    const char *missing = NULL;

    if (!json_is_array(array))
        return list;
    for (size_t i = 0; !missing && i < json_array_size(array); i++)
        missing = missing_of(json_array_get(array, i), texts, numbers);
    return missing;
}

static const char *missing_field(const json_t *document)
{
    static const char *const none[] = {NULL};
    static const char *const texts[] = {"exercise", NULL};
    static const char *const numbers[] = {"points", "of", NULL};
    static const char *const of_files[] = {"name", "compiler", NULL};
    static const char *const of_checks[] = {"name", "outcome", "message", "expected", "got",
                                            "hint", "printed", "replay",  NULL};
    static const char *const counts[] = {"points", "of", "retired", NULL};
    const char *missing = missing_of(document, texts, numbers);

    if (!missing)
        missing = missing_in(document, "files", of_files, none);
    return missing ? missing : missing_in(document, "checks", of_checks, counts);
}

static enum pz_err check(const struct result *result, struct problem *problem)
{
    const char *missing;

    if (strcmp(results_text(result->document, "schema"), SCHEMA))
        return problem_set(problem, PZ_USAGE,
                           "%.300s: not a result of pz grade --json: its schema is not " SCHEMA,
                           result->path);
    missing = missing_field(result->document);
    if (missing)
        return problem_set(problem, PZ_USAGE,
                           "%.300s: not a result of pz grade --json: '%s' is missing or wrong",
                           result->path, missing);
    if (results_number(result->document, "points") <= results_number(result->document, "of"))
        return PZ_OK;
    return problem_set(problem, PZ_USAGE,
                       "%.300s: more points than there are: %" PRIu64 " of %" PRIu64,
                       result->path, results_number(result->document, "points"),
                       results_number(result->document, "of"));
}

/* ---- Reading ---- */

static void cut_end(char *name, const char *end)
{
    size_t len = strlen(name), less = strlen(end);

    if (len > less && !strcmp(name + len - less, end))
        name[len - less] = 0;
}

/* "results/ada.03-sret.json" of 03-sret is ada's. */
static char *student_of(const char *path, const char *exercise)
{
    const char *slash = strrchr(path, '/');
    char *name = strdup(slash ? slash + 1 : path), end[256];

    if (!name)
        return NULL;
    cut_end(name, ".json");
    snprintf(end, sizeof end, ".%.250s", exercise);
    cut_end(name, end);
    return name;
}

static enum pz_err read_document(struct result *result, struct problem *problem)
{
    json_error_t error;
    struct file file;
    enum pz_err err = file_read(result->path, RESULT_BYTES, &file, problem);

    if (err) {
        problem_prefix(problem, result->path);
        return err;
    }
    result->document = json_loadb((const char *)file.bytes, file.len, 0, &error);
    file_free(&file);
    if (result->document)
        return PZ_OK;
    return problem_set(problem, PZ_USAGE, "%.300s: not JSON: line %d: %.100s", result->path,
                       error.line, error.text);
}

static enum pz_err read_result(struct result *result, const char *path, struct problem *problem)
{
    enum pz_err err;

    result->path = path;
    err = read_document(result, problem);
    if (!err)
        err = check(result, problem);
    if (err)
        return err;
    result->exercise = results_text(result->document, "exercise");
    result->points = results_number(result->document, "points");
    result->of = results_number(result->document, "of");
    result->student = student_of(path, result->exercise);
    return result->student ? PZ_OK : problem_memory(problem, "the results");
}

/* ---- Order ---- */

static int by_student(const void *a, const void *b)
{
    const struct result *x = a, *y = b;
    int order = strcmp(x->student, y->student);

    return order ? order : strcmp(x->exercise, y->exercise);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static unsigned once(const char **names, unsigned count)
{
    unsigned kept = 0;

    qsort(names, count, sizeof *names, by_text);
    for (unsigned i = 0; i < count; i++)
        if (!i || strcmp(names[i], names[kept - 1]))
            names[kept++] = names[i];
    return kept;
}

static enum pz_err put_in_order(struct results *results, struct problem *problem)
{
    const struct result *list = results->list;

    qsort(results->list, results->count, sizeof *results->list, by_student);
    for (unsigned i = 1; i < results->count; i++)
        if (!by_student(&list[i - 1], &list[i]))
            return problem_set(
                problem, PZ_USAGE, "%.150s and %.150s: both are results of %.60s for %.60s",
                list[i - 1].path, list[i].path, list[i].student, list[i].exercise);
    for (unsigned i = 0; i < results->count; i++) {
        results->students[i] = list[i].student;
        results->exercises[i] = list[i].exercise;
    }
    results->student_count = once(results->students, results->count);
    results->exercise_count = once(results->exercises, results->count);
    return PZ_OK;
}

enum pz_err results_open(struct results *results, const struct words *paths,
                         struct problem *problem)
{
    enum pz_err err = PZ_OK;

    *results = (struct results){.count = paths->count};
    results->list = calloc(paths->count, sizeof *results->list);
    results->students = calloc(paths->count, sizeof *results->students);
    results->exercises = calloc(paths->count, sizeof *results->exercises);
    if (!results->list || !results->students || !results->exercises)
        return problem_memory(problem, "the results");
    for (unsigned i = 0; !err && i < paths->count; i++)
        err = read_result(&results->list[i], paths->at[i], problem);
    return err ? err : put_in_order(results, problem);
}

void results_close(struct results *results)
{
    for (unsigned i = 0; results->list && i < results->count; i++) {
        free(results->list[i].student);
        json_decref(results->list[i].document);
    }
    free(results->list);
    free(results->students);
    free(results->exercises);
    *results = (struct results){0};
}

const struct result *results_find(const struct results *results, const char *student,
                                  const char *exercise)
{
    unsigned low = 0, high = results->count;

    while (low < high) {
        unsigned middle = (low + high) / 2;
        const struct result *at = &results->list[middle];
        int order = strcmp(at->student, student);

        if (!order)
            order = strcmp(at->exercise, exercise);
        if (!order)
            return at;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
