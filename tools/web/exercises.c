/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exercises.c - the course's exercises: their texts and starters, and what a submission gets, which
 * is `pz grade`'s to say.
 */
#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "tools/web/state.h"

#define EXERCISES_MOST 100u
#define FILE_MOST (1u << 20)

/* A file of an exercise, as text; null: it is not there. */
static json_t *text_of(const char *folder, const char *name)
{
    char path[PATH_ROOM];
    struct problem none;
    struct file file;
    json_t *text;

    path_format(path, sizeof path, "%s/%s", folder, name);
    if (strchr(name, '/') || file_read(path, FILE_MOST, &file, &none))
        return json_null();
    text = json_bytes((const char *)file.bytes, file.len);
    file_free(&file);
    return text;
}

static bool is_part(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot && !strcmp(dot, ".c");
}

static const char *kind_of(const char *name)
{
    const char *dot = strrchr(name, '.');

    return is_part(name) ? "part" : dot && !strcmp(dot, ".S") ? "assembly" : "answers";
}

/* What is handed in: each file's starter. The exercise's kind is that of the first. */
static void put_files(json_t *row, const char *folder, const json_t *listed, bool parts)
{
    json_t *files = json_object();
    const char *kind = "answers";
    bool gradable = true;
    size_t i;
    json_t *file;

    json_array_foreach(listed, i, file)
    {
        const char *name = json_string_value(json_object_get(file, "name"));

        if (!name)
            continue;
        if (!i)
            kind = kind_of(name);
        gradable = gradable && (parts || !is_part(name));
        json_put(files, name, text_of(folder, name));
    }
    json_put_text(row, "kind", kind);
    json_put(row, "gradable", json_boolean(gradable));
    json_put(row, "files", files);
}

static json_t *exercise(const char *examples, const char *name, bool parts)
{
    char folder[PATH_ROOM], path[PATH_ROOM];
    json_t *grader, *row = json_object();
    uint64_t points = 0;
    size_t i;
    json_t *check;

    path_format(folder, sizeof folder, "%s/%s", examples, name);
    path_format(path, sizeof path, "%s/grader.json", folder);
    grader = json_load_file(path, 0, NULL);
    json_array_foreach(json_object_get(grader, "checks"), i, check) points +=
        (uint64_t)json_integer_value(json_object_get(check, "points"));
    json_put_text(row, "name", name);
    json_put(row, "title", json_incref(json_object_get(grader, "title")));
    json_put_number(row, "points", points);
    json_put(row, "text", text_of(folder, "README.md"));
    put_files(row, folder, json_object_get(grader, "files"), parts);
    if (!grader) {
        json_decref(row);
        return NULL;
    }
    json_decref(grader);
    return row;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

enum pz_err web_exercises(struct web_session *session, const json_t *request, json_t *answer,
                          struct problem *problem)
{
    const char *home = home_directory();
    char examples[PATH_ROOM], *names[EXERCISES_MOST];
    json_t *list = json_array();
    struct dirent *entry;
    unsigned count = 0;
    DIR *folder;

    (void)request, (void)problem;
    path_format(examples, sizeof examples, "%s/examples", home ? home : "");
    folder = home ? opendir(examples) : NULL;
    while (folder && count < EXERCISES_MOST && (entry = readdir(folder)))
        if (isdigit((unsigned char)entry->d_name[0]) && (names[count] = strdup(entry->d_name)))
            count++;
    if (folder)
        closedir(folder);
    qsort(names, count, sizeof names[0], by_name);
    for (unsigned i = 0; i < count; i++) {
        json_t *row = exercise(examples, names[i], session->host->parts);

        if (row)
            (void)json_array_append_new(list, row);
        free(names[i]);
    }
    json_put(answer, "exercises", list);
    return PZ_OK;
}

/* ---- Grading ---- */

/* Store what is handed in, and put its names behind the words of the verb. */
static enum pz_err store(struct web_session *session, const json_t *files, json_t *argv,
                         struct problem *problem)
{
    const char *name;
    json_t *text;
    enum pz_err err = PZ_OK;

    if (!json_object_size(files))
        return problem_set(problem, PZ_USAGE, "'files' is an object of names and texts");
    json_object_foreach((json_t *)(uintptr_t)files, name, text)
    {
        if (!json_is_string(text))
            return problem_set(problem, PZ_USAGE, "'files': '%.40s' is not a text", name);
        err = web_file_put(session, name, json_string_value(text), json_string_length(text),
                           problem);
        if (err)
            return err;
        (void)json_array_append_new(argv, json_string(name));
    }
    return err;
}

enum pz_err web_grade(struct web_session *session, const json_t *request, json_t *answer,
                      struct problem *problem)
{
    const char *exercise_name = web_text(request, "exercise", problem);
    json_t *argv, *verb, *said, *result = NULL;
    enum pz_err err;

    if (!exercise_name)
        return PZ_USAGE;
    if (!web_file_name(exercise_name))
        return problem_set(problem, PZ_USAGE, "'exercise' is not the name of an exercise");
    said = json_object();
    argv = json_pack("[s, s, s]", "grade", "--json", exercise_name);
    err = store(session, json_object_get(request, "files"), argv, problem);
    verb = json_pack("{s:O}", "argv", argv);
    if (!err)
        err = web_verb(session, verb, said, problem);
    if (!err) {
        const char *out = json_string_value(json_object_get(said, "out"));
        const char *why = json_string_value(json_object_get(said, "err"));

        result = out ? json_loads(out, 0, NULL) : NULL;
        if (result)
            json_put(answer, "grade", result);
        else
            err =
                problem_set(problem, PZ_FAILED, "%.400s", why ? why : "pz grade says nothing");
    }
    json_decref(verb);
    json_decref(argv);
    json_decref(said);
    return err;
}
