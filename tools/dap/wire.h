/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wire.h - messages on a stream of bytes: a header that tells the length, then JSON (Debug Adapter
 * Protocol, "Base Protocol"). What comes in can be anything.
 */
#ifndef PZ_TOOLS_DAP_WIRE_H
#define PZ_TOOLS_DAP_WIRE_H

#include <jansson.h>

#include "tools/base/base.h"

#define WIRE_HEADER_MOST 4096u    /* bytes of a header */
#define WIRE_BODY_MOST (4u << 20) /* and of a message behind it */

struct wire {
    int in, out;
    char *bytes; /* that have come and are not taken yet */
    size_t len, room;
    bool ended; /* no more come */
    bool gone;  /* nobody takes what is sent */
};

enum wire_result {
    WIRE_NONE,    /* no whole message has come */
    WIRE_MESSAGE, /* an object */
    WIRE_NO_JSON, /* a message of another kind was passed over; the problem says of what kind */
    WIRE_BROKEN,  /* no telling where the next message begins; so does the problem */
};

void wire_open(struct wire *wire, int in, int out);
void wire_close(struct wire *wire);

/* Take bytes, waiting until some come or the stream ends. False: no memory. */
bool wire_fill(struct wire *wire) PZ_MUST_CHECK;

/* Is there something to take? From a signal handler, too. */
bool wire_ready(const struct wire *wire);

/* The next message of those bytes; the caller's. */
enum wire_result wire_take(struct wire *wire, json_t **message, struct problem *problem);

/* Send a message, and give it up. */
void wire_send(struct wire *wire, json_t *message);

#endif
