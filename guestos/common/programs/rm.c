/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rm.c - rm FILE...: removes files. */
#include "user.h"

int main(int argc, char **argv)
{
    int failed = 0;

    for (int i = 1; i < argc; i++) {
        int error = unlink(argv[i]);

        if (error < 0)
            dprintf(2, "rm: %s: %s\n", argv[i], error_text(error));
        failed |= error < 0;
    }
    return failed;
}
