/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kill.c - kill PID...: ends processes. */
#include "user.h"

int main(int argc, char **argv)
{
    int failed = 0;

    for (int i = 1; i < argc; i++) {
        uint32_t pid;
        int error = parse_number(argv[i], &pid) ? kill((int)pid) : -EINVAL;

        if (error < 0)
            dprintf(2, "kill: %s: %s\n", argv[i], error_text(error));
        failed |= error < 0;
    }
    return failed;
}
