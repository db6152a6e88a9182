/* SPDX-License-Identifier: GPL-2.0-or-later */
/* terminal.c - in place of tools/base/terminal.c: there is no terminal, and no signal comes. */
#include "tools/base/terminal.h"

#include <stdlib.h>

bool terminal_interactive(void)
{
    return false;
}

enum pz_err terminal_raw(struct problem *problem)
{
    return problem_set(problem, PZ_HOST, "there is no terminal here");
}

void terminal_restore(void)
{
}

int terminal_key(int ms)
{
    (void)ms;
    return TERMINAL_GONE;
}

unsigned terminal_width(int fd)
{
    (void)fd;
    return 0;
}

bool terminal_colors(int fd)
{
    (void)fd;
    return false;
}

bool terminal_wipes(int fd)
{
    (void)fd;
    return false;
}

void terminal_catch_signals(void)
{
}

int terminal_signal(void)
{
    return 0;
}

void terminal_note_pipe(void)
{
}

_Noreturn void terminal_die(int number)
{
    _Exit(128 + number);
}
