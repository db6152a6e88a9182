/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exercise.c - finding exercises and reading grader.json. Error messages are for its author, a
 * teacher: they name the field.
 */
#include "tools/grade/exercise.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/host/host.h"
#include "tools/sandbox/sandbox.h"

static const char *const check_kinds[EXERCISE_CHECK_KINDS] = {
    [EXERCISE_PASS] = "pass",       [EXERCISE_SAME] = "same",
    [EXERCISE_DIFFERS] = "differs", [EXERCISE_RUN] = "run",
    [EXERCISE_ANSWER] = "answer",   [EXERCISE_TECHNIQUE] = "technique",
    [EXERCISE_PROOF] = "proof",     [EXERCISE_NEST] = "nest",
    [EXERCISE_WALKS] = "walks",
};

/* ---- Which there are ---- */

/* "03-sret": two digits, a dash, a name. */
static int is_exercise(const struct dirent *entry)
{
    const char *name = entry->d_name;

    return isdigit((unsigned char)name[0]) && isdigit((unsigned char)name[1]) &&
           name[2] == '-' && name[3] && strlen(name) < EXERCISE_NAME;
}

void exercise_list_free(char **names, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        free(names[i]);
    free(names);
}

enum pz_err exercise_list(char ***names, unsigned *count, struct problem *problem)
{
    char path[PATH_ROOM];
    struct dirent **entries;
    int found;

    *names = NULL;
    *count = 0;
    path_format(path, sizeof path, "%s/examples", home_directory());
    found = scandir(path, &entries, is_exercise, alphasort);
    if (found < 0)
        return problem_set(problem, PZ_HOST,
                           "no exercises in %s (%s): set PZ_HOME to the source tree of pz, "
                           "or to share/page-zero/src of an installation",
                           path, strerror(errno));
    *names = calloc((size_t)found + 1, sizeof **names);
    for (int i = 0; i < found; i++) {
        char *name = *names ? strdup(entries[i]->d_name) : NULL;

        if (name)
            (*names)[(*count)++] = name;
        free(entries[i]);
    }
    free(entries);
    if (*names && *count == (unsigned)found)
        return PZ_OK;
    exercise_list_free(*names, *count);
    *names = NULL;
    *count = 0;
    return problem_memory(problem, "the exercises");
}

/* "03-sret" by its whole name, its number, or what follows it. */
static bool is_called(const char *full, const char *name)
{
    char *end;
    unsigned long number = strtoul(name, &end, 10);

    if (!strcmp(full, name) || !strcmp(full + 3, name))
        return true;
    return end != name && !*end && number == strtoul(full, NULL, 10);
}

static enum pz_err unknown(const char *name, char **names, unsigned count,
                           struct problem *problem)
{
    const char *all[200], *nearest;
    unsigned n = 0;

    for (unsigned i = 0; i < count && n < 199; i++) {
        all[n++] = names[i];
        all[n++] = names[i] + 3;
    }
    nearest = nearest_name(name, all, n);
    return problem_set(problem, PZ_USAGE, "no exercise '%.60s'%s%s%s (pz grade --list)", name,
                       nearest ? ": did you mean '" : "", nearest ? nearest : "",
                       nearest ? "'?" : "");
}

static enum pz_err choose(struct exercise *exercise, const char *name, struct problem *problem)
{
    char **names;
    unsigned count;
    enum pz_err err = exercise_list(&names, &count, problem);

    if (err)
        return err;
    for (unsigned i = 0; i < count && !exercise->name[0]; i++)
        if (is_called(names[i], name))
            (void)!snprintf(exercise->name, sizeof exercise->name, "%s", names[i]);
    if (!exercise->name[0])
        err = unknown(name, names, count, problem);
    exercise_list_free(names, count);
    path_format(exercise->folder, sizeof exercise->folder, "%s/examples/%s", home_directory(),
                exercise->name);
    return err;
}

/* ---- Fields ---- */

static enum pz_err wrong(const struct exercise *exercise, const char *where, const char *what,
                         struct problem *problem)
{
    return problem_set(problem, PZ_HOST, "examples/%s/grader.json: %s: %s", exercise->name,
                       where, what);
}

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static uint64_t number_of(const json_t *object, const char *name, uint64_t otherwise)
{
    const json_t *field = json_object_get(object, name);

    return json_is_integer(field) ? (uint64_t)json_integer_value(field) : otherwise;
}

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), tail = strlen(end);

    return len > tail && !strcmp(text + len - tail, end);
}

static enum pz_err read_file(struct exercise *exercise, const json_t *object,
                             struct problem *problem)
{
    struct exercise_file *file = &exercise->files[exercise->file_count++];

    file->name = text_of(object, "name");
    file->parts = json_object_get(object, "parts");
    file->forbid = json_object_get(object, "forbid");
    if (!file->name || strchr(file->name, '/'))
        return wrong(exercise, "files", "each needs a name, without a folder", problem);
    file->system = text_of(object, "system");
    if (ends_with(file->name, ".c"))
        file->kind = file->system ? EXERCISE_PROGRAM : EXERCISE_PART;
    else if (ends_with(file->name, ".S"))
        file->kind = EXERCISE_GUEST;
    else if (ends_with(file->name, ".txt"))
        file->kind = EXERCISE_ANSWERS;
    else
        return wrong(exercise, file->name, "is none of .c, .S, .txt", problem);
    if (file->kind == EXERCISE_PART && !json_array_size(file->parts))
        return wrong(exercise, file->name,
                     "needs 'parts': the names of the parts that it replaces", problem);
    if (file->system && !compile_has_system(file->system))
        return wrong(exercise, file->name, "'system' is neither micro nor exo", problem);
    return PZ_OK;
}

