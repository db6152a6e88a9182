/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sh.c - sh [-c COMMAND]: runs jobs: forks their programs, joins them by pipes, waits. Parsing
 * is in parse.c. Built in: exit [STATUS] and wait. A prompt is shown when the input is the
 * console.
 */
#include "sh.h"

enum { STATUS_SYNTAX = 2, STATUS_NOT_FOUND = 127, STATUS_OF_KILLED = 128, NO_FD = -1 };

static bool interactive;

static _Noreturn void fail(const char *what, int error)
{
    dprintf(2, "sh: %s: %s\n", what, error_text(error));
    exit(STATUS_NOT_FOUND);
}

/* Make descriptor `to` a copy of `from`: dup takes the lowest free one; those below are open. */
static void move_fd(int from, int to)
{
    if (from == to)
        return;
    close(to);
    dup(from);
    close(from);
}

static void redirect(const char *name, int flags, int to)
{
    int fd;

    if (!name)
        return;
    fd = open(name, flags);
    if (fd < 0)
        fail(name, fd);
    move_fd(fd, to);
}

/* In the child: input and output as the command wants them, then the program itself. */
static _Noreturn void run_command(struct command *c, int input, int output)
{
    if (input != NO_FD)
        move_fd(input, 0);
    if (output != NO_FD)
        move_fd(output, 1);
    redirect(c->input, O_READ, 0);
    redirect(c->output, O_WRITE | O_CREATE | (c->append ? O_APPEND : O_TRUNC), 1);
    fail(c->argv[0], exec(c->argv[0], c->argv));
}

static void close_fd(int fd)
{
    if (fd != NO_FD)
        close(fd);
}

/* Fork one stage; its pid or an error. next_input is the next stage's end of the pipe. */
static int start_stage(struct command *c, int input, int output, int next_input)
{
    int pid = fork();

    if (pid == 0) {
        close_fd(next_input);
        run_command(c, input, output);
    }
    return pid;
}

/* Start all stages; the last one's pid, or an error. */
static int start_pipeline(struct job *job)
{
    int input = NO_FD;
    int pid = 0;

    for (int i = 0; i < job->stages && pid >= 0; i++) {
        int fds[2] = {NO_FD, NO_FD};

        if (i + 1 < job->stages)
            pid = pipe(fds);
        if (pid >= 0)
            pid = start_stage(&job->stage[i], input, fds[1], fds[0]);
        close_fd(input);
        close_fd(fds[1]);
        input = fds[0];
    }
    close_fd(input);
    return pid;
}

/* A killed program counts as a failed one. */
static int exit_status(int status)
{
    return status & STATUS_KILLED ? STATUS_OF_KILLED : status & STATUS_EXIT_MASK;
}

/* Waits for this child, and reaps others meanwhile. */
static int wait_for(int pid)
{
    int status = 0;
    int done;

    do
        done = wait(&status, 0);
    while (done > 0 && done != pid);
    return exit_status(status);
}

/* The status is the last program's, but the job lasts until all of them are done. */
static _Noreturn void run_pipeline(struct job *job)
{
    int pid = start_pipeline(job);
    int status;

    if (pid < 0)
        fail(job->stage[0].argv[0], pid);
    status = wait_for(pid);
    while (wait(NULL, 0) > 0)
        ;
    exit(status);
}

/*
 * A job is one child, in a group of its own at a terminal, so that ^C reaches all of it. The
 * child is the program, or waits for the programs of a pipeline.
 */
static _Noreturn void run_child(struct job *job)
{
    if (interactive)
        newgroup();
    if (job->stages == 1)
        run_command(&job->stage[0], NO_FD, NO_FD);
    run_pipeline(job);
}

static int run_job(struct job *job)
{
    int pid = fork();
    int status;

    if (pid == 0)
        run_child(job);
    if (pid < 0) {
        dprintf(2, "sh: %s: %s\n", job->stage[0].argv[0], error_text(pid));
        return STATUS_NOT_FOUND;
    }
    if (job->background)
        return 0;
    if (interactive)
        foreground(pid);
    status = wait_for(pid);
    if (interactive)
        foreground(0);
    return status;
}

static int built_in_exit(const struct command *c, int last_status)
{
    uint32_t status = (uint32_t)last_status;

    if (c->argc > 2 || (c->argc == 2 && !parse_number(c->argv[1], &status))) {
        dprintf(2, "usage: exit [STATUS]\n");
        return STATUS_SYNTAX;
    }
    exit((int)status);
}

static int run_or_built_in(struct job *job, int last_status)
{
    const char *name = job->stage[0].argv[0];

    if (job->stages == 1 && strcmp(name, "exit") == 0)
        return built_in_exit(&job->stage[0], last_status);
    if (job->stages == 1 && strcmp(name, "wait") == 0) {
        while (wait(NULL, 0) > 0)
            ;
        return 0;
    }
    return run_job(job);
}

static int run_line(const char *line, int status)
{
    static struct parser parser;
    static struct job job;
    bool error;

    parse_start(&parser, line);
    while (parse_job(&parser, &job, &error))
        status = run_or_built_in(&job, status);
    return error ? STATUS_SYNTAX : status;
}

static void bury_finished(void)
{
    while (wait(NULL, WAIT_NOHANG) > 0)
        ;
}

static int run_lines(void)
{
    char line[LINE_SIZE];
    int status = 0;

    for (;;) {
        bury_finished();
        if (interactive)
            printf("$ ");
        if (read_line(0, line, sizeof(line)) < 0)
            break;
        status = run_line(line, status);
    }
    if (interactive)
        printf("\n");
    return status;
}

static bool is_console(int fd)
{
    struct fileinfo info;

    return stat(fd, &info) == 0 && info.kind == KIND_CONSOLE;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "-c") == 0)
        return run_line(argv[2], 0);
    if (argc != 1) {
        dprintf(2, "usage: sh [-c COMMAND]\n");
        return STATUS_SYNTAX;
    }
    interactive = is_console(0);
    return run_lines();
}
