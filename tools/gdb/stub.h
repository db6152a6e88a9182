/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stub.h - a debugger spoken to by gdb: its remote serial protocol, between bytes that come in and
 * bytes that go out. Where the bytes travel is left to server.h.
 */
#ifndef PZ_TOOLS_GDB_STUB_H
#define PZ_TOOLS_GDB_STUB_H

#include "tools/gdb/client.h"

/* The debugger must stay and not be used meanwhile. A recording's run cannot be changed. */
void gdb_open(struct gdb *gdb, struct debug *debug, bool recording);

/* A client has come. */
void gdb_connect(struct gdb *gdb, const struct gdb_link *link);

/* It has sent a byte. Whether it is served on. */
enum gdb_over gdb_take(struct gdb *gdb, uint8_t byte);

#endif
