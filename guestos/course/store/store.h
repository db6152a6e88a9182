/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store.h - the messages of the server that exercise 20 asks for. The label is what is wanted; a
 * client's keys are its own, and the badge says who it is.
 *
 *   label      word[0]  word[1]   reply: word[0]                            word[1]
 *   STORE_PUT  key      value     0; -ENOSPC: a new key, and the table is full
 *   STORE_GET  key                0; -ENOENT: the client has no such key    the value
 *   any other                     -ENOSYS
 */
#ifndef COURSE_STORE_H
#define COURSE_STORE_H

enum { STORE_PUT = 1, STORE_GET };
enum { STORE_ENTRIES = 8 }; /* of all clients together */

#endif
