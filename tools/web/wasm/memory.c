/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory.c - memcmp() by words: the C library's looks at one byte after another, and pz compares
 * whole memories. Copying and filling are instructions of WebAssembly.
 */
#include <stdint.h>
#include <string.h>

/* WebAssembly reads words from any address. */
typedef uint64_t word __attribute__((aligned(1), may_alias));

int memcmp(const void *left, const void *right, size_t len)
{
    const uint8_t *a = left, *b = right;

    for (; len >= 8; len -= 8, a += 8, b += 8)
        if (*(const word *)a != *(const word *)b)
            break;
    for (; len; len--, a++, b++)
        if (*a != *b)
            return *a - *b;
    return 0;
}
