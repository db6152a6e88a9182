/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory.c - what of the C library would be slow here. memcmp() by words: the library's looks at
 * one byte after another, and pz compares whole memories. Memory of zeros: what the module has just
 * got from its host has zeros in it already, and filling it with them again would have the host
 * find every page of it, for guests that use few. Copying and filling are instructions of
 * WebAssembly.
 */
#include "tools/web/wasm/memory.h"

#include <stdint.h>
#include <stdlib.h>
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

static uintptr_t memory_end(void)
{
    return __builtin_wasm_memory_size(0) * 65536u;
}

/* The allocator writes around a piece of memory, never into it: what is new of it is still zero. */
void *memory_zeros(size_t align, size_t len)
{
    uintptr_t end = memory_end();
    uint8_t *bytes = aligned_alloc(align, len);

    if (bytes && (uintptr_t)bytes < end)
        memset(bytes, 0, end - (uintptr_t)bytes < len ? end - (uintptr_t)bytes : len);
    return bytes;
}

/* In the place of calloc(): the linker is told so. */
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
    size_t len;

    return __builtin_mul_overflow(count, size, &len) ? NULL : memory_zeros(16, len);
}
