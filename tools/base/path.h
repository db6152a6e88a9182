/* SPDX-License-Identifier: GPL-2.0-or-later */
/* path.h - names of files, put together in the caller's buffer. */
#ifndef PZ_TOOLS_BASE_PATH_H
#define PZ_TOOLS_BASE_PATH_H

#include <stddef.h>

#define PATH_ROOM 4096

/* Put a path together, as snprintf(); one that is too long becomes "", which no file is called. */
void path_format(char *path, size_t room, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
