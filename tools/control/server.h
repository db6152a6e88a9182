/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.h - the clients of a run: lines of JSON in, lines of JSON out. Nothing here ever waits for
 * a client, and no client can make it keep more than a bounded number of bytes.
 */
#ifndef PZ_TOOLS_CONTROL_SERVER_H
#define PZ_TOOLS_CONTROL_SERVER_H

#include "tools/control/request.h"
#include "tools/control/runtime.h"
#include "tools/host/host.h"

#define CONTROL_CLIENTS 16u
#define CONTROL_LINE 8192u         /* bytes of a request */
#define CONTROL_ANSWERS (1u << 20) /* with more waiting to be read, a client gets no more */

struct control_client {
    int fd;
    bool open;
    bool ended; /* it sends no more */
    bool waits; /* for an answer that comes later: nothing is read of it before */
    int console; /* it is attached to this VM's console; REQUESTS_NO_CONSOLE: it makes requests */
    bool silent; /* and types no more */
    bool deaf; /* what else it sends is thrown away: closed at once, it would miss its answer */
    char line[CONTROL_LINE];
    size_t len;
    char *answers;
    size_t waiting;
    uint64_t heard; /* host time */
};

struct control {
    int fd; /* -1: there is none, and every call does nothing */
    char path[RUNTIME_PATH];
    struct control_client clients[CONTROL_CLIENTS];
    struct requests requests;
    uint64_t looked; /* host time */
};

/* Of a run that is to wait first: what can be said now of why it could not be opened then. */
enum pz_err control_check(const struct options *options, struct problem *problem) PZ_MUST_CHECK;
/* By --name or --control; neither: there is none. To be closed whatever comes back. */
enum pz_err control_open(struct control *control, const struct options *options,
                         struct problem *problem) PZ_MUST_CHECK;
void control_close(struct control *control);

/* The run begins. */
void control_start(struct control *control, const struct request_host *host);

/* Between two turns: serve clients that have sent something, at most a thousand times a second. */
void control_look(struct control *control);

/* A VM has printed: those who are attached to its console get it. Never waits. */
void control_printed(void *control, unsigned vm, const uint8_t *bytes, uint32_t len);

/* Nothing runs: wait up to `ms` for somebody to say something. False: there is no control. */
bool control_wait(struct control *control, int ms);

#endif
