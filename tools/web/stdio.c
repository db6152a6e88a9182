/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stdio.c - a session on standard input and output: a request a line, an answer a line. Scripts use
 * it, and the server, which has one such process for each page.
 */
#define _GNU_SOURCE /* F_DUPFD_CLOEXEC */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/web/command.h"
#include "tools/web/folder.h"
#include "tools/web/process.h"
#include "tools/web/session.h"

#define PATIENCE 5 /* seconds */

/* A signal handler has no owner. */
static struct web_session *serving;
static volatile sig_atomic_t over;

static void on_interrupt(int number)
{
    (void)number;
    if (serving)
        web_interrupt(serving);
}

/* What cannot be interrupted, such as a verb, gets so long; then the host ends it all. */
static void on_end(int number)
{
    over = 1;
    on_interrupt(number);
    (void)alarm(PATIENCE);
}

/* ---- Lines ---- */

struct lines {
    FILE *in;
    char *text;
    size_t room;
};

enum line { LINE_END, LINE_WHOLE, LINE_LONG };

static bool grow(struct lines *lines)
{
    size_t room = lines->room ? 2 * lines->room : 65536;
    char *text = realloc(lines->text, room);

    if (!text)
        return false;
    lines->text = text;
    lines->room = room;
    return true;
}

/* One that is too long is read to its end, and not kept. */
static enum line next_line(struct lines *lines)
{
    size_t len = 0;
    bool kept = true;
    int c;

    while ((c = getc_unlocked(lines->in)) != EOF && c != '\n') {
        kept = kept && len < WEB_REQUEST_MOST && (len + 1 < lines->room || grow(lines));
        if (kept)
            lines->text[len++] = (char)c;
    }
    if (c == EOF && !len)
        return LINE_END;
    if (!kept || (len + 1 >= lines->room && !grow(lines)))
        return LINE_LONG;
    lines->text[len] = '\0';
    /* A zero byte would end the request before its end. */
    if (strlen(lines->text) < len)
        lines->text[0] = '\0';
    return LINE_WHOLE;
}

static bool put_line(FILE *out, const char *text)
{
    return fputs(text, out) != EOF && putc('\n', out) != EOF && !fflush(out);
}

static enum pz_err answer_all(struct web_session *session, FILE *in, FILE *out,
                              struct problem *problem)
{
    struct lines lines = {.in = in};
    enum pz_err err = PZ_OK;
    enum line line;
    bool good = true;

    while (good && !err && !over && (line = next_line(&lines)) != LINE_END) {
        char *answer = line == LINE_WHOLE
                           ? web_request(session, lines.text)
                           : strdup("{\"id\":null,\"ok\":false,\"error\":\"the request is too "
                                    "long\"}");

        if (!answer)
            err = problem_memory(problem, "an answer");
        else
            good = put_line(out, answer);
        free(answer);
    }
    free(lines.text);
    return err;
}

/* ---- The session ---- */

static void catch_signals(void)
{
    struct sigaction interrupt = {.sa_handler = on_interrupt, .sa_flags = SA_RESTART};
    struct sigaction end = {.sa_handler = on_end};

    (void)sigaction(SIGINT, &interrupt, NULL);
    (void)sigaction(SIGTERM, &end, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

/* From before there is a folder until it is gone, a signal only ends the loop: a session may be
   told to end as soon as it begins. */
static enum pz_err serve(FILE *in, FILE *out, struct problem *problem)
{
    struct folder folder;
    struct web_host host = {"native", folder.path, process_verb, folder.path, true};
    struct web_session *session;
    enum pz_err err;

    catch_signals();
    err = folder_make(&folder, problem);
    if (err)
        return err;
    session = web_session_new(&host);
    if (session) {
        serving = session;
        err = answer_all(session, in, out, problem);
        serving = NULL;
    } else {
        err = problem_memory(problem, "the session");
    }
    web_session_free(session);
    folder_remove(&folder);
    return err;
}

/* What is printed by whatever means must not come among the answers. */
enum pz_err command_stdio(struct problem *problem)
{
    int out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    FILE *file = out < 0 ? NULL : fdopen(out, "w");
    enum pz_err err;

    problem->text[0] = '\0';
    if (!file || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        return problem_set(problem, PZ_HOST, "standard output: %s", strerror(errno));
    err = serve(stdin, file, problem);
    (void)fclose(file);
    return err;
}
