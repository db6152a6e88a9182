/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * class.c - `pz grade --all DIR`: each folder in DIR is one student's submission. Each is
 * graded in its own process, several at once, and sends its row of the table; rows are printed
 * in order of the names.
 */
#include "tools/grade/class.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include "tools/base/base.h"
#include "tools/grade/write.h"
#include "tools/host/host.h"

#define PROGRESS_AFTER_NS 2000000000u

/* One student's process. */
struct seat {
    pid_t pid;  /* 0: not begun, or over */
    FILE *line; /* what it sends: an unnamed file */
    bool done;
    int status;
};

struct class
{
    const struct exercise *exercise;
    const struct options *options;
    struct dirent **students;
    struct seat *seats;
    unsigned count, begun, done;
    uint64_t jobs, start;
    unsigned broken; /* could not be graded because of the host or the exercise */
};

/* ---- The table ---- */

/* RFC 4180: quoted where need be. A leading = + - @ would be a formula to a spreadsheet. */
static void cell(FILE *out, const char *text)
{
    bool formula = strchr("=+-@", text[0]) && text[0];

    if (!formula && !text[strcspn(text, ",\"\n\r")]) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    if (formula)
        fputc('\'', out);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void write_head(FILE *out, const struct exercise *exercise)
{
    fputs("student,exercise,points,of,result", out);
    for (unsigned i = 0; i < exercise->check_count; i++) {
        fputc(',', out);
        cell(out, exercise->checks[i].name);
    }
    fputs(",comment\r\n", out);
}

/* What a teacher checks first: did it build, did anyone cheat? */
static const char *result_of(const struct grade *grade)
{
    if (!grade_built(grade))
        return "does not compile";
    for (unsigned i = 0; i < grade->exercise->check_count; i++)
        if (grade->checks[i].outcome == GRADE_FORBIDDEN ||
            grade->checks[i].outcome == GRADE_FORGED || grade->checks[i].outcome == GRADE_EXIT)
            return "suspicious";
    return grade->points == grade->exercise->points ? "complete" : "incomplete";
}

static const char *first_message(const struct grade *grade)
{
    for (unsigned i = 0; i < grade->exercise->check_count; i++)
        if (grade->checks[i].message[0])
            return grade->checks[i].message;
    return "";
}

static void write_grade(FILE *out, const char *student, const struct grade *grade)
{
    cell(out, student);
    fprintf(out, ",%s,%" PRIu64 ",%" PRIu64 ",%s", grade->exercise->name, grade->points,
            grade->exercise->points, result_of(grade));
    for (unsigned i = 0; i < grade->exercise->check_count; i++)
        fprintf(out, ",%" PRIu64, grade->checks[i].points);
    fputc(',', out);
    cell(out, first_message(grade));
    fputs("\r\n", out);
}

static void write_nothing(FILE *out, const struct exercise *exercise, const char *student,
                          const char *result, const char *comment)
{
    cell(out, student);
    fprintf(out, ",%s,0,%" PRIu64 ",%s", exercise->name, exercise->points, result);
    for (unsigned i = 0; i < exercise->check_count; i++)
        fputs(",0", out);
    fputc(',', out);
    cell(out, comment);
    fputs("\r\n", out);
}

/* ---- One student, in a process ---- */

_Noreturn static void grade_student(const struct class *class, const char *student, FILE *line)
{
    const struct options *options = class->options;
    char folder[PATH_ROOM + 256];
    const char *path = folder;
    struct problem problem;
    struct grade grade;
    enum pz_err err;

    path_format(folder, sizeof folder, "%s/%s", options->students, student);
    err = grade_open(&grade, class->exercise, &path, 1, options->replays, student, &problem);
    if (!err)
        write_grade(line, student, &grade);
    else if (err == PZ_USAGE)
        write_nothing(line, class->exercise, student, "nothing handed in", problem.text);
    else
        write_nothing(line, class->exercise, student, "not graded", problem.text);
    grade_close(&grade);
    if (fflush(line))
        err = PZ_HOST;
    _exit(err);
}

static enum pz_err begin(struct class *class, struct problem *problem)
{
    struct seat *seat = &class->seats[class->begun];

    seat->line = tmpfile();
    if (!seat->line)
        return problem_set(problem, PZ_HOST,
                           "cannot create a file for results (%s): set TMPDIR",
                           strerror(errno));
    fflush(NULL);
    seat->pid = fork();
    if (!seat->pid)
        grade_student(class, class->students[class->begun]->d_name, seat->line);
    if (seat->pid < 0)
        return problem_set(problem, PZ_HOST, "cannot start a process: %s", strerror(errno));
    class->begun++;
    return PZ_OK;
}

static void end(struct class *class, pid_t pid, int status)
{
    for (unsigned i = 0; i < class->begun; i++) {
        struct seat *seat = &class->seats[i];

        if (seat->pid != pid)
            continue;
        seat->pid = 0;
        seat->done = true;
        seat->status = status;
        class->done++;
        if (!WIFEXITED(status) || WEXITSTATUS(status) == PZ_HOST)
            class->broken++;
    }
}

/* ---- All ---- */

static void show_progress(const struct class *class)
{
    if (machine_clock(NULL) - class->start >= PROGRESS_AFTER_NS)
        progress_show("%u of %u graded", class->done, class->count);
}

static enum pz_err run_all(struct class *class, struct problem *problem)
{
    enum pz_err err = PZ_OK;
    int status;
    pid_t pid;

    while (!err && !terminal_signal() && class->done < class->count) {
        while (!err && class->begun < class->count && class->begun - class->done < class->jobs)
            err = begin(class, problem);
        pid = wait(&status);
        if (pid > 0)
            end(class, pid, status);
        show_progress(class);
    }
    progress_end();
    for (unsigned i = 0; i < class->begun; i++)
        if (class->seats[i].pid > 0)
            (void)kill(class->seats[i].pid, SIGTERM);
    while (wait(&status) > 0 || errno == EINTR)
        ; /* each removes what it has built */
    return terminal_signal() && !err ? PZ_FAILED : err;
}

static void write_line(FILE *out, struct class *class, unsigned i)
{
    struct seat *seat = &class->seats[i];
    char bytes[4096];
    size_t got;

    if (WIFSIGNALED(seat->status)) {
        write_nothing(out, class->exercise, class->students[i]->d_name, "not graded",
                      "the grader's process was ended");
        return;
    }
    rewind(seat->line);
    while ((got = fread(bytes, 1, sizeof bytes, seat->line)) > 0)
        fwrite(bytes, 1, got, out);
}

static enum pz_err write_table(struct class *class, struct problem *problem)
{
    const char *path = class->options->output;
    FILE *out = stdout;
    enum pz_err err = PZ_OK;

    if (path)
        err = outfile_open(&out, "-o", path, problem);
    if (err)
        return err;
    write_head(out, class->exercise);
    for (unsigned i = 0; i < class->count; i++)
        write_line(out, class, i);
    if (path)
        err = outfile_close(out, 0, "-o", path, problem);
    if (err || !class->broken)
        return err;
    return problem_set(problem, PZ_HOST, "%u of %u could not be graded: see the table",
                       class->broken, class->count);
}

static int is_student(const struct dirent *entry)
{
    return entry->d_name[0] != '.' &&
           (entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN || entry->d_type == DT_LNK);
}

static enum pz_err find_students(struct class *class, struct problem *problem)
{
    int found = scandir(class->options->students, &class->students, is_student, alphasort);

    if (found < 0)
        return problem_set(problem, errno == ENOTDIR ? PZ_USAGE : PZ_HOST, "--all: %.200s: %s",
                           class->options->students, strerror(errno));
    class->count = (unsigned)found;
    class->seats = calloc(class->count + 1, sizeof *class->seats);
    if (!class->seats)
        return problem_memory(problem, "the class");
    if (!class->count)
        return problem_set(problem, PZ_USAGE,
                           "--all: %.200s: it has no directories: each student needs one",
                           class->options->students);
    return PZ_OK;
}

static void close_class(struct class *class)
{
    for (unsigned i = 0; i < class->count; i++) {
        if (class->seats && class->seats[i].line)
            fclose(class->seats[i].line);
        free(class->students[i]);
    }
    free(class->students);
    free(class->seats);
}

enum pz_err gradeclass(const struct options *options, const struct exercise *exercise,
                       struct problem *problem)
{
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    struct class class = {.exercise = exercise,
                          .options = options,
                          .jobs = options->jobs ? options->jobs
                                  : cpus > 0    ? (uint64_t)cpus
                                                : 1,
                          .start = machine_clock(NULL)};
    enum pz_err err = find_students(&class, problem);

    if (!err)
        err = run_all(&class, problem);
    if (!err)
        err = write_table(&class, problem);
    close_class(&class);
    return err;
}
