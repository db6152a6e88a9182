/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memtest.c - memtest [KiB]: fills memory with patterns and reads them back; then gives it back
 * to the kernel, takes it again, and expects zeros.
 */
#include "user.h"

enum { DEFAULT_KIB = 256 };

/* Different at each word, and not the same word shifted. */
static uint32_t pattern(uint32_t i, uint32_t pass)
{
    return pass % 2 ? ~(i * 2654435761u) : i * 2654435761u;
}

static uint32_t count_wrong(const uint32_t *words, uint32_t n, uint32_t pass)
{
    uint32_t wrong = 0;

    for (uint32_t i = 0; i < n; i++)
        wrong += words[i] != pattern(i, pass);
    return wrong;
}

static uint32_t test_patterns(uint32_t *words, uint32_t n)
{
    uint32_t wrong = 0;

    for (uint32_t pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < n; i++)
            words[i] = pattern(i, pass);
        wrong += count_wrong(words, n, pass);
    }
    return wrong;
}

static uint32_t count_nonzero(const uint32_t *words, uint32_t n)
{
    uint32_t nonzero = 0;

    for (uint32_t i = 0; i < n; i++)
        nonzero += words[i] != 0;
    return nonzero;
}

int main(int argc, char **argv)
{
    uint32_t kib = number_argument(argc, argv, DEFAULT_KIB);
    uint32_t n = kib * 1024 / sizeof(uint32_t);
    uint32_t *words = sbrk(kib <= INT32_MAX / 1024 ? (int)(kib * 1024) : INT32_MAX);
    uint32_t wrong;

    if (is_error(words)) {
        dprintf(2, "memtest: %u KiB: out of memory\n", kib);
        return 1;
    }
    wrong = count_nonzero(words, n) + test_patterns(words, n);
    sbrk(-(int)(kib * 1024));
    words = sbrk((int)(kib * 1024));
    wrong += is_error(words) ? n : count_nonzero(words, n);
    printf("memtest: %u KiB, %u wrong words\n", kib, wrong);
    return wrong != 0;
}
