/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * say.h - what commands say in the same way: names of addresses, where a VM stands, why it stopped.
 */
#ifndef PZ_TOOLS_DEBUG_SAY_H
#define PZ_TOOLS_DEBUG_SAY_H

#include "tools/debug/state.h"

/* " (name+0x10)" for a kernel's address; "" where there is none, and in user mode. */
#define DEBUG_NAME 80
const char *debug_name(const struct debug *debug, unsigned who, unsigned mode, uint32_t address,
                       char text[DEBUG_NAME]);

/* Where the selected VM stands, with the instruction there. */
void debug_say_place(struct debug *debug);

/* A sentence without its full stop, behind a label of at most ten columns, for the screen. */
void debug_say_wrapped(FILE *out, const char *label, const char *text);

/* Columns of the terminal, if pz has one. */
unsigned debug_columns(void);

/* Why the machine stopped, and where. */
void debug_say_stop(struct debug *debug);

#endif
