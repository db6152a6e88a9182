/* SPDX-License-Identifier: GPL-2.0-or-later */
/* queens.c - queens [N]: in how many ways N queens stand on a board without attacking another. */
#include "user.h"

/* Bits are columns: taken ones, and what the diagonals attack in this row. */
static uint32_t place(uint32_t all, uint32_t columns, uint32_t left, uint32_t right)
{
    uint32_t ways = 0;

    if (columns == all)
        return 1;
    for (uint32_t free = all & ~(columns | left | right); free; free &= free - 1) {
        uint32_t bit = free & -free;

        ways += place(all, columns | bit, (left | bit) << 1, (right | bit) >> 1);
    }
    return ways;
}

int main(int argc, char **argv)
{
    uint32_t n = number_argument(argc, argv, 8);

    if (n < 1 || n > 16) {
        dprintf(2, "queens: 1 to 16\n");
        return 2;
    }
    printf("%u queens: %u ways\n", n, place((1u << n) - 1, 0, 0, 0));
    return 0;
}
