/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * peer.h - the process at the other end of a socket. Both ends of a migration tell which process
 * they are. Where the kernel names the same one for the socket, nothing is between them: no other
 * socket, no ssh. Then what was written before a process ended is read before the end is, and
 * whether a process has ended is not a guess.
 */
#ifndef PZ_TOOLS_MIGRATE_PEER_H
#define PZ_TOOLS_MIGRATE_PEER_H

#include <stdbool.h>

#include <sys/types.h>

#define PEER_TEXT 96

struct peer {
    int pidfd; /* -1: the kernel does not tell */
    bool direct;
};

/* Which process this is: no other, on no machine since it was started, is the same. */
void peer_self(char text[PEER_TEXT]);

/* The one at the other end, which says of itself who it is. To be closed. */
void peer_open(struct peer *peer, int fd, const char *says);
void peer_close(struct peer *peer);

/* Has it ended, for sure? Waits up to `ms` for it. */
bool peer_has_ended(const struct peer *peer, int ms);

#endif
