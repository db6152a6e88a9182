/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * channel.h - messages between two processes: frames as in a file (recording_file.h of
 * tools/travel), on a socket that does not block. Outgoing bytes wait in memory until the socket
 * takes them. Incoming bytes are as hostile as a file.
 */
#ifndef PZ_TOOLS_MIGRATE_CHANNEL_H
#define PZ_TOOLS_MIGRATE_CHANNEL_H

#include "tools/host/host.h"
#include "tools/snapshot/snapshot.h"
#include "tools/travel/travel.h"

#define CHANNEL_LETTER 4u /* bytes of a message's name */

struct channel {
    int fd;        /* -1: there is none */
    uint32_t most; /* bytes of a message that comes, at the most */
    uint8_t *out;
    size_t out_len, out_at, out_room; /* out_at: sent so far */
    uint8_t *in;                      /* one message, as far as it has come */
    size_t in_len, in_room;
    uint64_t sent; /* bytes, in all */
};

enum channel_news {
    CHANNEL_NOTHING, /* so far */
    CHANNEL_MESSAGE,
    CHANNEL_BROKEN, /* the other side is gone, or talks nonsense */
};

/* The descriptor is the channel's from here on. False: errno says why. To be closed either way. */
bool channel_open(struct channel *channel, int fd, uint32_t most) PZ_MUST_CHECK;
void channel_close(struct channel *channel);

/* Append to what is to be sent: bytes that are no message; a message; one of named fields, which
   are given up. False: no memory. */
bool channel_put_raw(struct channel *channel, const void *bytes, size_t len) PZ_MUST_CHECK;
bool channel_put(struct channel *channel, const char *name, const uint8_t *bytes,
                 size_t len) PZ_MUST_CHECK;
bool channel_put_fields(struct channel *channel, const char *name,
                        json_t *fields) PZ_MUST_CHECK;

/* As much of it as the socket takes now. False: broken. */
bool channel_send(struct channel *channel) PZ_MUST_CHECK;
static inline bool channel_is_idle(const struct channel *channel)
{
    return channel->out_at == channel->out_len;
}

/* The next message, to be freed (frame_free()). */
enum channel_news channel_receive(struct channel *channel, struct frame *message);

/* The same for so many bytes that are no message: CHANNEL_MESSAGE, they are here. */
enum channel_news channel_receive_raw(struct channel *channel, void *bytes, size_t len);

/* Wait until something can be sent or received, `ms` at the most; -1: for ever. */
void channel_wait(const struct channel *channel, int ms);

/* Send everything. False: broken, or it took longer than `ms` without any progress. */
bool channel_drain(struct channel *channel, int ms) PZ_MUST_CHECK;

/* Send everything, and wait for a message for so long. */
enum channel_news channel_await(struct channel *channel, struct frame *message, int ms);

static inline bool channel_is(const struct frame *message, const char *name)
{
    return !memcmp(message->name, name, CHANNEL_LETTER);
}

#endif
