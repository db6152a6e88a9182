/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server_client.c - between a page and the process of its session: a message is a line, in both
 * directions. What waits is bounded: the session of a page that sends more ends.
 */
#define _GNU_SOURCE /* SOCK_CLOEXEC and the like */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/wait.h>

#include "tools/host/host.h"
#include "tools/web/host.h"
#include "tools/web/server.h"

#define REQUESTS_MOST (2 * WEB_REQUEST_MOST) /* bytes that wait for the process... */
#define ANSWERS_MOST (256u << 20)            /* ...and for the page */
#define CHUNK 65536u
#define TRY_AGAIN_LATER 1013      /* the registry of RFC 6455's close codes */
#define PATIENCE_NS 5000000000ull /* for a process that was told to end */

/* ---- Queues ---- */

static size_t waiting(const struct server_queue *queue)
{
    return queue->len - queue->at;
}

/* Room for more at its end; NULL: no memory. */
static uint8_t *room_for(struct server_queue *queue, size_t more)
{
    if (queue->at > queue->len / 2) {
        memmove(queue->bytes, queue->bytes + queue->at, waiting(queue));
        queue->len -= queue->at;
        queue->at = 0;
    }
    if (queue->room - queue->len < more) {
        size_t room = 2 * queue->room + more;
        uint8_t *bytes = realloc(queue->bytes, room);

        if (!bytes)
            return NULL;
        queue->bytes = bytes;
        queue->room = room;
    }
    return queue->bytes + queue->len;
}

static void queue_free(struct server_queue *queue)
{
    free(queue->bytes);
    *queue = (struct server_queue){0};
}

/* ---- The process ---- */

/* In the child: in a group of its own, with whatever it starts, because Ctrl-C is the server's. It
   is told to end when the server is killed, too. */
static _Noreturn void become(pid_t parent, int fd)
{
    char *words[] = {"pz", "web", "--stdio", NULL};
    sigset_t none;

    sigemptyset(&none);
    if (itself_tie(parent, SIGTERM) && !setpgid(0, 0) && signal(SIGPIPE, SIG_DFL) != SIG_ERR &&
        signal(SIGTERM, SIG_DFL) != SIG_ERR && !sigprocmask(SIG_SETMASK, &none, NULL) &&
        dup2(fd, STDIN_FILENO) >= 0 && dup2(fd, STDOUT_FILENO) >= 0)
        (void)execv("/proc/self/exe", words);
    _exit(PZ_HOST);
}

static bool start(struct server_client *client, int fd)
{
    pid_t parent = getpid();

    client->child = fork();
    if (!client->child)
        become(parent, fd);
    return client->child > 0;
}

static void leave(struct server *server, pid_t child)
{
    for (unsigned i = 0; i < sizeof server->leaving / sizeof server->leaving[0]; i++)
        if (!server->leaving[i].child) {
            server->leaving[i] =
                (struct server_leaving){child, machine_clock(NULL) + PATIENCE_NS};
            (void)kill(-child, SIGTERM);
            return;
        }
    (void)kill(-child, SIGKILL);
    (void)waitpid(child, NULL, 0);
}

bool server_client_reap(struct server *server, bool now)
{
    bool none = true;

    for (unsigned i = 0; i < sizeof server->leaving / sizeof server->leaving[0]; i++) {
        struct server_leaving *leaving = &server->leaving[i];

        if (!leaving->child)
            continue;
        /* Again: a guest may have been started just after the first signal. */
        (void)kill(-leaving->child, SIGTERM);
        if (now || machine_clock(NULL) > leaving->patience)
            (void)kill(-leaving->child, SIGKILL);
        if (waitpid(leaving->child, NULL, WNOHANG) == leaving->child)
            leaving->child = 0;
        else
            none = false;
    }
    return none;
}

/* ---- Opening and closing ---- */

static bool take_place(struct server *server, struct server_client *client)
{
    for (unsigned i = 0; i < SERVER_CLIENTS_MOST; i++)
        if (!server->ready[i]) {
            server->ready[i] = client;
            return true;
        }
    return false;
}

bool server_client_open(struct server *server, struct server_client *client, struct lws *wsi)
{
    static const char many[] = "too many sessions";
    lws_adopt_desc_t adopted = {.vh = server->vhost,
                                .type = LWS_ADOPT_RAW_FILE_DESC,
                                .vh_prot_name = "pz-process",
                                .opaque = client};
    int fds[2];
    bool good;

    memset(client, 0, sizeof *client);
    if (!take_place(server, client)) {
        ws.close_reason(wsi, (enum lws_close_status)TRY_AGAIN_LATER,
                        (unsigned char *)(uintptr_t)many, sizeof many - 1);
        return false;
    }
    client->server = server;
    client->page = wsi;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
        return false;
    good = !fcntl(fds[0], F_SETFL, O_NONBLOCK) && start(client, fds[1]);
    close(fds[1]);
    if (!good) {
        close(fds[0]);
        return false;
    }
    adopted.fd.filefd = fds[0];
    client->process = ws.adopt_descriptor_vhost_via_info(&adopted);
    return client->process;
}

