/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check.h - what one check is done with. */
#ifndef PZ_TOOLS_GRADE_CHECK_H
#define PZ_TOOLS_GRADE_CHECK_H

#include "tools/grade/exercise.h"
#include "tools/host/host.h"
#include "tools/sandbox/sandbox.h"

/* What a check needs; paths are absolute, NULL where there is nothing. */
struct grade_run {
    const struct exercise *exercise;
    const struct exercise_check *check;
    const char *guest;        /* an ELF file */
    const char *less;         /* another */
    const char *disk;         /* what is on its disk */
    const char *object;       /* a shared object */
    bool students;            /* the object is, so it gets a process of its own... */
    struct box_limits limits; /* ...with these limits */
    const char *answers;      /* a text file */
};

/*
 * The options that the check's machine has. To be freed with options_free(), whatever comes
 * back.
 */
enum pz_err grade_check_options(const struct grade_run *run, struct options *options,
                                struct problem *problem) PZ_MUST_CHECK;

#endif
