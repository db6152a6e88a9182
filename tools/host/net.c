/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * net.c - network cards, their queues, and the learning switch: a frame goes to the card known
 * to have its destination address, or else to all others on the switch.
 */
#include "tools/host/net.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/base/base.h"
#include "tools/host/devices.h"
#include "tools/host/net_user.h"

#define QUEUE 256u /* frames that a guest may be behind */
#define ADDRESS 6u
#define HEADER 14u
#define LOOK_MS 1 /* of the world, for BOARD_LOOK_TICKS of a guest's time */

struct frame {
    uint32_t len;
    uint8_t bytes[BOARD_FRAME_MOST];
};

struct card {
    struct nets *nets;
    unsigned vm;
    struct net_user *user;
    const char *forwards; /* the ports that it forwards, if it has a user-mode network */
    const char *name;     /* of its switch; NULL: none */
    uint8_t address[ADDRESS];
    bool known; /* its address, from what it has sent */
    struct frame *queue;
    unsigned first, count;
    uint64_t slept;          /* when its guest was last here */
    bool idle;               /* it had slept since the time before */
    uint64_t sent, received; /* bytes */
};

struct nets {
    struct card *cards; /* of each machine; without a queue: none */
    unsigned count;
    bool listens; /* ports of the host's are forwarded */
    struct nets_watch watch;
};

static const char *after(const char *text, const char *begin)
{
    size_t len = strlen(begin);

    return strncmp(text, begin, len) ? NULL : text + len;
}

/* ---- Specifications ---- */

/* The part of "user" or "switch" that follows the word; NULL: it is another one. */
static const char *user_text(const char *text)
{
    const char *rest = after(text, "user");

    return rest && (!*rest || *rest == ',') ? rest : NULL;
}

static enum pz_err check_one(const char *text, struct problem *problem)
{
    const char *name = after(text, "switch=");

    if (user_text(text))
        return net_user_check(user_text(text), problem);
    if (name && *name && !strchr(name, ','))
        return PZ_OK;
    return problem_set(problem, PZ_USAGE,
                       "--net: '%.60s' is neither user[,hostfwd=tcp:[HOST]:PORT-:PORT] nor "
                       "switch=NAME",
                       text);
}

enum pz_err nets_check(const struct options *options, struct problem *problem)
{
    enum pz_err err = PZ_OK;

    for (unsigned i = 0; !err && i < options->nets.count; i++)
        err = check_one(options->nets.at[i], problem);
    return err;
}

/* ---- Frames ---- */

/* A frame for a card. Lost if its guest is too far behind. */
static void deliver(struct card *card, const uint8_t *frame, size_t len)
{
    struct frame *last;

    if (!card->queue || card->count == QUEUE || !len || len > BOARD_FRAME_MOST)
        return;
    last = &card->queue[(card->first + card->count++) % QUEUE];
    memcpy(last->bytes, frame, len);
    last->len = (uint32_t)len;
}

static void from_user_net(void *owner, const uint8_t *frame, size_t len)
{
    deliver(owner, frame, len);
}

static bool is_for(const struct card *card, const uint8_t *frame)
{
    return (frame[0] & 1) || !card->known || !memcmp(card->address, frame, ADDRESS);
}

/* Are they two on one switch? */
static bool are_joined(const struct card *card, const struct card *other)
{
    return other != card && card->name && other->name && !strcmp(card->name, other->name);
}

static void to_switch(struct card *card, const uint8_t *frame, uint32_t len)
{
    struct nets *nets = card->nets;

    if (len < HEADER)
        return;
    memcpy(card->address, frame + ADDRESS, ADDRESS);
    card->known = true;
    for (unsigned vm = 0; vm < nets->count; vm++)
        if (are_joined(card, &nets->cards[vm]) && is_for(&nets->cards[vm], frame))
            deliver(&nets->cards[vm], frame, len);
}

static void net_out(void *owner, unsigned slot, const uint8_t *frame, uint32_t len)
{
    struct card *card = owner;

    (void)slot;
    card->sent += len;
    if (card->user)
        net_user_send(card->user, frame, len);
    else if (card->name)
        to_switch(card, frame, len);
}

void nets_watch(struct nets *nets, const struct nets_watch *watch)
{
    if (nets)
        nets->watch = *watch;
}

/* Has its guest done little but sleep since it was last here? */
static bool note_idle(struct card *card)
{
    struct nets *nets = card->nets;
    const struct nets_watch *watch = &nets->watch;
    uint64_t now = watch->slept ? watch->slept(watch->owner, card->vm) : 0;

    card->idle = now - card->slept >= BOARD_LOOK_TICKS / 2;
    card->slept = now;
    return card->idle;
}

/* If so are all that have a card, there is time to wait. A VM without one is taken to be busy. */
static bool all_idle(struct card *card)
{
    bool idle = note_idle(card);

    for (unsigned vm = 0; vm < card->nets->count; vm++)
        idle = idle && card->nets->cards[vm].idle;
    return idle;
}

/* Is nobody left who could send to this card? */
static bool is_alone(const struct card *card)
{
    const struct nets *nets = card->nets;
    const struct nets_watch *watch = &nets->watch;

    for (unsigned vm = 0; vm < nets->count; vm++)
        if (are_joined(card, &nets->cards[vm]) &&
            (!watch->alive || watch->alive(watch->owner, vm)))
            return false;
    return !card->user;
}

static uint32_t net_in(void *owner, unsigned slot, uint8_t *frame)
{
    struct card *card = owner;
    const struct frame *next = &card->queue[card->first];

    (void)slot;
    if (!card->count && card->user)
        net_user_poll(card->user, all_idle(card) ? LOOK_MS : 0);
    if (!card->count)
        return is_alone(card) ? BOARD_NET_ENDED : 0;
    card->first = (card->first + 1) % QUEUE;
    card->count--;
    memcpy(frame, next->bytes, next->len);
    card->received += next->len;
    return next->len;
}

