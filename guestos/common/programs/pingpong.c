/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pingpong.c - pingpong [N]: two processes send each other a word through two pipes, N times
 * there and back. Each way is a write, a read that waits, and a change of process.
 */
#include "user.h"

enum { DEFAULT_ROUNDS = 1000 };

/* Sends back what comes, plus one, until nothing comes. */
static _Noreturn void echo(int from, int to)
{
    uint32_t word;

    while (read(from, &word, sizeof(word)) == (int)sizeof(word)) {
        word++;
        write(to, &word, sizeof(word));
    }
    exit(0);
}

static uint32_t play(int to, int from, uint32_t n)
{
    uint32_t wrong = 0;

    for (uint32_t i = 0; i < n; i++) {
        uint32_t word = i;

        if (write(to, &word, sizeof(word)) != (int)sizeof(word) ||
            read(from, &word, sizeof(word)) != (int)sizeof(word))
            return n;
        wrong += word != i + 1;
    }
    return wrong;
}

int main(int argc, char **argv)
{
    uint32_t n = number_argument(argc, argv, DEFAULT_ROUNDS);
    int there[2], back[2], status = 1;
    uint32_t wrong;
    int pid;

    if (pipe(there) < 0 || pipe(back) < 0)
        return 1;
    pid = fork();
    if (pid < 0) {
        dprintf(2, "pingpong: %s\n", error_text(pid));
        return 1;
    }
    if (pid == 0) {
        close(there[1]);
        echo(there[0], back[1]);
    }
    measure_start();
    wrong = play(there[1], back[0], n);
    if (n > 0)
        measure_report("pingpong", n);
    close(there[1]);
    wait(&status, 0);
    return wrong != 0 || status != 0;
}
