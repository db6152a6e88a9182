/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * grade.h - a student's files against an exercise: built, each check run in a process of its own
 * (box.h) with the student's code in another beside it (partproc.h), and one result, which all
 * writers (write.h) take their figures from.
 */
#ifndef PZ_TOOLS_GRADE_GRADE_H
#define PZ_TOOLS_GRADE_GRADE_H

#include "tools/grade/exercise.h"
#include "tools/host/host.h"

/* How one check came out. */
enum grade_outcome {
    GRADE_PASS,
    GRADE_FAIL,
    GRADE_CRASH,     /* the student's code got a signal */
    GRADE_TIME,      /* it did not come back, or was not run since others did not */
    GRADE_FORBIDDEN, /* it tried what a part may not: a file, another process, the network */
    GRADE_EXIT,      /* it ended its process */
    GRADE_FORGED,    /* it said or did what no part may */
    GRADE_UNBUILT,   /* there was nothing to run */
    GRADE_OUTCOMES,
};

struct grade_check {
    const struct exercise_check *check;
    enum grade_outcome outcome;
    uint64_t points;                /* given: all of the check's or none */
    char *message, *expected, *got; /* "" when there is nothing to say */
    char *printed;                  /* by the student's code */
    char replay[PATH_ROOM];         /* a recording that shows it; "" for none */
    uint64_t retired;               /* where it shows: instructions of VM 0; 0: not known */
};

/* A file of the student's. */
struct grade_file {
    char path[PATH_ROOM];
    bool given, built;
    char *said; /* by the compiler */
};

struct grade {
    const struct exercise *exercise;
    struct grade_file files[EXERCISE_FILES]; /* in the exercise's order */
    struct grade_check *checks;              /* in the exercise's order */
    uint64_t points;
    uint64_t cpu_ms;        /* that the student's code has used in all checks so far */
    bool endless;           /* one of them has not come back */
    char folder[PATH_ROOM]; /* for what is built */
};

/*
 * Grade the files: each is one of the exercise's by its name, else by its kind, or a folder with
 * all. Without any, they are looked for in the current folder. Replay files go to `replays`, none
 * are written if it is NULL. `key` makes their names differ from other submissions'. To be closed
 * whatever comes back.
 */
enum pz_err grade_open(struct grade *grade, const struct exercise *exercise,
                       const char *const *files, unsigned count, const char *replays,
                       const char *key, struct problem *problem) PZ_MUST_CHECK;
void grade_close(struct grade *grade);

/* Words for programs ("pass", "fail", "crash"...). */
const char *grade_outcome_name(enum grade_outcome outcome);

/* Did all the student's files compile? */
bool grade_built(const struct grade *grade);

/* `pz grade`. */
enum pz_err command_grade(const struct options *options, struct problem *problem);

/* The names of the formats of --format (write.h). */
extern const char *const grade_format_names[];
extern const unsigned grade_format_count;

#endif
