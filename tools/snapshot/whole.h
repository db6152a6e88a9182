/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * whole.h - a file that is there as a whole or not at all: it is written under a temporary name
 * beside its own, which it gets when the disk has all of it.
 */
#ifndef PZ_TOOLS_SNAPSHOT_WHOLE_H
#define PZ_TOOLS_SNAPSHOT_WHOLE_H

#include <signal.h>
#include <stdio.h>

#include "tools/base/base.h"

struct whole {
    FILE *file;
    const char *path; /* not copied */
    char *temporary;
    struct sigaction before; /* what a file that is too large did */
};

/* To be closed whatever comes back. */
enum pz_err whole_open(struct whole *whole, const char *path,
                       struct problem *problem) PZ_MUST_CHECK;

/* With `err` the temporary file is removed, and nothing else is done. `bytes`: its size. */
enum pz_err whole_close(struct whole *whole, enum pz_err err, uint64_t *bytes,
                        struct problem *problem) PZ_MUST_CHECK;

/* The problem of a write that failed: errno says why. */
enum pz_err whole_failed(const struct whole *whole, struct problem *problem);

#endif
