/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * signal.h - the C library's, with the part of POSIX that it lacks. No signal ever comes: asking
 * for one does nothing.
 */
#ifndef PZ_WASM_SIGNAL_H
#define PZ_WASM_SIGNAL_H

#include_next <signal.h>

#define SA_RESTART 0x10000000

struct sigaction {
    void (*sa_handler)(int number);
    int sa_mask;
    int sa_flags;
};

int sigemptyset(int *set);
int sigaction(int number, const struct sigaction *action, struct sigaction *before);

#endif
