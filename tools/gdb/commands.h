/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commands.h - what packets mean: a table with the words that each begins with, and the
 * functions behind it, which are in the file that their kind is. A packet's text is validated
 * whole before anything is done; what is wrong with it gets an error, what is unknown an empty
 * reply, as the protocol asks.
 */
#ifndef PZ_TOOLS_GDB_COMMANDS_H
#define PZ_TOOLS_GDB_COMMANDS_H

#include "tools/gdb/client.h"

/* `text` is what follows the words, up to a 0; `len` its length, as binary data needs it. */
typedef void gdb_function(struct gdb *gdb, const char *text, size_t len);

/* Execute a packet; gdb->reply is the answer. False: send no answer. */
bool gdb_execute(struct gdb *gdb, const char *text, size_t len);

/* session.c: what the client can ask about the server and its threads */
gdb_function gdb_supported, gdb_no_ack, gdb_first_threads, gdb_more_threads, gdb_thread_extra,
    gdb_thread_alive, gdb_set_thread, gdb_current_thread, gdb_attached, gdb_xfer_threads,
    gdb_detach, gdb_kill, gdb_kill_process, gdb_accept;
/* registers.c */
gdb_function gdb_xfer_features, gdb_read_all, gdb_write_all, gdb_read_one, gdb_write_one;
/* memory.c */
gdb_function gdb_read_memory, gdb_write_memory, gdb_write_binary, gdb_set_physical,
    gdb_ask_physical, gdb_ask_qemu;
/* resume.c */
gdb_function gdb_ask_stop, gdb_continue, gdb_step, gdb_resume, gdb_ask_resume, gdb_reverse_step,
    gdb_reverse_continue, gdb_insert, gdb_remove;
/* monitor.c */
gdb_function gdb_monitor;

/* Registers that a stop tells of unasked: "20:00000080;". */
void gdb_expedite(struct gdb *gdb, unsigned thread);

#endif
