/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory.c - what of the C library would be slow here. memcmp() by words: the library's looks at
 * one byte after another, and pz compares whole memories. Memory of zeros: what the module has just
 * got from its host has zeros in it already, and filling it with them again would have the host
 * find every page of it, for guests that use few. Growing: each time the host makes a new view of
 * the whole memory and collects garbage, and the library grows by 64 KiB. Copying and filling are
 * instructions of WebAssembly.
 */
#include "tools/web/wasm/memory.h"

#include <errno.h>
#include <stdbool.h>
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

/* ---- Growing ---- */

#define WASM_PAGE 65536u
#define GROWTH (16u << 20) /* bytes at least; what is not used is not found by the host */

static uintptr_t taken; /* below, memory is the allocator's; 0: nobody has asked yet */

static uintptr_t memory_end(void)
{
    return __builtin_wasm_memory_size(0) * WASM_PAGE;
}

static bool grow(uintptr_t bytes)
{
    return __builtin_wasm_memory_grow(0, (bytes + WASM_PAGE - 1) / WASM_PAGE) != SIZE_MAX;
}

/* In the place of sbrk(), which the allocator gets memory by: the linker is told so. */
void *__wrap_sbrk(intptr_t increment);
void *__wrap_sbrk(intptr_t increment)
{
    uintptr_t old = taken ? taken : memory_end(), room = memory_end() - old;
    size_t len = (size_t)increment;

    if (increment < 0 ||
        (len > room && !(len - room < GROWTH && grow(GROWTH)) && !grow(len - room))) {
        errno = ENOMEM;
        return (void *)-1;
    }
    taken = old + len;
    return (void *)old;
}

/* ---- Zeros ---- */

static uintptr_t taken_end(void)
{
    return taken ? taken : memory_end();
}

/* The allocator writes around a piece of memory, never into it: what is new of it is still zero. */
void *memory_zeros(size_t align, size_t len)
{
    uintptr_t end = taken_end();
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
