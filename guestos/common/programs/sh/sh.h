/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sh.h - between the shell's two halves: parse.c turns a line into jobs, sh.c runs them.
 */
#ifndef COMMON_SH_H
#define COMMON_SH_H

#include "user.h"

enum { LINE_SIZE = 512, MAX_STAGES = 8 };

/* One program of a pipeline. */
struct command {
    int argc;
    char *argv[MAX_ARGS + 1];
    char *input, *output; /* < and > or >>; NULL if not redirected */
    bool append;
};

/* Programs joined by pipes, up to the next ; or & or the end. */
struct job {
    int stages;
    struct command stage[MAX_STAGES];
    bool background;
};

struct parser {
    const char *at;            /* what is not parsed yet */
    char words[2 * LINE_SIZE]; /* the words found so far, quotes gone, each with its zero */
    uint32_t used;
};

void parse_start(struct parser *p, const char *line);

/* The next job; false when the line is done. Prints what is wrong and sets *error. */
bool parse_job(struct parser *p, struct job *job, bool *error);

#endif
