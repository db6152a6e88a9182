/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fileread.c - fileread [N]: opens `sh`, a file of many pages, and reads it to its end, N times,
 * 4 KiB a call; all readings have to be the same. Reports the time of a call.
 */
#include "user.h"

enum { DEFAULT_READS = 20, BLOCK = 4096, MIX = 31 };

static uint32_t block[BLOCK / sizeof(uint32_t)];

/* Reads all of it; the sum of its words, or false. */
static bool read_file(const char *name, uint32_t *sum, uint32_t *calls)
{
    int fd = open(name, O_READ);
    int n;

    if (fd < 0)
        return false;
    *sum = 0;
    while ((n = read(fd, block, sizeof(block))) > 0) {
        for (uint32_t i = 0; i < (uint32_t)n / sizeof(uint32_t); i++)
            *sum = *sum * MIX + block[i];
        ++*calls;
    }
    close(fd);
    return n == 0;
}

int main(int argc, char **argv)
{
    uint32_t n = number_argument(argc, argv, DEFAULT_READS);
    uint32_t first, sum, calls = 0;

    if (!read_file("sh", &first, &calls) || calls == 0) {
        dprintf(2, "fileread: sh: cannot be read\n");
        return 1;
    }
    calls = 0;
    measure_start();
    for (uint32_t i = 0; i < n; i++)
        if (!read_file("sh", &sum, &calls) || sum != first)
            return 1;
    if (calls > 0)
        measure_report("fileread", calls);
    return 0;
}
