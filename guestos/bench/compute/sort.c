/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sort.c - quicksort of 4096 integers: unpredictable branches, and recursion. */
#include "user.h"

enum { COUNT = 4096, SMALL = 12 };

static uint32_t source[COUNT], work[COUNT];

void compute_setup(void)
{
    uint32_t state = 1;

    for (unsigned i = 0; i < COUNT; i++)
        source[i] = next_random(&state);
}

static void insertion_sort(uint32_t *low, uint32_t *high)
{
    for (uint32_t *at = low + 1; at <= high; at++) {
        uint32_t value = *at, *to = at;

        for (; to > low && to[-1] > value; to--)
            *to = to[-1];
        *to = value;
    }
}

static void quicksort(uint32_t *low, uint32_t *high)
{
    uint32_t pivot = low[(high - low) / 2], *i = low, *j = high;

    if (high - low < SMALL) {
        insertion_sort(low, high);
        return;
    }
    while (i <= j) {
        while (*i < pivot)
            i++;
        while (*j > pivot)
            j--;
        if (i <= j) {
            uint32_t value = *i;

            *i++ = *j;
            *j-- = value;
        }
    }
    if (low < j)
        quicksort(low, j);
    if (i < high)
        quicksort(i, high);
}

uint32_t compute_once(void)
{
    uint32_t sum = 0;

    memcpy(work, source, sizeof work);
    quicksort(work, work + COUNT - 1);
    for (unsigned i = 0; i < COUNT; i++)
        sum = mix(sum, work[i]);
    return sum;
}
