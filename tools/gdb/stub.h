/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stub.h - gdb's remote serial protocol, from bytes received to bytes sent. The connection is left
 * to server.h.
 */
#ifndef PZ_TOOLS_GDB_STUB_H
#define PZ_TOOLS_GDB_STUB_H

#include "tools/gdb/client.h"

/* The debugger must stay and not be used meanwhile. A recording's run cannot be changed. */
void gdb_open(struct gdb *gdb, struct debug *debug, bool recording);

/* A client has come. */
void gdb_connect(struct gdb *gdb, const struct gdb_link *link);

/* A byte from the client. False: the session is over. */
enum gdb_over gdb_take(struct gdb *gdb, uint8_t byte);

#endif
