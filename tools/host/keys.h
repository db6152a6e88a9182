/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keys.h - the keys of an interactive session, which go to a guest or, after Ctrl-A, to pz; and
 * which VM has the keyboard.
 */
#ifndef PZ_TOOLS_HOST_KEYS_H
#define PZ_TOOLS_HOST_KEYS_H

#include <stdint.h>

struct session;

/* Tell the user how to get out. */
void keys_greet(struct session *session);

void keys_take(struct session *session, uint8_t key);

/* A VM has ended: tell the user how, and connect the keyboard to one that is still running. */
void keys_ended(struct session *session, unsigned vm, const char *how);

#endif
