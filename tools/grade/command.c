/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command.c - `pz grade`: one submission, graded and written; or the list of exercises. A class
 * is left to class.c.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/grade/class.h"
#include "tools/grade/grade.h"
#include "tools/grade/write.h"
#include "tools/host/host.h"
#include "tools/sandbox/sandbox.h"

static enum pz_err list_text(char **names, unsigned count, struct problem *problem)
{
    struct table table;
    enum pz_err err = PZ_OK;

    table_init(&table, "lrl");
    table_add(&table, "exercise\tpoints\twhat it is about");
    for (unsigned i = 0; !err && i < count; i++) {
        struct exercise exercise;

        err = exercise_open(&exercise, names[i], problem);
        if (!err)
            table_add(&table, "%s\t%" PRIu64 "\t%s", exercise.name, exercise.points,
                      exercise.title);
        exercise_close(&exercise);
    }
    table_print(&table, stdout, 0, 0);
    return err;
}

static enum pz_err list_json(char **names, unsigned count, struct problem *problem)
{
    json_t *document = json_document("pz-exercises/1"), *array = json_array();
    enum pz_err err = PZ_OK;

    for (unsigned i = 0; !err && i < count; i++) {
        struct exercise exercise;
        json_t *object = json_object();

        err = exercise_open(&exercise, names[i], problem);
        if (!err) {
            json_put_text(object, "name", exercise.name);
            json_put_text(object, "title", exercise.title);
            json_put_number(object, "points", exercise.points);
            json_put_text(object, "file", exercise.files[0].name);
            json_put_text(object, "folder", exercise.folder);
        }
        json_array_append_new(array, object);
        exercise_close(&exercise);
    }
    json_put(document, "exercises", array);
    if (!err)
        return json_print(document, problem);
    json_decref(document);
    return err;
}

static enum pz_err list(const struct options *options, struct problem *problem)
{
    char **names;
    unsigned count;
    enum pz_err err = exercise_list(&names, &count, problem);

    if (!err)
        err = (options->json ? list_json : list_text)(names, count, problem);
    exercise_list_free(names, count);
    return err;
}

/* The writer that --json or --format asks for. */
static enum pz_err choose_writer(const struct options *options, grade_writer **write,
                                 struct problem *problem)
{
    unsigned format = 0;
    enum pz_err err = PZ_OK;

    if (options->format)
        err = parse_choice("--format", options->format, grade_format_names, grade_format_count,
                           &format, problem);
    if (!err)
        *write = options->json ? grade_write_json : grade_formats[format].write;
    return err;
}

static enum pz_err write_result(const struct options *options, grade_writer *write,
                                const struct grade *grade, struct problem *problem)
{
    FILE *out = stdout;
    enum pz_err err = PZ_OK, closed = PZ_OK;

    if (options->output)
        err = outfile_open(&out, "-o", options->output, problem);
    if (err)
        return err;
    if (write(out, grade))
        err = problem_memory(problem, "the result");
    if (out != stdout)
        closed = outfile_close(out, 0, "-o", options->output, problem);
    return err ? err : closed;
}

/*
 * A single submission is the user's own, or has been reviewed; a class is other people's code.
 */
static enum pz_err check_walls(const struct options *options, struct problem *problem)
{
    const char *unsafe = getenv("PZ_GRADE_UNSAFE");

    if (!boxwall_filters())
        fputs("pz grade: built without libseccomp: nothing keeps student code from reading and "
              "deleting your files; grade only what you trust (pz doctor)\n",
              stderr);
    if (filewall_version())
        return PZ_OK;
    if (options->students && !(unsafe && unsafe[0] == '1'))
        return problem_set(problem, PZ_HOST,
                           "this kernel has no Landlock: a file of the class could include any "
                           "file that you can read; grade on another host, or set "
                           "PZ_GRADE_UNSAFE=1 if nothing here is secret (pz doctor)");
    fputs("pz grade: this kernel has no Landlock: compiled code can include any file that you "
          "can read; grade only what you trust (pz doctor)\n",
          stderr);
    return PZ_OK;
}

static enum pz_err grade_class(const struct options *options, const struct exercise *exercise,
                               struct problem *problem)
{
    if (options->kernels.count > 1)
        return problem_set(problem, PZ_USAGE,
                           "--all takes no FILE: it grades the files in DIR");
    if (options->json || options->format)
        return problem_set(problem, PZ_USAGE,
                           "--all writes a CSV: --format and --json are for one submission");
    return gradeclass(options, exercise, problem);
}

static enum pz_err grade_one(const struct options *options, const struct exercise *exercise,
                             struct problem *problem)
{
    const char *replays = options->replays ? options->replays : ".";
    grade_writer *write;
    struct grade grade;
    enum pz_err err = choose_writer(options, &write, problem);

    if (err)
        return err;
    /* Without FILE they are taken from here. */
    for (unsigned i = 0; options->output && i < exercise->file_count; i++)
        if (options_same_file(options->output, exercise->files[i].name))
            return problem_set(
                problem, PZ_USAGE,
                "-o: %.200s is read as well, and would be lost: name another file",
                options->output);
    err = grade_open(&grade, exercise, options->kernels.at + 1, options->kernels.count - 1,
                     replays, NULL, problem);

    if (!err)
        err = write_result(options, write, &grade, problem);
    if (!err && grade.points < exercise->points)
        err = PZ_FAILED;
    grade_close(&grade);
    return err;
}

enum pz_err command_grade(const struct options *options, struct problem *problem)
{
    struct exercise exercise;
    enum pz_err err;

    if (options->list)
        return list(options, problem);
    if (!options->kernels.count)
        return problem_set(problem, PZ_USAGE, "name an exercise (pz grade --list)");
    err = exercise_open(&exercise, options->kernels.at[0], problem);
    if (!err) {
        terminal_catch_signals();
        err = check_walls(options, problem);
    }
    if (!err)
        err = (options->students ? grade_class : grade_one)(options, &exercise, problem);
    exercise_close(&exercise);
    return err;
}
