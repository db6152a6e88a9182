/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.c - `pz web`: listens on the loopback interface alone, prints the address to open, and
 * runs the loop until Ctrl-C. Each session is a process of its own (`pz web --stdio`), so that one
 * that is busy holds up no other.
 */
#include "tools/web/server.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/random.h>

#include "tools/host/host.h"
#include "tools/web/command.h"
#include "tools/web/folder.h"
#include "tools/web/host.h"

#define RX_SIZE 65536

/* A signal handler has no owner. */
static struct server *serving;
static volatile sig_atomic_t over;

static void on_end(int number)
{
    (void)number;
    over = 1;
    ws.cancel_service(serving->context);
}

/* ---- What libwebsockets tells ---- */

static struct server *server_of(struct lws *wsi)
{
    return ws.context_user(ws.get_context(wsi));
}

/* The connection of a page: its files, then perhaps its session. */
static int on_page(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                   size_t len)
{
    struct server_client *client = user;

    switch ((int)reason) {
    case LWS_CALLBACK_HTTP: return server_page_answer(server_of(wsi), wsi, in);
    case LWS_CALLBACK_HTTP_FILE_COMPLETION: return ws.http_transaction_completed(wsi) ? -1 : 0;
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return server_page_admits(server_of(wsi), wsi) ? 0 : -1;
    case LWS_CALLBACK_ESTABLISHED:
        return server_client_open(server_of(wsi), client, wsi) ? 0 : -1;
    case LWS_CALLBACK_RECEIVE: return server_client_take(client, in, len);
    case LWS_CALLBACK_SERVER_WRITEABLE: return server_client_give(client);
    case LWS_CALLBACK_CLOSED: server_client_close(client); return 0;
    default: return ws.callback_http_dummy(wsi, reason, user, in, len);
    }
}

/* The connection to a session's process. */
static int on_process(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                      size_t len)
{
    struct server_client *client = ws.get_opaque_user_data(wsi);

    (void)user, (void)in, (void)len;
    if (!client)
        return 0;
    switch ((int)reason) {
    case LWS_CALLBACK_RAW_RX_FILE: return server_client_read(client);
    case LWS_CALLBACK_RAW_WRITEABLE_FILE: return server_client_write(client);
    case LWS_CALLBACK_RAW_CLOSE_FILE:
        client->process = NULL;
        if (client->page)
            ws.set_timeout(client->page, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
        return 0;
    default: return 0;
    }
}

static const struct lws_protocols protocols[] = {
    {"pz-web", on_page, sizeof(struct server_client), RX_SIZE, 0, NULL, 0},
    {"pz-process", on_process, 0, RX_SIZE, 0, NULL, 0},
    {NULL, NULL, 0, 0, 0, NULL, 0},
};

/* ---- The address ---- */

static bool make_secret(char text[SERVER_SECRET])
{
    uint8_t bytes[SERVER_SECRET / 2];

    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return false;
    for (unsigned i = 0; i < sizeof bytes; i++)
        (void)!snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    return true;
}

bool server_invite(struct server *server)
{
    if (!make_secret(server->token))
        return false;
    fprintf(stderr, "pz web: open http://127.0.0.1:%u/?token=%s\n", server->port,
            server->token);
    return true;
}

static void find_page(struct server *server)
{
    if (home_page("index.html", server->folder, sizeof server->folder)) {
        *strrchr(server->folder, '/') = '\0';
        return;
    }
    server->folder[0] = '\0';
    fputs("pz web: the page is not there, only its protocol is served: pz doctor says why\n",
          stderr);
}

/* ---- Serving ---- */

static enum pz_err listen_at(struct server *server, uint64_t port, struct problem *problem)
{
    struct lws_context_creation_info info = {
        .port = (int)port,
        .iface = "127.0.0.1",
        .protocols = protocols,
        .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DISABLE_IPV6 |
                   LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND,
        .user = server,
        .gid = (gid_t)-1,
        .uid = (uid_t)-1,
        .vhost_name = "127.0.0.1",
        .timeout_secs = 20,
        .keepalive_timeout = 60,
        .max_http_header_data = 8192,
    };

    ws.set_log_level(0, NULL);
    server->context = ws.create_context(&info);
    if (server->context)
        server->vhost = ws.create_vhost(server->context, &info);
    if (!server->vhost)
        return problem_set(
            problem, PZ_HOST,
            "cannot listen at port %u of this host: is it in use? Without --port any "
            "free one is taken",
            (unsigned)port);
    server->port = (unsigned)ws.get_vhost_listen_port(server->vhost);
    return PZ_OK;
}

static void catch_signals(struct server *server)
{
    struct sigaction action = {.sa_handler = on_end};

    serving = server;
    sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

static void serve(struct server *server)
{
    while (!over && ws.service(server->context, 0) >= 0) {
        server_client_tend(server);
        (void)server_client_reap(server, false);
    }
}

/* Sessions make their folders in one of the server's, which goes when they have ended: also those
   of sessions that had to be killed. */
static enum pz_err make_sessions(struct server *server, struct problem *problem)
{
    enum pz_err err = folder_make(&server->sessions, problem);

    if (!err && setenv("TMPDIR", server->sessions.path, 1))
        err = problem_memory(problem, "the environment");
    return err;
}

/* All sessions end, in a few seconds at the most. */
static void finish(struct server *server)
{
    if (server->context)
        ws.context_destroy(server->context);
    while (!server_client_reap(server, false))
        (void)usleep(1000 * 10);
    folder_remove(&server->sessions);
}

enum pz_err command_serve(const struct options *options, struct problem *problem)
{
    const struct parse_range range = {0, 65535};
    struct server *server = calloc(1, sizeof *server);
    uint64_t port = 0;
    enum pz_err err = PZ_OK;

    if (!server)
        return problem_memory(problem, "the server");
    if (options->port)
        err = parse_count("--port", options->port, range, &port, problem);
    if (!err)
        err = server_library_load(problem);
    if (!err)
        err = listen_at(server, port, problem);
    if (!err) {
        catch_signals(server);
        err = make_sessions(server, problem);
    }
    if (!err) {
        find_page(server);
        server_page_headers(server);
        if (make_secret(server->cookie) && server_invite(server))
            serve(server);
        else
            err = problem_set(problem, PZ_HOST, "the host gives no random numbers");
    }
    finish(server);
    free(server);
    return err;
}
