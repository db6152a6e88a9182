/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tutorial.h - `pz tutorial`: steps, each with a command to run, a check that it did what the
 * text says, and usually a question whose answer is computed. steps.c has the steps, tutorial.c
 * asks, run.c runs commands.
 */
#ifndef PZ_TOOLS_TUTORIAL_TUTORIAL_H
#define PZ_TOOLS_TUTORIAL_TUTORIAL_H

#include "tools/debug/debug.h"
#include "tools/host/host.h"

#define TUTORIAL_ANSWER 64u

struct tutorial {
    const struct options *options;
    unsigned width; /* of text */

    /* Output and exit code of the last command; the next one frees the output. */
    char *output;
    int status;

    /* One debugger for all steps that need one; NULL before the first. */
    struct debug *debug;
    struct options debug_options;
    uint64_t noted; /* private to a step: a hash, a count */

    unsigned told; /* answers that had to be shown */
    bool ended;    /* no more input */
};

struct tutorial_step {
    const char *title;
    const char *text;    /* paragraphs */
    const char *command; /* "run ...": a verb of pz; "(trap": lines for the debugger */
    const char *wrong;   /* shown if the user's command did not do what `done` checks */
    bool (*done)(struct tutorial *tutorial);

    /*
     * NULL: no question. `expect` writes the right answer; false: it could not be determined.
     */
    const char *question, *hint;
    bool (*expect)(struct tutorial *tutorial, char answer[TUTORIAL_ANSWER]);

    const char *learned; /* shown at the end */
};

extern const struct tutorial_step tutorial_steps[];
extern const unsigned tutorial_step_count;

/*
 * run.c: runs a line as the user typed it, with or without a leading "pz"; its output is shown
 * and kept.
 */
enum pz_err tutorial_run(struct tutorial *tutorial, const char *line,
                         struct problem *problem) PZ_MUST_CHECK;

/* The same without showing it: the document that the command prints with --json, or NULL. */
json_t *tutorial_ask(struct tutorial *tutorial, const char *line);

/*
 * Runs one or more debugger commands; the first call opens the debugger. Output is shown and
 * kept.
 */
enum pz_err tutorial_debug(struct tutorial *tutorial, const char *lines,
                           struct problem *problem) PZ_MUST_CHECK;

void tutorial_close(struct tutorial *tutorial);

/* `pz tutorial`. */
enum pz_err command_tutorial(const struct options *options, struct problem *problem);

#endif
