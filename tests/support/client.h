/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * client.h - a gdb for a test, in the same process as the server: it sends packets, and looks at
 * every byte that comes back.
 */
#ifndef PZ_TESTS_SUPPORT_CLIENT_H
#define PZ_TESTS_SUPPORT_CLIENT_H

#include "tools/gdb/stub.h"

#define CLIENT_BYTES (1u << 21)

struct client {
    struct options options;
    struct debug debug;
    struct gdb gdb;
    bool recording;
    bool impatient; /* runs are interrupted, for nothing, as soon as they have begun */
    unsigned interrupts;
    size_t len;
    char bytes[CLIENT_BYTES];        /* all that came back since the last send */
    char reply[GDB_PACKET_MOST + 1]; /* the last packet in it, console output aside */
    char console[CLIENT_BYTES];      /* what console output said */
};

/* A debugger of `pz run` with these words (the last NULL), and a client connected to it. */
struct client *client_open(const char *const *words, bool recording);
void client_close(struct client *client);

/* Connect (again). */
void client_connect(struct client *client);

/* Send bytes as they are. What comes back must be well formed, or the test fails. */
enum gdb_over client_send(struct client *client, const void *bytes, size_t len);

/* Send a packet, framed; its reply. */
const char *client_ask(struct client *client, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same for a monitor command: what it says. */
const char *client_monitor(struct client *client, const char *command);

#endif
