/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tutorial.c - the guide: for each step, explains it, runs its command or what the user typed
 * instead, checks the outcome, and asks the question. Lines are read from standard input
 * whether or not it is a terminal, so that tests can drive it.
 */
#define _GNU_SOURCE
#include "tools/tutorial/tutorial.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/debug/debug.h"

#define WIDTH_USUAL 78u
#define WIDTH_LEAST 30u
#define TRIES 3u

/* How a step ended. */
enum reply { REPLY_GO, REPLY_SKIP, REPLY_LEAVE };

/* ---- Saying ---- */

/* Wraps a paragraph at blanks; a line that begins with a blank is printed unchanged. */
static void say_line(const struct tutorial *tutorial, const char *line, size_t len)
{
    size_t column = 0;

    if (len && line[0] == ' ') {
        printf("%.*s\n", (int)len, line);
        return;
    }
    while (len) {
        size_t word = 0;

        while (word < len && line[word] != ' ')
            word++;
        if (column && column + 1 + word > tutorial->width) {
            putchar('\n');
            column = 0;
        }
        column += (size_t)printf("%s%.*s", column ? " " : "", (int)word, line);
        len -= word;
        line += word;
        while (len && *line == ' ')
            line++, len--;
    }
    putchar('\n');
}

static void say(const struct tutorial *tutorial, const char *text)
{
    for (const char *end; *text; text = *end ? end + 1 : end) {
        end = strchrnul(text, '\n');
        say_line(tutorial, text, (size_t)(end - text));
    }
}

/* ---- Asking ---- */

/* A line without surrounding blanks, to be freed by the caller. NULL at end of input. */
static char *ask(struct tutorial *tutorial, const char *prompt)
{
    char *line, *start, *end;

    printf("%s", prompt);
    fflush(stdout);
    line = debug_line_read(stdin);
    if (!line) {
        putchar('\n');
        tutorial->ended = true;
        return NULL;
    }
    if (!isatty(STDIN_FILENO))
        puts(line); /* a terminal would have echoed it */
    start = line + strspn(line, " \t");
    end = start + strlen(start);
    while (end > start && isspace((unsigned char)end[-1]))
        *--end = '\0';
    memmove(line, start, strlen(start) + 1);
    return line;
}

/* Numbers in any notation, words in any case. */
static bool same_answer(const char *given, const char *right)
{
    char *end;
    unsigned long long a, b = strtoull(right, &end, 0);
    char plain[TUTORIAL_ANSWER];
    size_t len = 0;

    if (*end || !*right)
        return !strcasecmp(given, right);
    for (; *given && len + 1 < sizeof plain; given++)
        if (*given != ',' && *given != '_')
            plain[len++] = *given;
    plain[len] = '\0';
    a = strtoull(plain, &end, 0);
    return len && !*end && a == b;
}

static enum reply tell(struct tutorial *tutorial, const char *right)
{
    tutorial->told++;
    printf("It is %s.\n", right);
    return REPLY_GO;
}

static enum reply ask_question(struct tutorial *tutorial, const struct tutorial_step *step)
{
    char right[TUTORIAL_ANSWER];

    if (!step->expect(tutorial, right)) {
        printf("(the answer could not be determined here; going on)\n");
        return REPLY_GO;
    }
    putchar('\n');
    say(tutorial, step->question);
    for (unsigned tries = 0; tries < TRIES; tries++) {
        char *given = ask(tutorial, "answer> ");
        bool good = given && same_answer(given, right);
        bool leave = !given || !strcmp(given, "q");

        free(given);
        if (leave)
            return REPLY_LEAVE;
        if (good) {
            printf("Right.\n");
            return REPLY_GO;
        }
        say(tutorial, tries + 1 < TRIES ? step->hint : "That is not right either.");
    }
    return tell(tutorial, right);
}

/* ---- A step ---- */

static bool for_debugger(const struct tutorial_step *step)
{
    return step->command[0] == '(';
}

