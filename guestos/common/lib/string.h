/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * string.h - the few string and memory functions that the kernel and the programs share. The
 * four mem* functions are also the ones that the compiler calls on its own.
 */
#ifndef COMMON_STRING_H
#define COMMON_STRING_H

#include <stddef.h>

void *memset(void *dst, int byte, size_t n);
void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);

/* Copy at most size - 1 bytes and always terminate. True when all of src fitted. */
int copy_name(char *dst, const char *src, size_t size);

#endif
