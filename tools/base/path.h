/* SPDX-License-Identifier: GPL-2.0-or-later */
/* path.h - file names, assembled in the caller's buffer. */
#ifndef PZ_TOOLS_BASE_PATH_H
#define PZ_TOOLS_BASE_PATH_H

#include <stddef.h>

#define PATH_ROOM 4096

/* Format a path, like snprintf(); one that is too long becomes "", which names no file. */
void path_format(char *path, size_t room, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
