/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * problem.h - how a tool reports a failure: a kind, which is also the exit code, and a sentence
 * that says what failed, why, and what to do. Functions describe, only pz_main() prints, so that
 * tests can examine the sentence.
 */
#ifndef PZ_TOOLS_BASE_PROBLEM_H
#define PZ_TOOLS_BASE_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isa/attribute.h"

#define PROBLEM_TEXT 480

/* The exit codes of pz. */
enum pz_err {
    PZ_OK = 0,
    PZ_FAILED = 1, /* a guest failed, or a check did */
    PZ_USAGE = 2,  /* the command line or a file named on it is wrong */
    PZ_HOST = 3,   /* the host refused: memory, files, libraries */
};

struct problem {
    char text[PROBLEM_TEXT]; /* "" when everything worth saying has been said */
};

/* Set the text; returns `err`, so that it can be the last line of whoever failed. */
enum pz_err problem_set(struct problem *problem, enum pz_err err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As problem_set(PZ_HOST), for memory that the host did not give. */
enum pz_err problem_memory(struct problem *problem, const char *what);

/* Put "<subject>: " in front of the text. */
void problem_prefix(struct problem *problem, const char *subject);

#endif
