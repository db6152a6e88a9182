/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * string.h - for a compiler without a C library: the four functions that the core uses (runtime.c).
 */
#ifndef PZ_VMM_TYPE1_INCLUDE_STRING_H
#define PZ_VMM_TYPE1_INCLUDE_STRING_H

#include <stddef.h>

void *memcpy(void *to, const void *from, size_t len);
void *memset(void *to, int byte, size_t len);
void *memmove(void *to, const void *from, size_t len);
int memcmp(const void *a, const void *b, size_t len);

/* For compilers to put short ones inline, as they do where there is a C library. */
#define memcpy __builtin_memcpy
#define memset __builtin_memset

#endif
