/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fcntl.h - the C library's, with the holes in files that it lacks: it says that there are none. */
#ifndef PZ_WASM_FCNTL_H
#define PZ_WASM_FCNTL_H

#include_next <fcntl.h>

#define FALLOC_FL_KEEP_SIZE 1
#define FALLOC_FL_PUNCH_HOLE 2

int fallocate(int fd, int mode, off_t at, off_t len);

#endif
