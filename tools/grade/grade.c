/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * grade.c - grading one submission: assigning files, building them, running each check in a
 * sandboxed process, and judging how it ended.
 */
#define _GNU_SOURCE
#include "tools/grade/grade.h"

#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "tools/base/base.h"
#include "tools/grade/replay.h"
#include "tools/grade/run.h"
#include "tools/host/host.h"
#include "tools/sandbox/sandbox.h"

#define MESSAGE 600
#define CHECK_SECONDS 300u /* of CPU, for the monitor and its guests: far beyond any limit */
#define SUBMISSION_SECONDS 20u /* of CPU, for the student's code in all checks */
#define ENDLESS_SECONDS 1u     /* the same for one check, after one has not returned */

static const char *const outcome_names[GRADE_OUTCOMES] = {
    [GRADE_PASS] = "pass",     [GRADE_FAIL] = "fail",           [GRADE_CRASH] = "crash",
    [GRADE_TIME] = "time",     [GRADE_FORBIDDEN] = "forbidden", [GRADE_EXIT] = "exit",
    [GRADE_FORGED] = "forged", [GRADE_UNBUILT] = "unbuilt",
};

const char *grade_outcome_name(enum grade_outcome outcome)
{
    return outcome_names[outcome];
}

bool grade_built(const struct grade *grade)
{
    for (unsigned i = 0; i < grade->exercise->file_count; i++)
        if (grade->files[i].given && !grade->files[i].built &&
            grade->exercise->files[i].kind != EXERCISE_ANSWERS)
            return false;
    return true;
}

/* ---- Which file is which ---- */

static bool is_folder(const char *path)
{
    struct stat found;

    return !stat(path, &found) && S_ISDIR(found.st_mode);
}

static bool set_path(struct grade_file *file, const char *path)
{
    char whole[PATH_MAX];

    if (!realpath(path, whole) || is_folder(whole) || strlen(whole) >= sizeof file->path)
        return false;
    path_format(file->path, sizeof file->path, "%s", whole);
    file->given = true;
    return true;
}

/* A submission's folder is not trusted: a link in it could point to anyone's file. */
static bool is_plain_file(const char *path)
{
    struct stat found;

    return !lstat(path, &found) && S_ISREG(found.st_mode);
}

