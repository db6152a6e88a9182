/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guests.h - the location of the bundled guests. */
#ifndef PZ_TOOLS_HOST_GUESTS_H
#define PZ_TOOLS_HOST_GUESTS_H

#include <stddef.h>

#include "tools/base/base.h"

#define GUESTS_DEFAULT "mini.elf"

/* The directory: the environment's PZ_GUESTS, else the one beside the program (home.h). */
enum pz_err guests_directory(char *path, size_t room, struct problem *problem) PZ_MUST_CHECK;

/* The path of a bundled guest. A problem, with what to do, when it is not there. */
enum pz_err guests_find(const char *name, char *path, size_t room,
                        struct problem *problem) PZ_MUST_CHECK;

/* Is this file below the directory? */
bool guests_bundled(const char *path) PZ_MUST_CHECK;

#endif
