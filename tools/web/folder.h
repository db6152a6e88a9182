/* SPDX-License-Identifier: GPL-2.0-or-later */
/* folder.h - folders for files that a session stores, which go with it. */
#ifndef PZ_TOOLS_WEB_FOLDER_H
#define PZ_TOOLS_WEB_FOLDER_H

#include "tools/base/base.h"

struct folder {
    char path[PATH_ROOM]; /* "": there is none */
    int lock;             /* held while it is in use */
};

/*
 * Make one, with a name of its own, in $TMPDIR or /tmp. Those whose owners were killed are removed
 * there first.
 */
enum pz_err folder_make(struct folder *folder, struct problem *problem) PZ_MUST_CHECK;

/* With all that is in it; nothing if there is none. */
void folder_remove(struct folder *folder);

#endif
