/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * socket.h - sockets for server.c: TCP on the loopback interface unless another host is
 * asked for, or a socket in the file system that only its owner may use.
 */
#ifndef PZ_TOOLS_GDB_SOCKET_H
#define PZ_TOOLS_GDB_SOCKET_H

#include <stddef.h>

#include "tools/base/base.h"

#define GDB_SOCKET_NAME 160

struct gdb_socket {
    int fd;                     /* -1: not open */
    char name[GDB_SOCKET_NAME]; /* as gdb's `target remote` wants it */
    bool open_to_others;        /* more than this host can reach it */
    char path[108];             /* to be removed at the end; "" for none */
};

/* "[HOST:]PORT", where port 0 is any that is free, or "unix:PATH". */
enum pz_err gdb_socket_listen(struct gdb_socket *socket, const char *address,
                              struct problem *problem) PZ_MUST_CHECK;
void gdb_socket_close(struct gdb_socket *socket);

/* The next client, without waiting, -1 for none. Its socket does not block and sends SIGIO. */
int gdb_socket_accept(const struct gdb_socket *socket);

/* All of it. False: the other side is gone, or takes nothing for seconds. */
bool gdb_socket_send(int fd, const void *bytes, size_t len) PZ_MUST_CHECK;

/* Is there something to be read? Waits up to `ms`. */
bool gdb_socket_ready(int fd, int ms);

/* Has the other side closed its end? What it has sent before may still wait to be read. */
bool gdb_socket_left(int fd);

/* Tell a client that another one is being served, and let it go. */
void gdb_socket_refuse(int fd);

#endif
