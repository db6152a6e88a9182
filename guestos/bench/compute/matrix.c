/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * matrix.c - the product of two 48 by 48 integer matrices: multiplications and strided loads.
 */
#include "user.h"

enum { SIZE = 48 };

static int32_t a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];

void compute_setup(void)
{
    uint32_t state = 4;

    for (unsigned i = 0; i < SIZE; i++)
        for (unsigned k = 0; k < SIZE; k++) {
            a[i][k] = (int32_t)(next_random(&state) & 0xfff) - 0x800;
            b[i][k] = (int32_t)(next_random(&state) & 0xfff) - 0x800;
        }
}

uint32_t compute_once(void)
{
    uint32_t sum = 0;

    for (unsigned i = 0; i < SIZE; i++)
        for (unsigned k = 0; k < SIZE; k++) {
            int32_t total = 0;

            for (unsigned n = 0; n < SIZE; n++)
                total += a[i][n] * b[n][k];
            c[i][k] = total;
        }
    for (unsigned i = 0; i < SIZE; i++)
        for (unsigned k = 0; k < SIZE; k++)
            sum = mix(sum, (uint32_t)c[i][k]);
    return sum;
}
