/* SPDX-License-Identifier: GPL-2.0-or-later */
/* folder.h - folders for files that a session stores, which go with it. */
#ifndef PZ_TOOLS_WEB_FOLDER_H
#define PZ_TOOLS_WEB_FOLDER_H

#include "tools/base/base.h"

/* Make one, with a name of its own, in $TMPDIR or /tmp. `path` gets its name, or "". */
enum pz_err folder_make(char path[PATH_ROOM], struct problem *problem) PZ_MUST_CHECK;

/* With all that is in it; nothing if `path` is "". */
void folder_remove(const char *path);

#endif
