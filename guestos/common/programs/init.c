/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * init.c - the first process. Runs the boot arguments as a shell command, or a shell for the
 * user; reaps orphans; and switches the computer off when the shell is done, as failed if it
 * was.
 */
#include "user.h"

static _Noreturn void run_shell(char *command)
{
    char *interactive[] = {"sh", NULL};
    char *batch[] = {"sh", "-c", command, NULL};
    int error = exec("sh", command[0] ? batch : interactive);

    dprintf(2, "init: sh: %s\n", error_text(error));
    exit(1);
}

int main(int argc, char **argv)
{
    int shell = fork();
    int status = 1;

    if (shell == 0)
        run_shell(argc > 1 ? argv[1] : "");
    if (shell > 0)
        while (wait(&status, 0) != shell)
            ;
    poweroff(status != 0);
    return 1;
}
