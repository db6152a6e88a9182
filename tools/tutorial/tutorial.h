/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tutorial.h - `pz tutorial`: steps, each with a command to run, a check that it did what the
 * text says, and mostly a question whose answer the machine knows. steps.c has
 * the steps, tutorial.c asks, run.c runs commands.
 */
#ifndef PZ_TOOLS_TUTORIAL_TUTORIAL_H
#define PZ_TOOLS_TUTORIAL_TUTORIAL_H

#include "tools/debug/debug.h"
#include "tools/host/host.h"

#define TUTORIAL_ANSWER 64u

struct tutorial {
    const struct options *options;
    unsigned width; /* of text */

    /* What the last command wrote, and how it ended. Freed by the next. */
    char *output;
    int status;

    /* One debugger for all steps that need one; NULL before the first. */
    struct debug *debug;
    struct options debug_options;
    uint64_t noted; /* a step's own: a hash, a count */

    unsigned told; /* answers that had to be told */
    bool ended;    /* no more input */
};

struct tutorial_step {
    const char *title;
    const char *text;    /* paragraphs */
    const char *command; /* "run ...": a verb of pz; "(trap": lines for the debugger */
    const char *wrong;   /* said when the command was another, or came to something else */
    bool (*done)(struct tutorial *tutorial);

    /* NULL: nothing is asked. `expect` writes the right answer; false: it could not be found. */
    const char *question, *hint;
    bool (*expect)(struct tutorial *tutorial, char answer[TUTORIAL_ANSWER]);

    const char *learned; /* said at the end */
};

extern const struct tutorial_step tutorial_steps[];
extern const unsigned tutorial_step_count;

/* run.c: a line as the user typed it, with or without "pz" in front; shown and kept. */
enum pz_err tutorial_run(struct tutorial *tutorial, const char *line,
                         struct problem *problem) PZ_MUST_CHECK;

/* The same, not shown: the document that the command prints with --json, or NULL. */
json_t *tutorial_ask(struct tutorial *tutorial, const char *line);

/* A line or more for the debugger, opened at the first; shown and kept. */
enum pz_err tutorial_debug(struct tutorial *tutorial, const char *lines,
                           struct problem *problem) PZ_MUST_CHECK;

void tutorial_close(struct tutorial *tutorial);

/* `pz tutorial`. */
enum pz_err command_tutorial(const struct options *options, struct problem *problem);

#endif