struct board_net nets_board(struct nets *nets, unsigned vm)
{
    if (!nets || !nets->cards[vm].queue)
        return (struct board_net){0};
    return (struct board_net){net_out, net_in, &nets->cards[vm]};
}

uint64_t nets_bytes(const struct nets *nets, unsigned vm, bool sent)
{
    if (!nets)
        return 0;
    return sent ? nets->cards[vm].sent : nets->cards[vm].received;
}

/* ---- All of them ---- */

static enum pz_err open_card(struct nets *nets, unsigned vm, const char *text,
                             struct problem *problem)
{
    struct card *card = &nets->cards[vm];

    card->nets = nets;
    card->vm = vm;
    card->queue = calloc(QUEUE, sizeof *card->queue);
    if (!card->queue)
        return problem_memory(problem, "the network");
    card->forwards = user_text(text);
    if (card->forwards)
        return net_user_open(&card->user, from_user_net, card, problem);
    card->name = after(text, "switch=");
    return PZ_OK;
}

enum pz_err nets_open(struct nets **nets, const struct options *options,
                      struct problem *problem)
{
    const struct words *words = &options->nets;
    unsigned count = (unsigned)options->vms;
    enum pz_err err = nets_check(options, problem);

    *nets = NULL;
    if (err || !words->count)
        return err;
    *nets = calloc(1, sizeof **nets);
    if (!*nets || !((*nets)->cards = calloc(count, sizeof *(*nets)->cards)))
        return problem_memory(problem, "the network");
    (*nets)->count = count;
    for (unsigned vm = 0; !err && vm < count; vm++)
        if (options_has_net(options, vm))
            err = open_card(*nets, vm, options_word(words, vm, ""), problem);
    return err;
}

void nets_unlisten(struct nets *nets)
{
    for (unsigned vm = 0; nets && nets->listens && vm < nets->count; vm++)
        if (nets->cards[vm].user)
            net_user_unlisten(nets->cards[vm].user, nets->cards[vm].forwards);
    if (nets)
        nets->listens = false;
}

enum pz_err nets_listen(struct nets *nets, struct problem *problem)
{
    enum pz_err err = PZ_OK;

    if (!nets || nets->listens)
        return PZ_OK;
    nets->listens = true;
    for (unsigned vm = 0; !err && vm < nets->count; vm++)
        if (nets->cards[vm].user)
            err = net_user_listen(nets->cards[vm].user, nets->cards[vm].forwards, problem);
    if (err)
        nets_unlisten(nets);
    return err;
}

/* ---- State ---- */

#define STATE_KNOWN 0u /* a byte, and behind it the address */
#define STATE_LEFT 8u  /* TCP connections */
#define STATE_FRAMES 12u
#define STATE_FRAME 4u /* the length of each, before its bytes */

static const struct frame *waiting(const struct card *card, unsigned i)
{
    return &card->queue[(card->first + i) % QUEUE];
}

uint8_t *nets_pack(const struct nets *nets, unsigned vm, size_t *len)
{
    const struct card *card = nets && nets->cards[vm].queue ? &nets->cards[vm] : NULL;
    uint8_t *bytes, *at;

    *len = card ? STATE_FRAMES : 0;
    for (unsigned i = 0; card && i < card->count; i++)
        *len += STATE_FRAME + waiting(card, i)->len;
    bytes = calloc(1, *len + 1);
    if (!bytes || !card)
        return bytes;
    bytes[STATE_KNOWN] = card->known;
    memcpy(bytes + STATE_KNOWN + 1, card->address, ADDRESS);
    little_put32(bytes + STATE_LEFT, card->user ? net_user_connections(card->user) : 0);
    at = bytes + STATE_FRAMES;
    for (unsigned i = 0; i < card->count; i++) {
        const struct frame *frame = waiting(card, i);

        little_put32(at, frame->len);
        memcpy(at + STATE_FRAME, frame->bytes, frame->len);
        at += STATE_FRAME + frame->len;
    }
    return bytes;
}

static bool unpack_frames(struct card *card, const uint8_t *bytes, size_t len)
{
    while (len) {
        uint32_t frame = len < STATE_FRAME ? 0 : little_get32(bytes);

        if (!frame || frame > BOARD_FRAME_MOST || frame > len - STATE_FRAME ||
            card->count == QUEUE)
            return false;
        deliver(card, bytes + STATE_FRAME, frame);
        bytes += STATE_FRAME + frame;
        len -= STATE_FRAME + frame;
    }
    return true;
}

bool nets_unpack(struct nets *nets, unsigned vm, const uint8_t *bytes, size_t len,
                 uint32_t *left)
{
    struct card *card = nets && nets->cards[vm].queue ? &nets->cards[vm] : NULL;

    *left = 0;
    if (!len || !card)
        return true;
    if (len < STATE_FRAMES || bytes[STATE_KNOWN] > 1)
        return false;
    *left = little_get32(bytes + STATE_LEFT);
    card->known = bytes[STATE_KNOWN];
    memcpy(card->address, bytes + STATE_KNOWN + 1, ADDRESS);
    card->first = card->count = 0;
    return unpack_frames(card, bytes + STATE_FRAMES, len - STATE_FRAMES);
}

void nets_close(struct nets *nets)
{
    if (!nets)
        return;
    for (unsigned vm = 0; nets->cards && vm < nets->count; vm++) {
        if (nets->cards[vm].user)
            net_user_close(nets->cards[vm].user);
        free(nets->cards[vm].queue);
    }
    free(nets->cards);
    free(nets);
}