static bool take_folder(struct grade *grade, const char *folder)
{
    char path[PATH_MAX];
    bool any = false, own = !strcmp(folder, ".");

    for (unsigned i = 0; i < grade->exercise->file_count; i++) {
        path_format(path, sizeof path, "%s/%s", folder, grade->exercise->files[i].name);
        any |= (own || is_plain_file(path)) && set_path(&grade->files[i], path);
    }
    return any;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static const char *ending(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot ? dot : "";
}

/* The exercise's file of that name; else the first of that kind that has none yet. */
static struct grade_file *slot_for(struct grade *grade, const char *path)
{
    const struct exercise *exercise = grade->exercise;

    for (unsigned i = 0; i < exercise->file_count; i++)
        if (!strcmp(last_part(path), exercise->files[i].name))
            return &grade->files[i];
    for (unsigned i = 0; i < exercise->file_count; i++)
        if (!grade->files[i].given && !strcmp(ending(path), ending(exercise->files[i].name)))
            return &grade->files[i];
    return NULL;
}

static enum pz_err take_file(struct grade *grade, const char *path, struct problem *problem)
{
    struct grade_file *file;

    if (is_folder(path)) {
        if (take_folder(grade, path))
            return PZ_OK;
        return problem_set(problem, PZ_USAGE, "%.200s: has no file of %s, such as %s", path,
                           grade->exercise->name, grade->exercise->files[0].name);
    }
    file = slot_for(grade, path);
    if (!file)
        return problem_set(problem, PZ_USAGE, "%.200s: %s asks for no such file, but for %s",
                           path, grade->exercise->name, grade->exercise->files[0].name);
    if (!set_path(file, path))
        return problem_set(problem, PZ_HOST, "%.200s: cannot be opened: %s", path,
                           strerror(errno ? errno : EINVAL));
    return PZ_OK;
}

static enum pz_err take_files(struct grade *grade, const char *const *files, unsigned count,
                              struct problem *problem)
{
    enum pz_err err = PZ_OK;

    for (unsigned i = 0; !err && i < count; i++)
        err = take_file(grade, files[i], problem);
    if (!count && !take_folder(grade, "."))
        return problem_set(problem, PZ_USAGE,
                           "there is no %s here: copy it from %s and edit it, or name a file",
                           grade->exercise->files[0].name, grade->exercise->folder);
    return err;
}

/* ---- Building ---- */

/*
 * Output of students' code is shown on terminals and written to files: valid UTF-8, no control
 * characters.
 */
static char *copy(const char *text)
{
    json_t *valid = json_bytes(text ? text : "", text ? strlen(text) : 0);
    char *clean = strdup(valid ? json_string_value(valid) : "");

    json_decref(valid);
    for (unsigned char *at = (unsigned char *)clean; at && *at; at++)
        if ((*at < ' ' && *at != '\n' && *at != '\t') || *at == 0x7f)
            *at = '?';
        else if (*at == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0)
            at[0] = at[1] = '?'; /* U+0080 to U+009F: to some terminals, commands */
    return clean;
}

static void built_path(const struct grade *grade, const char *name, char path[PATH_MAX])
{
    path_format(path, PATH_MAX, "%s/%s.out", grade->folder, name);
}

static enum pz_err build(const struct exercise_file *file, const char *source,
                         const char *output, struct compiled *compiled, struct problem *problem)
{
    switch (file->kind) {
    case EXERCISE_PART: return compile_part(source, output, file->forbid, compiled, problem);
    case EXERCISE_PROGRAM:
        return compile_system(file->system, source, output, compiled, problem);
    default: return compile_guest(source, output, compiled, problem);
    }
}

static enum pz_err build_files(struct grade *grade, struct problem *problem)
{
    enum pz_err err = PZ_OK;

    for (unsigned i = 0; !err && i < grade->exercise->file_count; i++) {
        const struct exercise_file *file = &grade->exercise->files[i];
        struct compiled compiled = {0};
        char output[PATH_MAX];

        if (!grade->files[i].given || file->kind == EXERCISE_ANSWERS)
            continue;
        built_path(grade, file->name, output);
        err = build(file, grade->files[i].path, output, &compiled, problem);
        grade->files[i].built = compiled.built;
        grade->files[i].said = copy(compiled.said);
        free(compiled.said);
    }
    return err;
}

/* A part that comes with the exercise: a weakened monitor, say. Built when it is first needed. */
static enum pz_err build_own(const struct grade *grade, const char *source, const char *output,
                             struct problem *problem)
{
    struct compiled compiled = {0};
    enum pz_err err;

    if (!access(output, R_OK))
        return PZ_OK;
    err = compile_part(source, output, NULL, &compiled, problem);
    if (!err && !compiled.built)
        err = problem_set(problem, PZ_HOST, "examples/%s/%s does not compile: %.300s",
                          grade->exercise->name, last_part(source), compiled.said);
    free(compiled.said);
    return err;
}

/* ---- One check ---- */

/* What a check runs; the paths must stay as long as `run`. */
struct inputs {
    char guest[PATH_MAX], less[PATH_MAX], disk[PATH_MAX], object[PATH_MAX],
        part_source[PATH_MAX];
    bool missing; /* a student's file that is missing, or did not compile */
    const char *missing_name;
};

static const struct grade_file *student_file(const struct grade *grade, const char *name)
{
    const struct exercise_file *file = exercise_file(grade->exercise, name);

    return file ? &grade->files[file - grade->exercise->files] : NULL;
}

static enum pz_err find_guest(const struct grade *grade, const char *guest, char path[PATH_MAX],
                              struct inputs *inputs, struct problem *problem)
{
    const struct grade_file *file = student_file(grade, guest);
    char name[PATH_MAX];

    if (file) {
        built_path(grade, guest, path);
        if (!file->built) {
            inputs->missing = true;
            inputs->missing_name = guest;
        }
        return PZ_OK;
    }
    if (!strcmp(ending(guest), ".elf"))
        return guests_find(guest, path, PATH_MAX, problem);
    path_format(name, sizeof name, "examples/%s/%.*s.elf", grade->exercise->name,
                (int)(ending(guest) - guest), guest);
    return guests_find(name, path, PATH_MAX, problem);
}

static enum pz_err find_part(const struct grade *grade, const struct exercise_check *check,
                             struct inputs *inputs, struct problem *problem)
{
    const struct grade_file *file = student_file(grade, check->part);

    built_path(grade, check->part, inputs->object);
    if (!file) {
        path_format(inputs->part_source, PATH_MAX, "%s/%s", grade->exercise->folder,
                    check->part);
        return build_own(grade, inputs->part_source, inputs->object, problem);
    }
    path_format(inputs->part_source, PATH_MAX, "%s", file->path);
    if (!file->built) {
        inputs->missing = true;
        inputs->missing_name = check->part;
    }
    return PZ_OK;
}

static const char *answers_of(const struct grade *grade)
{
    for (unsigned i = 0; i < grade->exercise->file_count; i++)
        if (grade->exercise->files[i].kind == EXERCISE_ANSWERS && grade->files[i].given)
            return grade->files[i].path;
    return NULL;
}

static enum pz_err find_inputs(const struct grade *grade, const struct exercise_check *check,
                               struct inputs *inputs, struct problem *problem)
{
    enum pz_err err = PZ_OK;

    if (check->guest)
        err = find_guest(grade, check->guest, inputs->guest, inputs, problem);
    if (!err && check->less)
        err = find_guest(grade, check->less, inputs->less, inputs, problem);
    if (!err && check->disk)
        err = guests_find(check->disk, inputs->disk, PATH_MAX, problem);
    if (!err && (check->guest || check->kind == EXERCISE_WALKS) && check->part)
        err = find_part(grade, check, inputs, problem);
    return err;
}

static void say(struct grade_check *result, enum grade_outcome outcome, const char *message,
                const char *expected, const char *got)
{
    result->outcome = outcome;
    result->message = copy(message);
    result->expected = copy(expected);
    result->got = copy(got);
}

static void judge_verdict(struct grade_check *result, const json_t *verdict)
{
    bool pass = json_is_true(json_object_get(verdict, "pass"));

    say(result, pass ? GRADE_PASS : GRADE_FAIL,
        json_string_value(json_object_get(verdict, "message")),
        json_string_value(json_object_get(verdict, "expected")),
        json_string_value(json_object_get(verdict, "got")));
    result->retired = (uint64_t)json_integer_value(json_object_get(verdict, "retired"));
    if (pass)
        result->points = result->check->points;
}

/* How the student's code ended its own process. */
static void judge_end(struct grade_check *result, const json_t *ended, uint64_t seconds)
{
    enum box_end end = (enum box_end)json_integer_value(json_object_get(ended, "end"));
    const char *where = json_string_value(json_object_get(ended, "where"));
    int number = (int)json_integer_value(json_object_get(ended, "signal"));
    enum grade_outcome outcome = GRADE_CRASH;
    char message[MESSAGE] = "";

    where = where ? where : "";
    switch (end) {
    case BOX_VERDICT:
    case BOX_CRASH:
        (void)!snprintf(message, sizeof message, "your code crashed: %s%s%s", strsignal(number),
                        where[0] ? " in " : "", where);
        break;
    case BOX_TIME:
        outcome = GRADE_TIME;
        (void)!snprintf(message, sizeof message,
                        "your code did not return within %" PRIu64
                        " seconds of CPU time: an endless loop?%s%s",
                        seconds, where[0] ? " " : "", where);
        break;
    case BOX_FORBIDDEN:
        outcome = GRADE_FORBIDDEN;
        (void)!snprintf(
            message, sizeof message,
            "your code tried something that no part of a monitor may do: the system call %s",
            where);
        break;
    case BOX_EXIT:
        outcome = GRADE_EXIT;
        (void)!snprintf(message, sizeof message,
                        "your code ended its process (exit code %d): no points",
                        (int)json_integer_value(json_object_get(ended, "status")));
        break;
    case BOX_FORGED:
        outcome = GRADE_FORGED;
        (void)!snprintf(message, sizeof message, "no part of a monitor may do that: %s", where);
        break;
    }
    say(result, outcome, message, "", "");
}

/* The check's own process runs no student code, so its failure is no verdict on the student. */
static enum pz_err judge(struct grade_check *result, const struct box *box, uint64_t seconds,
                         struct problem *problem)
{
    const json_t *ended = json_object_get(box->verdict, "ended");

    result->printed = copy(box->printed);
    if (box->end == BOX_TIME)
        return problem_set(
            problem, PZ_HOST,
            "this machine was too slow: the check did not end within %u seconds of CPU time; "
            "this is no verdict on the submission",
            CHECK_SECONDS);
    if (box->end != BOX_VERDICT)
        return problem_set(problem, PZ_HOST,
                           "the check's process ended without a verdict (%s%s)",
                           box->signal ? strsignal(box->signal) : "no signal", box->where);
    if (ended)
        judge_end(result, ended, seconds);
    else
        judge_verdict(result, box->verdict);
    return PZ_OK;
}

/* CPU time left for the student's code in the next check; 0: used up. */
static uint64_t seconds_left(const struct grade *grade)
{
    uint64_t used = (grade->cpu_ms + 500) / 1000;
    uint64_t left = used < SUBMISSION_SECONDS ? SUBMISSION_SECONDS - used : 0;
    uint64_t most = grade->endless ? ENDLESS_SECONDS : grade->exercise->seconds;

    return left < most ? left : most;
}

static enum pz_err run_box(struct grade *grade, struct grade_check *result,
                           struct grade_run *run, const char *part_source, const char *replays,
                           const char *key, struct problem *problem)
{
    const struct box_job job = {
        .prepare = grade_run_prepare,
        .writes = partproc_descriptor,
        .work = grade_run_check,
        .owner = run,
        .limits = {CHECK_SECONDS, grade->exercise->memory + PARTPROC_MEMORY_MB},
    };
    struct box box;
    enum pz_err err = box_run(&box, &job, problem);

    if (!err)
        err = judge(result, &box, run->limits.seconds, problem);
    grade->cpu_ms += (uint64_t)json_integer_value(json_object_get(box.verdict, "cpu_ms"));
    grade->endless |= result->outcome == GRADE_TIME;
    if (!err && replays && run->guest && !exercise_asks_runs(run->check) &&
        result->outcome != GRADE_PASS)
        err = grade_replay_write(run, part_source, box.verdict, replays, key, result->replay,
                                 problem);
    box_close(&box);
    if (err)
        problem_prefix(problem, result->check->name);
    return err;
}

static void say_not_run(struct grade_check *result)
{
    char message[MESSAGE];

    (void)!snprintf(
        message, sizeof message,
        "not run: your code has used up the submission's %u seconds of CPU time, in checks "
        "from which it did not return",
        SUBMISSION_SECONDS);
    say(result, GRADE_TIME, message, "", "");
}

static enum pz_err run_check(struct grade *grade, struct grade_check *result,
                             const char *replays, const char *key, struct problem *problem)
{
    const struct exercise_check *check = result->check;
    struct inputs inputs = {.missing = false};
    struct grade_run run = {.exercise = grade->exercise, .check = check};
    char message[MESSAGE];
    enum pz_err err = find_inputs(grade, check, &inputs, problem);

    if (err)
        return err;
    if (inputs.missing) {
        (void)!snprintf(message, sizeof message, "%s was not given or did not compile",
                        inputs.missing_name);
        say(result, GRADE_UNBUILT, message, "", "");
        return PZ_OK;
    }
    run.guest = check->guest ? inputs.guest : NULL;
    run.less = check->less ? inputs.less : NULL;
    run.disk = check->disk ? inputs.disk : NULL;
    run.object = inputs.object[0] ? inputs.object : NULL;
    run.students = run.object && student_file(grade, check->part);
    run.limits =
        (struct box_limits){seconds_left(grade), grade->exercise->memory + PARTPROC_MEMORY_MB};
    if (run.students && !run.limits.seconds) {
        say_not_run(result);
        return PZ_OK;
    }
    run.answers = answers_of(grade);
    return run_box(grade, result, &run, inputs.part_source[0] ? inputs.part_source : NULL,
                   replays, key, problem);
}

static enum pz_err run_checks(struct grade *grade, const char *replays, const char *key,
                              struct problem *problem)
{
    const struct exercise *exercise = grade->exercise;
    enum pz_err err = PZ_OK;

    grade->checks = calloc(exercise->check_count, sizeof *grade->checks);
    if (!grade->checks)
        return problem_memory(problem, "the results");
    for (unsigned i = 0; !err && i < exercise->check_count; i++) {
        grade->checks[i].check = &exercise->checks[i];
        err = run_check(grade, &grade->checks[i], replays, key, problem);
        grade->points += grade->checks[i].points;
        if (!err && terminal_signal())
            err = problem_set(problem, PZ_FAILED, "stopped");
    }
    return err;
}

/* ---- All ---- */

static enum pz_err make_folder(struct grade *grade, struct problem *problem)
{
    const char *base = getenv("TMPDIR");

    path_format(grade->folder, sizeof grade->folder, "%s/pz-grade.XXXXXX",
                base && base[0] ? base : "/tmp");
    if (mkdtemp(grade->folder))
        return PZ_OK;
    grade->folder[0] = '\0';
    return problem_set(problem, PZ_HOST, "cannot create a temporary directory (%s): set TMPDIR",
                       strerror(errno));
}

enum pz_err grade_open(struct grade *grade, const struct exercise *exercise,
                       const char *const *files, unsigned count, const char *replays,
                       const char *key, struct problem *problem)
{
    enum pz_err err;

    *grade = (struct grade){.exercise = exercise};
    err = take_files(grade, files, count, problem);
    if (!err)
        err = make_folder(grade, problem);
    if (!err)
        err = build_files(grade, problem);
    return err ? err : run_checks(grade, replays, key, problem);
}

static int remove_one(const char *path, const struct stat *found, int kind, struct FTW *where)
{
    (void)found, (void)kind, (void)where;
    return remove(path);
}

void grade_close(struct grade *grade)
{
    for (unsigned i = 0; i < EXERCISE_FILES; i++)
        free(grade->files[i].said);
    for (unsigned i = 0; grade->checks && i < grade->exercise->check_count; i++) {
        free(grade->checks[i].message);
        free(grade->checks[i].expected);
        free(grade->checks[i].got);
        free(grade->checks[i].printed);
    }
    free(grade->checks);
    if (grade->folder[0])
        (void)nftw(grade->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
