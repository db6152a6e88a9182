/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compilejob.h - one run of a compiler behind its wall, or several in one folder: begin, add words,
 * run, end.
 */
#ifndef PZ_TOOLS_SANDBOX_COMPILEJOB_H
#define PZ_TOOLS_SANDBOX_COMPILEJOB_H

#include "tools/host/host.h"

#define COMPILE_SAID (16u << 10) /* bytes of a compiler's output that are kept */

/* What came of one file. */
struct compiled {
    bool built;
    char *said; /* by the compiler, "" for nothing; to be freed */
};

#define COMPILEJOB_WORDS 48u
#define COMPILEJOB_FILES 4u

/* What the compiler may see besides the toolchain, and where it works. */
struct compilejob {
    const char *words[COMPILEJOB_WORDS + 1]; /* its command line */
    unsigned count;
    const char *source;
    const char *place;                   /* where it runs; NULL: here */
    const char *const *headers;          /* patterns below the source tree, NULL at the end */
    const char *files[COMPILEJOB_FILES]; /* more, by their paths */
    char folder[PATH_ROOM]; /* its own directory: temporary files, prelude and output */
    char output[PATH_ROOM + 8];
};

/* Its folder, beside the output that there is to be. */
enum pz_err compilejob_begin(struct compilejob *job, const char *source, const char *output,
                             struct problem *problem) PZ_MUST_CHECK;

void compilejob_add(struct compilejob *job, const char *word);
void compilejob_add_all(struct compilejob *job, const char *const *words);

/* `built` says whether job->output is there now. */
enum pz_err compilejob_run(const struct compilejob *job, struct compiled *compiled,
                           struct problem *problem) PZ_MUST_CHECK;

/* Whatever came of it, `err`: the output to where it belongs; the folder goes. */
enum pz_err compilejob_end(const struct compilejob *job, const char *output, enum pz_err err,
                           const struct compiled *compiled,
                           struct problem *problem) PZ_MUST_CHECK;

#endif
