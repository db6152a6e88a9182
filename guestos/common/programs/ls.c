/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ls.c - ls: every file, its size, and whether it can be written. */
#include "user.h"

int main(void)
{
    struct fileinfo info;
    int error;

    for (uint32_t slot = 0; (error = readdir(slot, &info)) != -EINVAL; slot++)
        if (error == 0)
            printf("%s %6u %s\n", info.read_only ? "r-" : "rw", info.size, info.name);
    return 0;
}
