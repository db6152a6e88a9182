/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * net_user.c - libslirp and its sockets. Addresses as QEMU's: the guest is 10.0.2.15, the router
 * 10.0.2.2, the name server 10.0.2.3. Only libslirp sees the host's clock.
 */
#include "tools/host/net_user.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <arpa/inet.h>

#define FORWARD ",hostfwd="
#define FORWARD_HELP "hostfwd=tcp:[HOST]:PORT-[GUEST]:PORT, or udp:"

/* One forwarded port. */
struct forward {
    bool udp;
    struct in_addr host, guest;
    int host_port, guest_port;
};

static enum pz_err bad_forward(const char *text, struct problem *problem)
{
    return problem_set(problem, PZ_USAGE, "--net user: '%.60s' is not " FORWARD_HELP, text);
}

/* [ADDRESS]:PORT, up to the character `end`. */
static const char *parse_place(const char *text, char end, struct in_addr *address, int *port)
{
    const char *colon = strchr(text, ':');
    char room[INET_ADDRSTRLEN], *rest;
    long value;

    if (!colon || colon - text >= INET_ADDRSTRLEN)
        return NULL;
    snprintf(room, sizeof room, "%.*s", (int)(colon - text), text);
    if (colon != text && inet_pton(AF_INET, room, address) != 1)
        return NULL;
    value = strtol(colon + 1, &rest, 10);
    if (rest == colon + 1 || *rest != end || value < 1 || value > UINT16_MAX)
        return NULL;
    *port = (int)value;
    return rest;
}

static bool parse_forward(const char *text, struct forward *forward)
{
    const char *at = text;

    *forward = (struct forward){.udp = !strncmp(text, "udp:", 4)};
    forward->host.s_addr = htonl(INADDR_LOOPBACK);
    if (!forward->udp && strncmp(text, "tcp:", 4))
        return false;
    at = parse_place(at + 4, '-', &forward->host, &forward->host_port);
    return at && parse_place(at + 1, '\0', &forward->guest, &forward->guest_port);
}

/* Calls `each` with every forward of the text. */
static enum pz_err each_forward(const char *text, struct net_user *user,
                                enum pz_err (*each)(struct net_user *user,
                                                    const struct forward *forward,
                                                    struct problem *problem),
                                struct problem *problem)
{
    enum pz_err err = PZ_OK;

    while (!err && *text) {
        struct forward forward;
        size_t len;
        char one[64];

        if (strncmp(text, FORWARD, sizeof FORWARD - 1))
            return bad_forward(text + 1, problem);
        text += sizeof FORWARD - 1;
        len = strcspn(text, ",");
        snprintf(one, sizeof one, "%.*s", (int)len, text);
        if (len >= sizeof one || !parse_forward(one, &forward))
            return bad_forward(text, problem);
        err = each ? each(user, &forward, problem) : PZ_OK;
        text += len;
    }
    return err;
}

enum pz_err net_user_check(const char *text, struct problem *problem)
{
    return each_forward(text, NULL, NULL, problem);
}

#if PZ_HAVE_SLIRP

#include <slirp/libslirp.h>

#define POLLS_MOST 512u

struct net_user {
    Slirp *slirp;
    net_user_deliver *deliver;
    void *owner;
    struct pollfd fds[POLLS_MOST];
    unsigned count;
};

static ssize_t send_packet(const void *bytes, size_t len, void *opaque)
{
    struct net_user *user = opaque;

    user->deliver(user->owner, bytes, len);
    return (ssize_t)len;
}

static void guest_error(const char *message, void *opaque)
{
    (void)message, (void)opaque; /* a guest may send what it likes */
}

