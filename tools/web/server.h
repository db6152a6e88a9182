/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.h - the parts of the server: one loop, on which libwebsockets serves pages (server_page.c)
 * and connects each of their sessions to a process of its own (server_client.c).
 */
#ifndef PZ_TOOLS_WEB_SERVER_H
#define PZ_TOOLS_WEB_SERVER_H

#include <sys/types.h>

#include "tools/base/base.h"
#include "tools/web/folder.h"
#include "tools/web/server_library.h"

#define SERVER_SECRET 33u      /* 128 bits in hexadecimal, and the end */
#define SERVER_CLIENTS_MOST 8u /* sessions at the same time */

/* Bytes on their way. */
struct server_queue {
    uint8_t *bytes;
    size_t at, len, room;
};

/* A page's session: the connection to it, and to its process. */
struct server_client {
    struct server *server; /* NULL: this connection is no session */
    struct lws *page, *process;
    pid_t child;
    struct server_queue to_process, to_page;
    size_t message; /* bytes of the message that comes */
    size_t line;    /* bytes of to_page that are known to have no line's end */
    char begin[64]; /* of that message, for what the server does itself */
};

/* A process that was told to end. */
struct server_leaving {
    pid_t child;
    uint64_t patience; /* machine_clock() when it is killed */
};

struct server {
    struct lws_context *context;
    struct lws_vhost *vhost;
    unsigned port;
    char folder[PATH_ROOM];     /* of the page's files; "" if there are none */
    struct folder sessions;     /* where sessions have their folders */
    char token[SERVER_SECRET];  /* in the address that a person opens; good once */
    char cookie[SERVER_SECRET]; /* what a browser has afterwards */
    char headers[1024];         /* of every answer */
    struct server_client *ready[SERVER_CLIENTS_MOST];
    struct server_leaving leaving[SERVER_CLIENTS_MOST * 4];
};

/* ---- server.c ---- */

/* A new token, and its address on standard error. */
bool server_invite(struct server *server);

/* ---- server_page.c ---- */

/* Fill in the headers of every answer. */
void server_page_headers(struct server *server);

/* Answer a request for a file. As a callback of libwebsockets returns. */
int server_page_answer(struct server *server, struct lws *wsi, const char *path);

/* May this request be a session's? Else it has been refused. */
bool server_page_admits(const struct server *server, struct lws *wsi);

/* ---- server_client.c ---- */

/* False: there are too many, or the host refuses. */
bool server_client_open(struct server *server, struct server_client *client,
                        struct lws *wsi) PZ_MUST_CHECK;
void server_client_close(struct server_client *client);

/* From and to the page, and the process. As a callback of libwebsockets returns. */
int server_client_take(struct server_client *client, const void *bytes, size_t len);
int server_client_give(struct server_client *client);
int server_client_read(struct server_client *client);
int server_client_write(struct server_client *client);

/* After each turn of the loop: ask for what is still to be written. */
void server_client_tend(struct server *server);

/* Processes that were told to end: take them, kill those that do not. True: there are none. */
bool server_client_reap(struct server *server, bool now);

#endif
