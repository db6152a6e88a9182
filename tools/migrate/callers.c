/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * callers.c - several callers are heard side by side, as none is known to be the source before it
 * has spoken. There is no limit of time: the source may be slow. If there are too many, the one
 * that has been silent for longest makes room.
 */
#include "tools/migrate/callers.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>

#include "tools/migrate/messages.h"

#define CALLERS_MOST 16u

struct caller {
    struct channel channel;
    bool greeted; /* has sent the magic */
};

/* In the order of their arrival. */
struct callers {
    struct caller at[CALLERS_MOST];
    unsigned count;
};

bool callers_accept(int listener, struct channel *channel, uint32_t most, int ms)
{
    struct pollfd fd = {.fd = listener, .events = POLLIN};
    int peer;

    if (poll(&fd, 1, ms) <= 0)
        return false;
    peer = accept(listener, NULL, NULL);
    if (peer < 0 || !localsocket_is_owner(peer)) {
        if (peer >= 0)
            close(peer);
        return false;
    }
    (void)fcntl(peer, F_SETFD, FD_CLOEXEC);
    if (channel_open(channel, peer, most))
        return true;
    channel_close(channel);
    return false;
}

static void forget(struct callers *callers, unsigned i)
{
    channel_close(&callers->at[i].channel);
    callers->count--;
    memmove(&callers->at[i], &callers->at[i + 1], (callers->count - i) * sizeof callers->at[0]);
}

static void make_room(struct callers *callers)
{
    unsigned i = 0;

    if (callers->count < CALLERS_MOST)
        return;
    while (i < callers->count && callers->at[i].greeted)
        i++;
    forget(callers, i < callers->count ? i : 0);
}

static void let_in(struct callers *callers, int listener, uint32_t most)
{
    struct channel channel;

    if (!callers_accept(listener, &channel, most, 0))
        return;
    make_room(callers);
    callers->at[callers->count++] = (struct caller){.channel = channel};
}

static void wait_for_any(const struct callers *callers, int listener)
{
    struct pollfd fds[CALLERS_MOST + 1] = {{.fd = listener, .events = POLLIN}};

    for (unsigned i = 0; i < callers->count; i++)
        fds[i + 1] = (struct pollfd){.fd = callers->at[i].channel.fd, .events = POLLIN};
    (void)poll(fds, callers->count + 1, -1);
}

/* `*gone`: it went away without a word, as one does who only looks whether somebody listens. */
static enum channel_news hear(struct caller *caller, struct frame *message, bool *gone)
{
    char magic[MESSAGES_MAGIC_LEN];
    enum channel_news news;

    *gone = false;
    if (!caller->greeted) {
        news = channel_receive_raw(&caller->channel, magic, sizeof magic);
        *gone = news == CHANNEL_BROKEN && !caller->channel.in_len;
        if (news != CHANNEL_MESSAGE)
            return news;
        if (memcmp(magic, MESSAGES_MAGIC, sizeof magic))
            return CHANNEL_BROKEN;
        caller->greeted = true;
    }
    return channel_receive(&caller->channel, message);
}

/* The first that has something to say, if only nonsense: `*heard` is its number. */
static enum channel_news hear_all(struct callers *callers, struct frame *message,
                                  unsigned *heard)
{
    unsigned i = 0;
    bool gone;

    while (i < callers->count) {
        enum channel_news news = hear(&callers->at[i], message, &gone);

        if (gone) {
            forget(callers, i);
            continue;
        }
        *heard = i++;
        if (news != CHANNEL_NOTHING)
            return news;
    }
    return CHANNEL_NOTHING;
}

enum channel_news callers_await(int listener, uint32_t most, struct channel *channel,
                                struct frame *message)
{
    struct callers callers = {.count = 0};
    enum channel_news news;
    unsigned heard;

    *message = (struct frame){.len = 0};
    while ((news = hear_all(&callers, message, &heard)) == CHANNEL_NOTHING) {
        wait_for_any(&callers, listener);
        let_in(&callers, listener, most);
    }
    *channel = callers.at[heard].channel;
    callers.at[heard].channel = (struct channel){.fd = -1};
    while (callers.count)
        forget(&callers, 0);
    return news;
}
