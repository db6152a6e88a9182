/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exit.h - what the exit codes of pz mean, for its help and manual pages. */
#ifndef PZ_TOOLS_EXIT_H
#define PZ_TOOLS_EXIT_H

/* The code is the index. */
extern const char *const exit_texts[];
extern const unsigned exit_count;

#endif
