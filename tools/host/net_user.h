/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * net_user.h - a user-mode network for one card: 10.0.2.0/24 with a router and a name server,
 * like QEMU's `user` network, by libslirp.
 */
#ifndef PZ_TOOLS_HOST_NET_USER_H
#define PZ_TOOLS_HOST_NET_USER_H

#include <poll.h>

#include "tools/base/base.h"

struct net_user;

/* A frame for the guest has come in. */
typedef void net_user_deliver(void *owner, const uint8_t *frame, size_t len);

/*
 * A network that listens at no port yet. Elsewhere `text` is what follows "user": "" or
 * ",hostfwd=tcp:[HOST]:PORT-[GUEST]:PORT..."
 */
enum pz_err net_user_open(struct net_user **user, net_user_deliver *deliver, void *owner,
                          struct problem *problem) PZ_MUST_CHECK;
void net_user_close(struct net_user *user);

/* Listen at the ports of the text, or no more: other processes may. Connections stay. */
enum pz_err net_user_listen(struct net_user *user, const char *text,
                            struct problem *problem) PZ_MUST_CHECK;
void net_user_unlisten(struct net_user *user, const char *text);

/* TCP connections of the guest's that are open. */
unsigned net_user_connections(const struct net_user *user);

/* Is the text good? */
enum pz_err net_user_check(const char *text, struct problem *problem) PZ_MUST_CHECK;

/* A frame from the guest. */
void net_user_send(struct net_user *user, const uint8_t *frame, uint32_t len);

/* Let come in what has come, after waiting for it for up to `ms`. */
void net_user_poll(struct net_user *user, int ms);

#endif
