/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.h - whole files, read into memory, with a distinct error for every kind of failure. Callers
 * interpret the bytes.
 */
#ifndef PZ_TOOLS_BASE_FILE_H
#define PZ_TOOLS_BASE_FILE_H

#include <stddef.h>

#include "tools/base/problem.h"

struct file {
    uint8_t *bytes; /* NULL when there are none */
    size_t len;
};

/* At most `most` bytes; a longer file is refused. Problems do not name the file. */
enum pz_err file_read(const char *path, size_t most, struct file *file,
                      struct problem *problem) PZ_MUST_CHECK;
void file_free(struct file *file);

#endif
