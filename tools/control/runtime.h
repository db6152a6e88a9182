/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * runtime.h - where the sockets of runs are found by name: $XDG_RUNTIME_DIR/page-zero, or
 * /tmp/page-zero-UID. It must belong to the user, and only the user may write to it.
 */
#ifndef PZ_TOOLS_CONTROL_RUNTIME_H
#define PZ_TOOLS_CONTROL_RUNTIME_H

#include "tools/base/base.h"

#define RUNTIME_PATH (LOCALSOCKET_PATH + 1)
#define RUNTIME_SUFFIX ".sock"
#define RUNTIME_TEMPORARY 16 /* bytes of the name of a file there that goes soon */

/* The directory, made if there is none. */
enum pz_err runtime_directory(char path[RUNTIME_PATH], struct problem *problem) PZ_MUST_CHECK;

/* The socket of a name, or of unix:PATH. */
enum pz_err runtime_socket(const char *name, char path[RUNTIME_PATH],
                           struct problem *problem) PZ_MUST_CHECK;

#endif
