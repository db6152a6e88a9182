/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * forkexec.c - forkexec [N]: N processes one after the other, each of which becomes another
 * program: itself, with an argument that has it end at once.
 */
#include "user.h"

enum { DEFAULT_PROCESSES = 20, STATUS = 42 };

static int run_one(void)
{
    char *argv[] = {"forkexec", "end", NULL};
    int status = 0;
    int pid = fork();

    if (pid == 0) {
        exec(argv[0], argv);
        exit(1);
    }
    if (pid < 0)
        return pid;
    return wait(&status, 0) == pid && status == STATUS ? 0 : -EINVAL;
}

int main(int argc, char **argv)
{
    uint32_t n;

    if (argc == 2 && strcmp(argv[1], "end") == 0)
        return STATUS;
    n = number_argument(argc, argv, DEFAULT_PROCESSES);
    measure_start();
    for (uint32_t i = 0; i < n; i++) {
        int error = run_one();

        if (error < 0) {
            dprintf(2, "forkexec: %s\n", error_text(error));
            return 1;
        }
    }
    if (n > 0)
        measure_report("forkexec", n);
    return 0;
}
