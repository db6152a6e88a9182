/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exercise.h - what an exercise is: a folder examples/NN-name with a README.md, the files that a
 * student begins with, guests, and grader.json, which says what is checked and what it is worth
 * (examples/README.md has its fields). Running the checks is left to grade.h.
 */
#ifndef PZ_TOOLS_GRADE_EXERCISE_H
#define PZ_TOOLS_GRADE_EXERCISE_H

#include <jansson.h>
#include <stdint.h>

#include "tools/base/base.h"

#define EXERCISE_NAME 64
#define EXERCISE_FILES 8u
#define EXERCISE_LIMIT_DEFAULT 1000000u /* instructions of one run */
#define EXERCISE_SECONDS_DEFAULT 10u    /* of the host's CPU, for one check */
#define EXERCISE_MEMORY_DEFAULT 1024u   /* MiB of address space, for one check */

/* What a file of the student's is. */
enum exercise_kind {
    EXERCISE_PART,    /* *.c: parts of the monitor (vmm/parts.def) */
    EXERCISE_GUEST,   /* *.S: a guest's program */
    EXERCISE_PROGRAM, /* *.c with a `system`: a program of that, which is a guest */
    EXERCISE_ANSWERS, /* *.txt: lines "key: value" */
};

struct exercise_file {
    const char *name;
    enum exercise_kind kind;
    const json_t *parts;  /* names of parts that it must have */
    const json_t *forbid; /* names of the core that it may not use */
    const char *system;   /* of EXERCISE_PROGRAM */
};

/* How a check is done. */
enum exercise_check_kind {
    EXERCISE_PASS, /* the guest, which checks itself, comes to a good end under the monitor */
    EXERCISE_SAME, /* it is the same bare and under the monitor, trap by trap */
    EXERCISE_DIFFERS,   /* its console is not: it has told one from the other */
    EXERCISE_RUN,       /* it comes to what `expect` says */
    EXERCISE_ANSWER,    /* an answer is right */
    EXERCISE_TECHNIQUE, /* an answer is the technique that a bill is from (bill.h) */
    EXERCISE_PROOF,     /* an answer is a figure that proves which one it is */
    EXERCISE_NEST,      /* an answer is a figure of a run inside monitors of type 1 (nest.h) */
    EXERCISE_WALKS,     /* a part walks random tables as the specification does (walks.h) */
    EXERCISE_CHECK_KINDS,
};

struct exercise_check {
    const char *name, *hint;
    enum exercise_check_kind kind;
    uint64_t points;
    const char *guest; /* NULL: none */
    const char *disk;  /* NULL: none; a bundled file, whose writes are not kept */
    const char *part;  /* the file whose parts are used; NULL: the monitor's own */
    const json_t *args;
    uint64_t limit;       /* instructions */
    const json_t *expect; /* of EXERCISE_PASS and EXERCISE_RUN; may be NULL */
    const json_t *walks;  /* of EXERCISE_WALKS: what their tables are made with */
    const json_t *answer; /* of EXERCISE_ANSWER, _TECHNIQUE, _PROOF and _NEST */

    /* Of EXERCISE_NEST. */
    uint64_t depth;
    bool no_accel;
    const char *less; /* the figure of this guest is subtracted; NULL: none */
    uint64_t per;     /* and the rest divided by this */
};

/* Is it a question about runs, each of which has a machine of its own? */
static inline bool exercise_asks_runs(const struct exercise_check *check)
{
    return check->kind >= EXERCISE_TECHNIQUE && check->kind <= EXERCISE_NEST;
}

struct exercise {
    char name[EXERCISE_NAME]; /* of the folder */
    char folder[PATH_ROOM];   /* its path */
    json_t *document;         /* grader.json: the strings here are its */
    const char *title;
    struct exercise_file files[EXERCISE_FILES];
    unsigned file_count;
    struct exercise_check *checks;
    unsigned check_count;
    uint64_t points;          /* of all checks */
    uint64_t seconds, memory; /* limits of a check on the host; MiB */
};

/*
 * By name or number ("03-sret", "03", "3", "sret"). Unknown ones: the nearest is suggested. To be
 * closed whatever comes back.
 */
enum pz_err exercise_open(struct exercise *exercise, const char *name,
                          struct problem *problem) PZ_MUST_CHECK;
void exercise_close(struct exercise *exercise);

/* The names of all, sorted; to be freed one by one, and the list. */
enum pz_err exercise_list(char ***names, unsigned *count,
                          struct problem *problem) PZ_MUST_CHECK;
void exercise_list_free(char **names, unsigned count);

/* The student's file of this name; NULL: none, so it is the exercise's own. */
const struct exercise_file *exercise_file(const struct exercise *exercise, const char *name);

#endif
