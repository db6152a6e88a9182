/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * apart.h - reading what may be hostile, by a library that may not withstand it, in a process of
 * its own: whatever happens there, the caller has a result or none. What the process sends is still
 * to be checked by who receives it.
 */
#ifndef PZ_TOOLS_SHOW_APART_H
#define PZ_TOOLS_SHOW_APART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the process: read `bytes` and send what is found, by apart_send(). False: there is none. */
typedef bool apart_reader(const uint8_t *bytes, size_t len, int to);

/* In the caller: take it, by apart_take(). False: it is not sound. */
typedef bool apart_receiver(void *owner, int from);

/* False: the reader failed, crashed, or took too long; or the receiver says no. */
bool apart_ask(apart_reader *read, const uint8_t *bytes, size_t len, apart_receiver *receive,
               void *owner);

bool apart_send(int to, const void *from, size_t len);
bool apart_take(int from, void *to, size_t len);

/* A table of so many rows, to be freed; NULL: not all of it came, or no memory. */
void *apart_take_table(int from, size_t count, size_t size);

#endif
