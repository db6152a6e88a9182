/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wire.c - see wire.h. */
#define _GNU_SOURCE
#include "tools/dap/wire.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define READ_MOST 65536u

void wire_open(struct wire *wire, int in, int out)
{
    *wire = (struct wire){.in = in, .out = out};
}

void wire_close(struct wire *wire)
{
    free(wire->bytes);
    wire->bytes = NULL;
}

/* ---- Taking ---- */

static bool make_room(struct wire *wire)
{
    size_t room = wire->len + READ_MOST;
    char *bytes;

    if (room <= wire->room)
        return true;
    bytes = realloc(wire->bytes, room);
    if (!bytes)
        return false;
    wire->bytes = bytes;
    wire->room = room;
    return true;
}

bool wire_fill(struct wire *wire)
{
    ssize_t got;

    if (!make_room(wire))
        return false;
    do
        got = read(wire->in, wire->bytes + wire->len, READ_MOST);
    while (got < 0 && errno == EINTR);
    if (got > 0)
        wire->len += (size_t)got;
    else
        wire->ended = true;
    return true;
}

bool wire_ready(const struct wire *wire)
{
    struct pollfd ready = {.fd = wire->in, .events = POLLIN};

    return !wire->ended && poll(&ready, 1, 0) > 0;
}

/* "123", and nothing else. */
static bool read_length(const char *text, size_t len, size_t *length)
{
    *length = 0;
    if (!len)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (!isdigit((unsigned char)text[i]))
            return false;
        *length = *length * 10 + (size_t)(text[i] - '0');
        if (*length > WIRE_BODY_MOST)
            *length = (size_t)WIRE_BODY_MOST + 1;
    }
    return true;
}

/* One line of the header, without its end. */
static bool read_field(const char *line, size_t len, size_t *length, bool *found,
                       struct problem *problem)
{
    static const char name[] = "Content-Length:";
    size_t at = sizeof name - 1;

    if (!memchr(line, ':', len)) {
        (void)!problem_set(problem, PZ_FAILED,
                           "a line of a message's header is not 'Name: value'");
        return false;
    }
    if (len < at || strncasecmp(line, name, at))
        return true; /* others are passed over */
    while (at < len && line[at] == ' ')
        at++;
    *found = true;
    if (!read_length(line + at, len - at, length))
        (void)!problem_set(problem, PZ_FAILED, "Content-Length is not a number");
    else if (*length > WIRE_BODY_MOST)
        (void)!problem_set(problem, PZ_FAILED,
                           "Content-Length is over the limit of %u bytes for a message",
                           WIRE_BODY_MOST);
    else
        return true;
    return false;
}

static enum wire_result read_header(const char *at, const char *end, size_t *length,
                                    struct problem *problem)
{
    bool found = false;

    while (at < end) {
        const char *stop = memmem(at, (size_t)(end - at), "\r\n", 2);

        if (!stop)
            stop = end;
        if (!read_field(at, (size_t)(stop - at), length, &found, problem))
            return WIRE_BROKEN;
        at = stop + 2;
    }
    if (found)
        return WIRE_MESSAGE;
    (void)!problem_set(problem, PZ_FAILED, "a message's header has no Content-Length");
    return WIRE_BROKEN;
}

static enum wire_result parse(const char *bytes, size_t len, json_t **message,
                              struct problem *problem)
{
    json_error_t error;

    *message = json_loadb(bytes, len, 0, &error);
    if (json_is_object(*message))
        return WIRE_MESSAGE;
    if (*message)
        (void)!problem_set(problem, PZ_FAILED, "a message that is not a JSON object");
    else
        (void)!problem_set(problem, PZ_FAILED, "a message that is not JSON: %.200s at byte %d",
                           error.text, error.position);
    json_decref(*message);
    *message = NULL;
    return WIRE_NO_JSON;
}

enum wire_result wire_take(struct wire *wire, json_t **message, struct problem *problem)
{
    size_t seen = wire->len < WIRE_HEADER_MOST ? wire->len : WIRE_HEADER_MOST, length = 0, all;
    const char *end = seen ? memmem(wire->bytes, seen, "\r\n\r\n", 4) : NULL;
    enum wire_result result;

    if (!end && wire->len < WIRE_HEADER_MOST)
        return WIRE_NONE;
    if (!end) {
        (void)!problem_set(problem, PZ_FAILED, "a message's header is longer than %u bytes",
                           WIRE_HEADER_MOST);
        return WIRE_BROKEN;
    }
    result = read_header(wire->bytes, end, &length, problem);
    if (result != WIRE_MESSAGE)
        return result;
    all = (size_t)(end + 4 - wire->bytes) + length;
    if (wire->len < all)
        return WIRE_NONE;
    result = parse(end + 4, length, message, problem);
    memmove(wire->bytes, wire->bytes + all, wire->len - all);
    wire->len -= all;
    return result;
}

/* ---- Sending ---- */

static void send_bytes(struct wire *wire, const char *bytes, size_t len)
{
    while (len && !wire->gone) {
        ssize_t sent = write(wire->out, bytes, len);

        if (sent > 0) {
            bytes += sent;
            len -= (size_t)sent;
        } else if (errno != EINTR) {
            wire->gone = true;
        }
    }
}

void wire_send(struct wire *wire, json_t *message)
{
    char *text = message ? json_dumps(message, JSON_COMPACT) : NULL;
    char header[64];

    json_decref(message);
    if (!text) {
        wire->gone = true; /* no memory: an answer that is missing would be waited for */
        return;
    }
    (void)!snprintf(header, sizeof header, "Content-Length: %zu\r\n\r\n", strlen(text));
    send_bytes(wire, header, strlen(header));
    send_bytes(wire, text, strlen(text));
    free(text);
}
