/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unistd.h - the C library's, with what it lacks: there are no users and no holes in files. */
#ifndef PZ_WASM_UNISTD_H
#define PZ_WASM_UNISTD_H

#include_next <unistd.h>

#define SEEK_DATA 3 /* refused by lseek(), as where a file system cannot tell */
#define SEEK_HOLE 4

uid_t geteuid(void);

#endif