void server_client_close(struct server_client *client)
{
    struct server *server = client->server;

    if (!server)
        return;
    for (unsigned i = 0; i < SERVER_CLIENTS_MOST; i++)
        if (server->ready[i] == client)
            server->ready[i] = NULL;
    client->page = NULL;
    if (client->process) {
        ws.set_opaque_user_data(client->process, NULL);
        ws.set_timeout(client->process, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
    }
    if (client->child > 0)
        leave(server, client->child);
    queue_free(&client->to_process);
    queue_free(&client->to_page);
    client->server = NULL;
}

/* ---- From the page ---- */

/* One request is the server's own: it interrupts what the process is busy with. */
static bool is_interrupt(const struct server_client *client)
{
    json_t *request;
    const char *name;
    bool is;

    if (client->message >= sizeof client->begin)
        return false;
    request = json_loadb(client->begin, client->message, 0, NULL);
    name = json_string_value(json_object_get(request, "do"));
    is = name && !strcmp(name, "interrupt");
    json_decref(request);
    return is;
}

static int refuse(struct server_client *client, enum lws_close_status status, const char *why)
{
    ws.close_reason(client->page, status, (unsigned char *)(uintptr_t)why, strlen(why));
    return -1;
}

/* A line's end inside a message is a blank to JSON. */
static bool keep(struct server_client *client, const uint8_t *bytes, size_t len)
{
    uint8_t *to = room_for(&client->to_process, len + 1);

    if (!to)
        return false;
    for (size_t i = 0; i < len; i++) {
        to[i] = bytes[i] == '\n' || bytes[i] == '\r' ? ' ' : bytes[i];
        if (client->message < sizeof client->begin)
            client->begin[client->message] = (char)to[i];
        client->message++;
    }
    client->to_process.len += len;
    return true;
}

int server_client_take(struct server_client *client, const void *bytes, size_t len)
{
    size_t coming = len + ws.remaining_packet_payload(client->page);

    if (!client->process)
        return -1;
    if (ws.frame_is_binary(client->page))
        return refuse(client, LWS_CLOSE_STATUS_UNACCEPTABLE_OPCODE, "requests are text");
    if (ws.is_first_fragment(client->page))
        client->message = 0;
    if (coming > WEB_REQUEST_MOST || client->message + coming > WEB_REQUEST_MOST ||
        waiting(&client->to_process) + len > REQUESTS_MOST)
        return refuse(client, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, "the request is too long");
    if (!keep(client, bytes, len))
        return -1;
    if (ws.is_final_fragment(client->page)) {
        if (is_interrupt(client)) {
            client->to_process.len -= client->message;
            (void)kill(client->child, SIGINT);
        } else {
            client->to_process.bytes[client->to_process.len++] = '\n';
        }
    }
    (void)ws.callback_on_writable(client->process);
    return 0;
}

int server_client_write(struct server_client *client)
{
    struct server_queue *queue = &client->to_process;
    ssize_t sent = 0;

    if (waiting(queue))
        sent = write(ws.get_socket_fd(client->process), queue->bytes + queue->at,
                     waiting(queue) < CHUNK ? waiting(queue) : CHUNK);
    if (sent < 0 && errno != EAGAIN && errno != EINTR)
        return -1;
    queue->at += sent > 0 ? (size_t)sent : 0;
    return 0;
}

/* The library forgets what is asked for in the callback above. */
void server_client_tend(struct server *server)
{
    for (unsigned i = 0; i < SERVER_CLIENTS_MOST; i++) {
        struct server_client *client = server->ready[i];

        if (client && client->process && waiting(&client->to_process))
            (void)ws.callback_on_writable(client->process);
    }
}

/* ---- From the process ---- */

int server_client_read(struct server_client *client)
{
    struct server_queue *queue = &client->to_page;
    uint8_t *to = room_for(queue, LWS_PRE + CHUNK);
    ssize_t got;

    if (!to || queue->len > ANSWERS_MOST)
        return -1;
    got = read(ws.get_socket_fd(client->process), to, CHUNK);
    if (got < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : -1;
    if (!got)
        return -1;
    queue->len += (size_t)got;
    if (client->page)
        (void)ws.callback_on_writable(client->page);
    return 0;
}

/* A line that is complete goes as one message. */
int server_client_give(struct server_client *client)
{
    struct server_queue *queue = &client->to_page;
    uint8_t *line = queue->bytes + queue->at, *end, *copy;
    size_t len;
    bool good;

    if (!waiting(queue))
        return 0;
    end = memchr(line + client->line, '\n', waiting(queue) - client->line);
    if (!end) {
        client->line = waiting(queue);
        return 0;
    }
    len = (size_t)(end - line);
    copy = malloc(LWS_PRE + len + 1);
    if (!copy)
        return -1;
    memcpy(copy + LWS_PRE, line, len);
    good = ws.write(client->page, copy + LWS_PRE, len, LWS_WRITE_TEXT) >= 0;
    free(copy);
    queue->at += len + 1;
    client->line = 0;
    if (waiting(queue))
        (void)ws.callback_on_writable(client->page);
    return good ? 0 : -1;
}
