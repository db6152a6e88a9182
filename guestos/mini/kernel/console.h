/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * console.h - the terminal: output, and input line by line.
 */
#ifndef MINI_CONSOLE_H
#define MINI_CONSOLE_H

#include <stdint.h>

/* Take input that has arrived; called by the tick, and before a reader goes to sleep. */
void console_poll(void);

/* Waits for a line; at most n bytes of it. 0 at end of file (^D at the start of a line). */
int32_t console_read(uint32_t va, uint32_t n);
int32_t console_write(uint32_t va, uint32_t n);

/* The group that ^C kills; 0 for none. */
void console_set_foreground(int group);

#endif
