/* SPDX-License-Identifier: GPL-2.0-or-later */
/* channel.c - buffers on both sides of a socket. A message is taken off the socket as a whole. */
#include "tools/migrate/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>

#define HEADER 20u          /* of a frame; its first words are name, stored, raw */
#define STEP (64u << 10)    /* of the buffer that grows with what comes */
#define OUT_KEPT (1u << 20) /* of an empty buffer */

bool channel_open(struct channel *channel, int fd, uint32_t most)
{
    *channel = (struct channel){.fd = fd, .most = most};
    return fd >= 0 && !fcntl(fd, F_SETFL, O_NONBLOCK);
}

void channel_close(struct channel *channel)
{
    if (channel->fd >= 0)
        close(channel->fd);
    free(channel->out);
    free(channel->in);
    *channel = (struct channel){.fd = -1, .sent = channel->sent};
}

/* ---- Sending ---- */

bool channel_put_raw(struct channel *channel, const void *bytes, size_t len)
{
    size_t needed = channel->out_len + len;
    uint8_t *more;

    if (needed > channel->out_room) {
        more = realloc(channel->out, 2 * needed);
        if (!more)
            return false;
        channel->out = more;
        channel->out_room = 2 * needed;
    }
    memcpy(channel->out + channel->out_len, bytes, len);
    channel->out_len = needed;
    return true;
}

/* What a FILE of memory holds, put or not. */
static bool put_file(struct channel *channel, FILE *file, char **text, const size_t *len,
                     bool written)
{
    written = !fclose(file) && written && channel_put_raw(channel, *text, *len);
    free(*text);
    return written;
}

bool channel_put(struct channel *channel, const char *name, const uint8_t *bytes, size_t len)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);

    return file &&
           put_file(channel, file, &text, &size, frame_write_bytes(file, name, bytes, len));
}

bool channel_put_fields(struct channel *channel, const char *name, json_t *fields)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);

    if (file)
        return put_file(channel, file, &text, &size, frame_write(file, name, fields));
    json_decref(fields);
    return false;
}

static void forget_sent(struct channel *channel)
{
    if (!channel_is_idle(channel))
        return;
    channel->out_at = channel->out_len = 0;
    if (channel->out_room <= OUT_KEPT)
        return;
    free(channel->out);
    channel->out = NULL;
    channel->out_room = 0;
}

bool channel_send(struct channel *channel)
{
    while (!channel_is_idle(channel)) {
        ssize_t sent = send(channel->fd, channel->out + channel->out_at,
                            channel->out_len - channel->out_at, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return errno == EAGAIN;
        channel->out_at += (size_t)sent;
        channel->sent += (uint64_t)sent;
    }
    forget_sent(channel);
    return true;
}

/* ---- Receiving ---- */

static bool make_room(struct channel *channel, size_t room)
{
    uint8_t *more;

    if (room <= channel->in_room)
        return true;
    more = realloc(channel->in, room);
    if (!more)
        return false;
    channel->in = more;
    channel->in_room = room;
    return true;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Bytes until there are `len`. The buffer grows as they come, whatever was announced. */
static enum channel_news fetch(struct channel *channel, size_t len)
{
    while (channel->in_len < len) {
        size_t step = smaller(len - channel->in_len, STEP + channel->in_len);
        ssize_t got;

        if (!make_room(channel, channel->in_len + step))
            return CHANNEL_BROKEN;
        got = recv(channel->fd, channel->in + channel->in_len, step, MSG_DONTWAIT);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return CHANNEL_NOTHING;
        if (got <= 0)
            return CHANNEL_BROKEN;
        channel->in_len += (size_t)got;
    }
    return CHANNEL_MESSAGE;
}

enum channel_news channel_receive(struct channel *channel, struct frame *message)
{
    struct problem unheard;
    struct frames frames = {.fd = -1, .problem = &unheard};
    enum channel_news news = fetch(channel, HEADER);
    uint32_t stored, raw;

    *message = (struct frame){.len = 0};
    if (news != CHANNEL_MESSAGE)
        return news;
    stored = load_le32(channel->in + 4);
    raw = load_le32(channel->in + 8);
    if (stored > raw || raw > channel->most)
        return CHANNEL_BROKEN;
    news = fetch(channel, HEADER + (size_t)stored);
    if (news != CHANNEL_MESSAGE)
        return news;
    frames.file = (struct file){.bytes = channel->in, .len = channel->in_len};
    frames.len = channel->in_len;
    channel->in_len = 0;
    if (!frames_next(&frames, message))
        return CHANNEL_MESSAGE;
    frame_free(message);
    return CHANNEL_BROKEN;
}

enum channel_news channel_receive_raw(struct channel *channel, void *bytes, size_t len)
{
    enum channel_news news = fetch(channel, len);

    if (news != CHANNEL_MESSAGE)
        return news;
    memcpy(bytes, channel->in, len);
    channel->in_len = 0;
    return news;
}

/* ---- Waiting ---- */

void channel_wait(const struct channel *channel, int ms)
{
    short out = channel_is_idle(channel) ? 0 : POLLOUT;
    struct pollfd fd = {.fd = channel->fd, .events = (short)(POLLIN | out)};

    (void)poll(&fd, 1, ms);
}

/* For sending alone: what comes meanwhile stays where it is. */
static bool wait_to_send(const struct channel *channel, int ms)
{
    struct pollfd fd = {.fd = channel->fd, .events = POLLOUT};

    return poll(&fd, 1, ms) != 0;
}

bool channel_drain(struct channel *channel, int ms)
{
    while (channel_send(channel)) {
        if (channel_is_idle(channel))
            return true;
        if (!wait_to_send(channel, ms))
            return false;
    }
    return false;
}

enum channel_news channel_await(struct channel *channel, struct frame *message, int ms)
{
    struct pollfd fd = {.fd = channel->fd, .events = POLLIN};
    enum channel_news news;

    *message = (struct frame){.len = 0};
    if (!channel_drain(channel, ms))
        return CHANNEL_BROKEN;
    while ((news = channel_receive(channel, message)) == CHANNEL_NOTHING)
        if (!poll(&fd, 1, ms))
            return CHANNEL_NOTHING;
    return news;
}