static int64_t clock_ns(void *opaque)
{
    struct timespec now;

    (void)opaque;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Timers are for router advertisements of IPv6, which is off. */
static void *timer_new(SlirpTimerCb callback, void *callback_opaque, void *opaque)
{
    (void)callback, (void)callback_opaque;
    return opaque;
}

static void timer_free(void *timer, void *opaque)
{
    (void)timer, (void)opaque;
}

static void timer_mod(void *timer, int64_t expire_time, void *opaque)
{
    (void)timer, (void)expire_time, (void)opaque;
}

/* Which sockets there are is asked anew at each poll. */
static void poll_fd(int fd, void *opaque)
{
    (void)fd, (void)opaque;
}

static void notify(void *opaque)
{
    (void)opaque;
}

static const SlirpCb callbacks = {
    .send_packet = send_packet,
    .guest_error = guest_error,
    .clock_get_ns = clock_ns,
    .timer_new = timer_new,
    .timer_free = timer_free,
    .timer_mod = timer_mod,
    .register_poll_fd = poll_fd,
    .unregister_poll_fd = poll_fd,
    .notify = notify,
};

static enum pz_err add_forward(struct net_user *user, const struct forward *forward,
                               struct problem *problem)
{
    char host[INET_ADDRSTRLEN] = "";

    if (!slirp_add_hostfwd(user->slirp, forward->udp, forward->host, forward->host_port,
                           forward->guest, forward->guest_port))
        return PZ_OK;
    (void)inet_ntop(AF_INET, &forward->host, host, sizeof host);
    return problem_set(problem, PZ_USAGE,
                       "--net user: port %d of %s cannot be forwarded: %s: choose another",
                       forward->host_port, host, strerror(errno));
}

static enum pz_err remove_forward(struct net_user *user, const struct forward *forward,
                                  struct problem *problem)
{
    (void)problem;
    (void)slirp_remove_hostfwd(user->slirp, forward->udp, forward->host, forward->host_port);
    return PZ_OK;
}

enum pz_err net_user_listen(struct net_user *user, const char *text, struct problem *problem)
{
    enum pz_err err = each_forward(text, user, add_forward, problem);

    if (err)
        net_user_unlisten(user, text);
    return err;
}

void net_user_unlisten(struct net_user *user, const char *text)
{
    struct problem unheard;

    (void)!each_forward(text, user, remove_forward, &unheard);
}

/* libslirp tells people only: a line for each. */
unsigned net_user_connections(const struct net_user *user)
{
    char *text = slirp_connection_info(user->slirp);
    unsigned count = 0;

    for (const char *at = text; at && (at = strstr(at, "TCP[ESTABLISHED]")); at++)
        count++;
    free(text);
    return count;
}

enum pz_err net_user_open(struct net_user **opened, net_user_deliver *deliver, void *owner,
                          struct problem *problem)
{
    struct net_user *user = calloc(1, sizeof *user);
    SlirpConfig config = {.version = 1, .in_enabled = true};

    *opened = user;
    if (!user)
        return problem_memory(problem, "the network");
    user->deliver = deliver;
    user->owner = owner;
    config.vnetwork.s_addr = inet_addr("10.0.2.0");
    config.vnetmask.s_addr = inet_addr("255.255.255.0");
    config.vhost.s_addr = inet_addr("10.0.2.2");
    config.vdhcp_start.s_addr = inet_addr("10.0.2.15");
    config.vnameserver.s_addr = inet_addr("10.0.2.3");
    user->slirp = slirp_new(&config, &callbacks, user);
    if (!user->slirp)
        return problem_set(problem, PZ_HOST, "--net user: libslirp cannot start");
    return PZ_OK;
}

void net_user_close(struct net_user *user)
{
    if (user->slirp)
        slirp_cleanup(user->slirp);
    free(user);
}

void net_user_send(struct net_user *user, const uint8_t *frame, uint32_t len)
{
    slirp_input(user->slirp, frame, (int)len);
}

static const struct {
    int slirp;
    short poll;
} events[] = {{SLIRP_POLL_IN, POLLIN},
              {SLIRP_POLL_OUT, POLLOUT},
              {SLIRP_POLL_PRI, POLLPRI},
              {SLIRP_POLL_ERR, POLLERR},
              {SLIRP_POLL_HUP, POLLHUP}};
#define EVENTS (sizeof events / sizeof events[0])

static int add_poll(int fd, int wanted, void *opaque)
{
    struct net_user *user = opaque;
    struct pollfd *entry = &user->fds[user->count];

    if (user->count == POLLS_MOST)
        return -1;
    *entry = (struct pollfd){.fd = fd};
    for (unsigned i = 0; i < EVENTS; i++)
        if (wanted & events[i].slirp)
            entry->events |= events[i].poll;
    return (int)user->count++;
}

static int get_revents(int index, void *opaque)
{
    const struct net_user *user = opaque;
    int got = 0;

    for (unsigned i = 0; index >= 0 && i < EVENTS; i++)
        if (user->fds[index].revents & events[i].poll)
            got |= events[i].slirp;
    return got;
}

void net_user_poll(struct net_user *user, int ms)
{
    uint32_t timeout = (uint32_t)ms;
    int ready;

    user->count = 0;
    slirp_pollfds_fill(user->slirp, &timeout, add_poll, user);
    ready = poll(user->fds, user->count, (int)timeout);
    slirp_pollfds_poll(user->slirp, ready < 0, get_revents, user);
}

#else /* without libslirp */

enum pz_err net_user_open(struct net_user **user, net_user_deliver *deliver, void *owner,
                          struct problem *problem)
{
    (void)deliver, (void)owner;
    *user = NULL;
    return problem_set(
        problem, PZ_USAGE,
        "--net user: this pz was built without libslirp: install libslirp-dev and "
        "build again");
}

enum pz_err net_user_listen(struct net_user *user, const char *text, struct problem *problem)
{
    (void)user, (void)text, (void)problem;
    return PZ_OK;
}

void net_user_unlisten(struct net_user *user, const char *text)
{
    (void)user, (void)text;
}

unsigned net_user_connections(const struct net_user *user)
{
    (void)user;
    return 0;
}

void net_user_close(struct net_user *user)
{
    (void)user;
}

void net_user_send(struct net_user *user, const uint8_t *frame, uint32_t len)
{
    (void)user, (void)frame, (void)len;
}

void net_user_poll(struct net_user *user, int ms)
{
    (void)user, (void)ms;
}

#endif
