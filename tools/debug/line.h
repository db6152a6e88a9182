/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * line.h - where the debugger's commands come from: a file, a pipe, or a person with line
 * editing, history and completion where pz is built with libedit.
 */
#ifndef PZ_TOOLS_DEBUG_LINE_H
#define PZ_TOOLS_DEBUG_LINE_H

#include "tools/debug/state.h"

/* Set up for a person. */
void debug_line_open(struct debug *debug);

/* A person's next line, to be freed; NULL: end of file. */
char *debug_line_ask(struct debug *debug);

/* A file's next line, to be freed; NULL: end of file. */
char *debug_line_read(FILE *file);

/* An empty line of a person's means the last one again, for commands that go on. */
const char *debug_line_repeat(const char *line, char *last, size_t size);

#endif
