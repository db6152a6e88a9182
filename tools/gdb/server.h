/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.h - a debugger that waits for gdb on a socket, one client at a time. The guests stand
 * still until one has come; one that is lost leaves them where they are, and another can come.
 */
#ifndef PZ_TOOLS_GDB_SERVER_H
#define PZ_TOOLS_GDB_SERVER_H

#include "tools/debug/debug.h"

/*
 * Serve at `address`, "[HOST:]PORT" or "unix:PATH", until gdb kills the guests, all have ended
 * while it was told or gone, or a signal comes (terminal_signal()). PZ_FAILED, without a text: a
 * guest has not ended well.
 */
enum pz_err gdb_serve(struct debug *debug, const char *address, bool recording,
                      struct problem *problem) PZ_MUST_CHECK;

/* `pz run --gdb`: runs under a debugger, and prints the summary at the end. */
enum pz_err gdb_run(const struct options *options, struct problem *problem) PZ_MUST_CHECK;

#endif
