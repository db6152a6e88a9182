/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stdlib.h - the C library's, with what it lacks of files. */
#ifndef PZ_WASM_STDLIB_H
#define PZ_WASM_STDLIB_H

#include_next <stdlib.h>

char *realpath(const char *restrict name, char *restrict path);
int mkostemp(char *template, int flags);
char *mkdtemp(char *template);

#endif
