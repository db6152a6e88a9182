/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.c - runs the tutorial's commands: `pz` commands each in a new process, as the user would
 * start them; debugger commands in one debugger that stays open.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wordexp.h>

#include <sys/wait.h>

#include "tools/debug/debug.h"
#include "tools/tutorial/tutorial.h"

#define OUTPUT_MOST (8u << 20)
#define ITSELF "/proc/self/exe"

/* ---- A process ---- */

/* Splits a line into words, with the shell's quoting but no command substitution. */
static enum pz_err split(const char *line, wordexp_t *words, struct problem *problem)
{
    if (wordexp(line, words, WRDE_NOCMD) != 0)
        return problem_set(problem, PZ_USAGE,
                           "%.80s: redirection, pipes and the like are not supported here",
                           line);
    if (words->we_wordc)
        return PZ_OK;
    wordfree(words);
    return problem_set(problem, PZ_USAGE, "no command");
}

static enum pz_err start(char **argv, int out, bool quiet, pid_t *pid, struct problem *problem)
{
    posix_spawn_file_actions_t actions;
    int error;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    if (quiet)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    else
        posix_spawn_file_actions_adddup2(&actions, out, STDERR_FILENO);
    error = posix_spawn(pid, ITSELF, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return error ? problem_set(problem, PZ_HOST, "pz %.40s: %s", argv[1], strerror(error))
                 : PZ_OK;
}

/* Copies all output to `to`, and shows it unless `quiet`. */
static void keep(int from, bool quiet, FILE *to)
{
    char bytes[4096];
    ssize_t got;

    while ((got = read(from, bytes, sizeof bytes)) > 0 || (got < 0 && errno == EINTR)) {
        if (got < 0)
            continue;
        if (!quiet)
            fwrite(bytes, 1, (size_t)got, stdout);
        if (ftell(to) < (long)OUTPUT_MOST)
            fwrite(bytes, 1, (size_t)got, to);
    }
    fflush(stdout);
}

static int end_of(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static enum pz_err run_words(struct tutorial *tutorial, char **argv, bool quiet,
                             struct problem *problem)
{
    size_t len;
    int ends[2];
    pid_t pid;
    FILE *kept;
    enum pz_err err;

    free(tutorial->output);
    tutorial->output = NULL;
    kept = open_memstream(&tutorial->output, &len);
    if (!kept)
        return problem_memory(problem, "a command's output");
    if (pipe(ends)) {
        fclose(kept);
        return problem_set(problem, PZ_HOST, "a pipe: %s", strerror(errno));
    }
    err = start(argv, ends[1], quiet, &pid, problem);
    close(ends[1]);
    if (!err) {
        keep(ends[0], quiet, kept);
        tutorial->status = end_of(pid);
    }
    close(ends[0]);
    fclose(kept);
    return err;
}

static enum pz_err run_line(struct tutorial *tutorial, const char *line, bool quiet,
                            struct problem *problem)
{
    wordexp_t words;
    char *argv[32] = {(char *)"pz"};
    size_t from, count;
    enum pz_err err = split(line, &words, problem);

    if (err)
        return err;
    from = !strcmp(words.we_wordv[0], "pz") && words.we_wordc > 1;
    count = words.we_wordc - from;
    if (count + 3 > sizeof argv / sizeof argv[0]) {
        wordfree(&words);
        return problem_set(problem, PZ_USAGE, "too many words");
    }
    memcpy(&argv[1], &words.we_wordv[from], count * sizeof argv[0]);
    if (quiet)
        argv[count + 1] = (char *)"--json";
    err = run_words(tutorial, argv, quiet, problem);
    wordfree(&words);
    return err;
}

enum pz_err tutorial_run(struct tutorial *tutorial, const char *line, struct problem *problem)
{
    return run_line(tutorial, line, false, problem);
}

json_t *tutorial_ask(struct tutorial *tutorial, const char *line)
{
    struct problem problem;

    if (run_line(tutorial, line, true, &problem))
        return NULL;
    return json_loads(tutorial->output, 0, NULL);
}

/* ---- The debugger ---- */

static enum pz_err open_debugger(struct tutorial *tutorial, struct problem *problem)
{
    static char *words[] = {(char *)"debug", (char *)"--append", (char *)"primes", NULL};
    enum pz_err err = options_read(&tutorial->debug_options, OPTIONS_DEBUG, 3, words, problem);

    if (err)
        return err;
    tutorial->debug = calloc(1, sizeof *tutorial->debug);
    if (!tutorial->debug)
        return problem_memory(problem, "the debugger");
    return debug_open(tutorial->debug, &tutorial->debug_options, false, problem);
}

/* If there are several lines, each is shown after the prompt, as if it had been typed. */
static void execute(struct tutorial *tutorial, const char *line, size_t len, bool several)
{
    struct debug *debug = tutorial->debug;
    struct problem said = {0};
    char prompt[DEBUG_PROMPT], text[256];

    snprintf(text, sizeof text, "%.*s", (int)len, line);
    debug_prompt(debug, prompt);
    if (several)
        fprintf(debug->out, "%s%s\n", prompt, text);
    tutorial->status = (int)debug_execute(debug, text, &said);
    if (tutorial->status)
        fprintf(debug->out, "%s\n", said.text);
}

enum pz_err tutorial_debug(struct tutorial *tutorial, const char *lines,
                           struct problem *problem)
{
    struct debug *debug;
    enum pz_err err = PZ_OK;
    bool several = strchr(lines, '\n');
    size_t len;

    if (!tutorial->debug && (err = open_debugger(tutorial, problem)))
        return err;
    debug = tutorial->debug;
    free(tutorial->output);
    tutorial->output = NULL;
    debug->out = open_memstream(&tutorial->output, &len);
    debug->data = json_object();
    if (!debug->out)
        return problem_memory(problem, "a command's output");
    for (const char *end; *lines; lines = *end ? end + 1 : end) {
        end = strchrnul(lines, '\n');
        execute(tutorial, lines, (size_t)(end - lines), several);
    }
    fclose(debug->out);
    json_decref(debug->data);
    consoles_flush(&debug->consoles);
    fputs(tutorial->output, stdout);
    debug->quit = false;
    return PZ_OK;
}

void tutorial_close(struct tutorial *tutorial)
{
    if (tutorial->debug) {
        debug_close(tutorial->debug);
        free(tutorial->debug);
    }
    options_free(&tutorial->debug_options);
    free(tutorial->output);
}
