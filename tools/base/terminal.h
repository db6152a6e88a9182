/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * terminal.h - the user's terminal and the signals that can end a run. Whatever happens, the
 * terminal is left as it was found: at exit, at signals, at a crash, and while suspended.
 */
#ifndef PZ_TOOLS_BASE_TERMINAL_H
#define PZ_TOOLS_BASE_TERMINAL_H

#include "tools/base/problem.h"

#define TERMINAL_NO_KEY (-1)
#define TERMINAL_GONE (-2)

/* Are keyboard and screen both a terminal? */
bool terminal_interactive(void);

/* Keys come one by one, unechoed, control characters included, until terminal_restore(). */
enum pz_err terminal_raw(struct problem *problem) PZ_MUST_CHECK;
void terminal_restore(void);

/* The next key, waiting for one up to `ms`; TERMINAL_NO_KEY, or TERMINAL_GONE at its end. */
int terminal_key(int ms);

/* Columns of the terminal at a file descriptor; 0 when it is none. */
unsigned terminal_width(int fd);

/* May `fd` be written to in colours? With NO_COLOR or TERM=dumb it may not. */
bool terminal_colors(int fd);

/* Can the screen go back to the start of a line and wipe it? */
bool terminal_wipes(int fd);

/* From now on the first SIGINT, SIGTERM, SIGHUP or SIGQUIT is only noted, a second ends pz. */
void terminal_catch_signals(void);

/* The signal noted, or 0. */
int terminal_signal(void);

/* The reader of our output has gone away: to be treated as the SIGPIPE that it would have been. */
void terminal_note_pipe(void);

/* End the program the way the noted signal, or SIGPIPE, would have. Does not return. */
_Noreturn void terminal_die(int signal);

#endif
