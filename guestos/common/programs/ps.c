/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ps.c - ps: every process, its parent, state and number of pages. */
#include "user.h"

int main(void)
{
    static const char *const states[] = {
        [STATE_READY] = "ready",
        [STATE_RUNNING] = "running",
        [STATE_SLEEPING] = "sleeping",
        [STATE_ZOMBIE] = "zombie",
    };
    struct procinfo info;
    int error;

    printf("%4s %6s %-8s %5s %s\n", "PID", "PARENT", "STATE", "PAGES", "NAME");
    for (uint32_t slot = 0; (error = procinfo(slot, &info)) != -EINVAL; slot++)
        if (error == 0)
            printf("%4d %6d %-8s %5u %s\n", info.pid, info.parent, states[info.state],
                   info.pages, info.name);
    return 0;
}
