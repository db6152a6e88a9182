/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * string.c - memory and string functions, linked into the kernel and into every program. Whole
 * pages are cleared and copied often, so memset and memcpy move aligned words eight at a time;
 * the rest is as plain as it can be.
 */
#include "string.h"

#include <stdint.h>

enum { WORD = sizeof(uint32_t), BLOCK = 8 * WORD };

static int is_aligned(const void *p)
{
    return (uintptr_t)p % WORD == 0;
}

static uint32_t *set_blocks(uint32_t *d, uint32_t v, size_t blocks)
{
    for (; blocks > 0; blocks--, d += 8) {
        d[0] = v, d[1] = v, d[2] = v, d[3] = v;
        d[4] = v, d[5] = v, d[6] = v, d[7] = v;
    }
    return d;
}

void *memset(void *dst, int byte, size_t n)
{
    unsigned char *d = dst;

    if (is_aligned(d)) {
        d = (unsigned char *)set_blocks(dst, (uint8_t)byte * 0x01010101u, n / BLOCK);
        n %= BLOCK;
    }
    while (n-- > 0)
        *d++ = (unsigned char)byte;
    return dst;
}

static void copy_blocks(uint32_t *d, const uint32_t *s, size_t blocks)
{
    for (; blocks > 0; blocks--, d += 8, s += 8) {
        d[0] = s[0], d[1] = s[1], d[2] = s[2], d[3] = s[3];
        d[4] = s[4], d[5] = s[5], d[6] = s[6], d[7] = s[7];
    }
}

void *memcpy(void *dst, const void *src, size_t n)
{
    unsigned char *d = dst;
    const unsigned char *s = src;

    if (is_aligned(d) && is_aligned(s)) {
        size_t whole = n - n % BLOCK;

        copy_blocks(dst, src, n / BLOCK);
        d += whole, s += whole, n -= whole;
    }
    while (n-- > 0)
        *d++ = *s++;
    return dst;
}

void *memmove(void *dst, const void *src, size_t n)
{
    unsigned char *d = dst;
    const unsigned char *s = src;

    if (d <= s || d >= s + n)
        return memcpy(dst, src, n);
    while (n-- > 0)
        d[n] = s[n];
    return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
    const unsigned char *p = a, *q = b;

    for (; n > 0; n--, p++, q++)
        if (*p != *q)
            return *p - *q;
    return 0;
}

size_t strlen(const char *s)
{
    size_t n = 0;

    while (s[n])
        n++;
    return n;
}

int strncmp(const char *a, const char *b, size_t n)
{
    for (; n > 0; n--, a++, b++)
        if (*a != *b || !*a)
            return (unsigned char)*a - (unsigned char)*b;
    return 0;
}

int strcmp(const char *a, const char *b)
{
    return strncmp(a, b, SIZE_MAX);
}

char *strchr(const char *s, int c)
{
    for (; *s != (char)c; s++)
        if (!*s)
            return NULL;
    return (char *)s;
}

int copy_name(char *dst, const char *src, size_t size)
{
    size_t n = strlen(src);
    size_t kept = n < size ? n : size - 1;

    memcpy(dst, src, kept);
    dst[kept] = '\0';
    return kept == n;
}
