/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * progress.h - one line on standard error that shows the progress of a long command: only at a
 * terminal that can erase it, and never wider than the terminal.
 */
#ifndef PZ_TOOLS_BASE_PROGRESS_H
#define PZ_TOOLS_BASE_PROGRESS_H

/* Replace the previous line. */
void progress_show(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Erase the line, if there is one, before anything else is printed. */
void progress_end(void);

#endif
