/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * progress.h - one line on standard error that says how far a long command has come: only at a
 * terminal that can wipe it again, and never longer than the terminal is wide.
 */
#ifndef PZ_TOOLS_BASE_PROGRESS_H
#define PZ_TOOLS_BASE_PROGRESS_H

/* In place of the line before. */
void progress_show(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Wipe it, if there is one: before anything else is printed. */
void progress_end(void);

#endif