static enum pz_err read_files(struct exercise *exercise, struct problem *problem)
{
    const json_t *files = json_object_get(exercise->document, "files");
    enum pz_err err = PZ_OK;

    if (!json_array_size(files) || json_array_size(files) > EXERCISE_FILES)
        return wrong(exercise, "files", "needs one to eight of them", problem);
    for (size_t i = 0; !err && i < json_array_size(files); i++)
        err = read_file(exercise, json_array_get(files, i), problem);
    return err;
}

/* The first file of the student's with parts; none: the monitor's own are used. */
static const char *part_of(const struct exercise *exercise, const json_t *object)
{
    const char *part = text_of(object, "part");

    if (part)
        return strcmp(part, "none") ? part : NULL;
    for (unsigned i = 0; i < exercise->file_count; i++)
        if (exercise->files[i].kind == EXERCISE_PART)
            return exercise->files[i].name;
    return NULL;
}

static enum pz_err check_sense(const struct exercise *exercise,
                               const struct exercise_check *check, struct problem *problem)
{
    if (check->kind >= EXERCISE_ANSWER && check->kind <= EXERCISE_NEST &&
        !text_of(check->answer, "key"))
        return wrong(exercise, check->name, "needs 'answer' with a 'key'", problem);
    if (check->kind == EXERCISE_NEST &&
        (check->depth > OPTIONS_DEPTH_MOST || !text_of(check->answer, "figure") || !check->per))
        return wrong(exercise, check->name,
                     "needs 'answer' with a 'figure', and a 'depth' of 0 to 3", problem);
    if (check->kind == EXERCISE_WALKS && (!check->part || !json_is_array(check->walks)))
        return wrong(exercise, check->name, "needs a part, and 'walks': a list of words",
                     problem);
    if (check->kind != EXERCISE_ANSWER && check->kind != EXERCISE_WALKS && !check->guest)
        return wrong(exercise, check->name, "needs 'guest'", problem);
    if (!check->points)
        return wrong(exercise, check->name, "needs 'points'", problem);
    return PZ_OK;
}

static enum pz_err read_check(struct exercise *exercise, const json_t *object,
                              struct problem *problem)
{
    struct exercise_check *check = &exercise->checks[exercise->check_count++];
    const char *kind = text_of(object, "kind");

    *check = (struct exercise_check){
        .name = text_of(object, "name"),
        .hint = text_of(object, "hint"),
        .points = number_of(object, "points", 0),
        .guest = text_of(object, "guest"),
        .disk = text_of(object, "disk"),
        .part = part_of(exercise, object),
        .args = json_object_get(object, "args"),
        .limit = number_of(object, "limit", EXERCISE_LIMIT_DEFAULT),
        .expect = json_object_get(object, "expect"),
        .walks = json_object_get(object, "walks"),
        .answer = json_object_get(object, "answer"),
        .depth = number_of(object, "depth", 0),
        .no_accel = json_is_false(json_object_get(object, "accel")),
        .less = text_of(object, "less"),
        .per = number_of(object, "per", 1),
    };
    if (!check->name || !check->hint)
        return wrong(exercise, "checks", "each needs a 'name' and a 'hint'", problem);
    while (kind && check->kind < EXERCISE_CHECK_KINDS && strcmp(kind, check_kinds[check->kind]))
        check->kind++;
    if (check->kind == EXERCISE_CHECK_KINDS)
        return wrong(exercise, check->name,
                     "'kind' is not one of pass, same, differs, run, answer, technique, proof, "
                     "nest, walks",
                     problem);
    exercise->points += check->points;
    return check_sense(exercise, check, problem);
}

static enum pz_err read_checks(struct exercise *exercise, struct problem *problem)
{
    const json_t *checks = json_object_get(exercise->document, "checks");
    enum pz_err err = PZ_OK;

    if (!json_array_size(checks))
        return wrong(exercise, "checks", "needs at least one", problem);
    exercise->checks = calloc(json_array_size(checks), sizeof *exercise->checks);
    if (!exercise->checks)
        return problem_memory(problem, "the exercise");
    for (size_t i = 0; !err && i < json_array_size(checks); i++)
        err = read_check(exercise, json_array_get(checks, i), problem);
    return err;
}

static enum pz_err read_document(struct exercise *exercise, struct problem *problem)
{
    char path[PATH_ROOM + 16], where[32];
    json_error_t error;

    path_format(path, sizeof path, "%s/grader.json", exercise->folder);
    exercise->document = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!exercise->document) {
        (void)!snprintf(where, sizeof where, "line %d", error.line);
        return wrong(exercise, where, error.text, problem);
    }
    exercise->title = text_of(exercise->document, "title");
    exercise->seconds = number_of(exercise->document, "seconds", EXERCISE_SECONDS_DEFAULT);
    exercise->memory = number_of(exercise->document, "memory", EXERCISE_MEMORY_DEFAULT);
    return exercise->title ? PZ_OK : wrong(exercise, "title", "is missing", problem);
}

enum pz_err exercise_open(struct exercise *exercise, const char *name, struct problem *problem)
{
    enum pz_err err;

    memset(exercise, 0, sizeof *exercise);
    err = choose(exercise, name, problem);
    if (!err)
        err = read_document(exercise, problem);
    if (!err)
        err = read_files(exercise, problem);
    return err ? err : read_checks(exercise, problem);
}

void exercise_close(struct exercise *exercise)
{
    json_decref(exercise->document);
    free(exercise->checks);
}

const struct exercise_file *exercise_file(const struct exercise *exercise, const char *name)
{
    for (unsigned i = 0; i < exercise->file_count; i++)
        if (!strcmp(exercise->files[i].name, name))
            return &exercise->files[i];
    return NULL;
}
