/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * runtime.c - what a C program needs beneath it and has not here: the four functions of string.h
 * that the core uses, and what the compiler calls for 64-bit numbers: division, and shifts by a
 * variable.
 */
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *to, const void *from, size_t len);
void *memset(void *to, int byte, size_t len);
void *memmove(void *to, const void *from, size_t len);
int memcmp(const void *a, const void *b, size_t len);
uint64_t __udivdi3(uint64_t n, uint64_t d);
uint64_t __umoddi3(uint64_t n, uint64_t d);
uint64_t __ashldi3(uint64_t n, int by);
uint64_t __lshrdi3(uint64_t n, int by);

/* May both be copied word by word? */
static int aligned(const void *a, const void *b)
{
    return !(((uintptr_t)a | (uintptr_t)b) & 3);
}

/* Four words at a time: a hart's registers are copied at each exit. */
static size_t copy_words(uint32_t *out, const uint32_t *in, size_t len)
{
    size_t left = len;

    for (; left >= 16; left -= 16, out += 4, in += 4) {
        uint32_t a = in[0], b = in[1], c = in[2], d = in[3];

        out[0] = a;
        out[1] = b;
        out[2] = c;
        out[3] = d;
    }
    for (; left >= 4; left -= 4)
        *out++ = *in++;
    return len - left;
}

void *memcpy(void *to, const void *from, size_t len)
{
    size_t done = aligned(to, from) ? copy_words(to, from, len) : 0;
    uint8_t *out = (uint8_t *)to + done;
    const uint8_t *in = (const uint8_t *)from + done;

    for (len -= done; len--;)
        *out++ = *in++;
    return to;
}

void *memset(void *to, int byte, size_t len)
{
    uint8_t *out = to;
    uint32_t word = (uint8_t)byte * 0x01010101u;

    if (aligned(to, to)) {
        uint32_t *words = to;

        for (; len >= 16; len -= 16, words += 4)
            words[0] = words[1] = words[2] = words[3] = word;
        for (; len >= 4; len -= 4)
            *words++ = word;
        out = (uint8_t *)words;
    }
    while (len--)
        *out++ = (uint8_t)byte;
    return to;
}

void *memmove(void *to, const void *from, size_t len)
{
    uint8_t *out = to;
    const uint8_t *in = from;

    if (out <= in || out >= in + len)
        return memcpy(to, from, len);
    while (len--)
        out[len] = in[len];
    return to;
}

int memcmp(const void *a, const void *b, size_t len)
{
    const uint8_t *x = a, *y = b;

    for (; len--; x++, y++)
        if (*x != *y)
            return *x - *y;
    return 0;
}

/* One bit of the quotient after another. Division by zero gives all ones, as the CPU's does. */
static uint64_t divide(uint64_t n, uint64_t d, uint64_t *rest)
{
    uint64_t quotient = 0, left = 0;

    for (int bit = 63; bit >= 0; bit--) {
        left = left << 1 | (n >> bit & 1);
        quotient <<= 1;
        if (left >= d) {
            left -= d;
            quotient |= 1;
        }
    }
    *rest = left;
    return quotient;
}

uint64_t __udivdi3(uint64_t n, uint64_t d)
{
    uint64_t rest;

    if (!(n >> 32) && !(d >> 32) && d)
        return (uint32_t)n / (uint32_t)d;
    return divide(n, d, &rest);
}

uint64_t __umoddi3(uint64_t n, uint64_t d)
{
    uint64_t rest;

    if (!(n >> 32) && !(d >> 32) && d)
        return (uint32_t)n % (uint32_t)d;
    (void)divide(n, d, &rest);
    return rest;
}

/* `by` is 0 to 63. By halves: a shift of the whole would be a call of this function. */
uint64_t __ashldi3(uint64_t n, int by)
{
    uint32_t low = (uint32_t)n, high = (uint32_t)(n >> 32);

    if (by >= 32)
        return (uint64_t)(low << (by - 32)) << 32;
    if (by)
        high = high << by | low >> (32 - by);
    return (uint64_t)high << 32 | low << by;
}

uint64_t __lshrdi3(uint64_t n, int by)
{
    uint32_t low = (uint32_t)n, high = (uint32_t)(n >> 32);

    if (by >= 32)
        return high >> (by - 32);
    if (by)
        low = low >> by | high << (32 - by);
    return (uint64_t)(high >> by) << 32 | low;
}