static void show_command(const struct tutorial_step *step)
{
    const char *line = step->command + for_debugger(step);

    putchar('\n');
    for (const char *end; *line; line = *end ? end + 1 : end) {
        end = strchrnul(line, '\n');
        printf("    %s%.*s\n", for_debugger(step) ? "(pz) " : "$ pz ", (int)(end - line), line);
    }
}

static enum pz_err run_command(struct tutorial *tutorial, const struct tutorial_step *step,
                               const char *given, struct problem *problem)
{
    if (for_debugger(step))
        return tutorial_debug(tutorial, *given ? given : step->command + 1, problem);
    return tutorial_run(tutorial, *given ? given : step->command, problem);
}

/* Runs what the user types until it has done what the step is about. */
static enum reply run_step(struct tutorial *tutorial, const struct tutorial_step *step,
                           enum pz_err *err, struct problem *problem)
{
    for (;;) {
        char *given = ask(tutorial, "Enter runs it (or type it; s skips, q leaves)> ");
        bool leave = !given || !strcmp(given, "q"), skip = given && !strcmp(given, "s");

        if (!leave && !skip)
            *err = run_command(tutorial, step, given, problem);
        free(given);
        if (leave || (*err && *err != PZ_USAGE))
            return REPLY_LEAVE;
        if (skip)
            return REPLY_SKIP;
        if (*err)
            puts(problem->text);
        else if (step->done(tutorial))
            return REPLY_GO;
        *err = PZ_OK;
        say(tutorial, step->wrong);
        show_command(step);
    }
}

static enum reply take_step(struct tutorial *tutorial, unsigned number, enum pz_err *err,
                            struct problem *problem)
{
    const struct tutorial_step *step = &tutorial_steps[number];
    enum reply reply;

    printf("\n== %u of %u: %s\n\n", number + 1, tutorial_step_count, step->title);
    say(tutorial, step->text);
    show_command(step);
    reply = run_step(tutorial, step, err, problem);
    if (reply == REPLY_GO && step->question)
        reply = ask_question(tutorial, step);
    if (reply == REPLY_GO) {
        putchar('\n');
        say(tutorial, step->learned);
    }
    return reply;
}

/* ---- All of them ---- */

static unsigned width_of_text(void)
{
    unsigned width = terminal_width(1);

    if (!width || width > WIDTH_USUAL)
        return WIDTH_USUAL;
    return width < WIDTH_LEAST ? WIDTH_LEAST : width;
}

static enum pz_err stopped(const struct tutorial *tutorial, unsigned number,
                           struct problem *problem)
{
    printf("Stopped at step %u; pz tutorial --step %u resumes there.\n", number + 1,
           number + 1);
    if (!tutorial->ended)
        return PZ_OK;
    return problem_set(problem, PZ_FAILED, "the input ended at step %u", number + 1);
}

static enum pz_err take_steps(struct tutorial *tutorial, unsigned first,
                              struct problem *problem)
{
    unsigned skipped = 0, number;
    enum pz_err err = PZ_OK;

    for (number = first; number < tutorial_step_count; number++) {
        enum reply reply = take_step(tutorial, number, &err, problem);

        if (err)
            return err;
        if (reply == REPLY_LEAVE)
            return stopped(tutorial, number, problem);
        skipped += reply == REPLY_SKIP;
    }
    printf("\nDone: %u steps, %u skipped, %u answers shown.\n", number - first, skipped,
           tutorial->told);
    say(tutorial,
        "Next: docs/tour.md is a guided reading of the core; examples/ has the exercises, "
        "and pz grade marks them.");
    return PZ_OK;
}

enum pz_err command_tutorial(const struct options *options, struct problem *problem)
{
    struct tutorial tutorial = {.options = options, .width = width_of_text()};
    enum pz_err err;

    if (options->step > tutorial_step_count)
        return problem_set(problem, PZ_USAGE, "--step: there are %u steps",
                           tutorial_step_count);
    if (options->step < 2)
        say(&tutorial, "Ten minutes with a virtual machine monitor, from running one kernel "
                       "twice to a verdict about an instruction set. Every step is checked.");
    err = take_steps(&tutorial, options->step ? (unsigned)options->step - 1 : 0, problem);
    tutorial_close(&tutorial);
    return err;
}
