/* SPDX-License-Identifier: GPL-2.0-or-later */
/* server.c - sockets that do not block, and buffers that do not grow. */
#define _GNU_SOURCE
#include "tools/control/server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/stat.h>

#define LOOK_NS 1000000u
/* Requests of one client at one look: the others and the guests wait meanwhile. */
#define REQUESTS_MOST 16u

/* By --name or --control; "": there is none. */
static enum pz_err find_path(const struct options *options, char path[RUNTIME_PATH],
                             struct problem *problem)
{
    const char *name = options->control ? options->control : options->name;

    *path = '\0';
    if (!name)
        return PZ_OK;
    if (options->control && strncmp(name, "unix:", 5))
        return problem_set(problem, PZ_USAGE, "--control: it takes unix:PATH");
    return runtime_socket(name, path, problem);
}

enum pz_err control_check(const struct options *options, struct problem *problem)
{
    char path[RUNTIME_PATH];
    enum pz_err err = find_path(options, path, problem);

    if (err || !*path || !localsocket_is_none(path))
        return err;
    errno = EADDRINUSE;
    return localsocket_refused(path, "another run has this name", problem);
}

enum pz_err control_open(struct control *control, const struct options *options,
                         struct problem *problem)
{
    enum pz_err err;

    control->fd = -1;
    err = find_path(options, control->path, problem);
    if (err || !*control->path)
        return err;
    control->fd = localsocket_listen(control->path);
    if (control->fd >= 0 && !fcntl(control->fd, F_SETFL, O_NONBLOCK))
        return PZ_OK;
    return localsocket_refused(control->path, "another run has this name", problem);
}

static void drop(struct control_client *client)
{
    close(client->fd);
    free(client->answers);
    *client = (struct control_client){.open = false};
}

void control_start(struct control *control, const struct request_host *host)
{
    control->requests.host = *host;
}

/* ---- One client ---- */

/* False: it does not read what it asked for. What is read in time may be of any length. */
static bool put(struct control_client *client, const char *text, size_t len)
{
    char *more;

    if (client->waiting > CONTROL_ANSWERS)
        return false;
    more = realloc(client->answers, client->waiting + len);
    if (!more)
        return false;
    memcpy(more + client->waiting, text, len);
    client->answers = more;
    client->waiting += len;
    return true;
}

static bool answer(struct control_client *client, json_t *document)
{
    char *text = document ? json_dumps(document, JSON_COMPACT) : NULL;
    size_t len = text ? strlen(text) : 0;
    bool kept = false;

    if (text) {
        text[len] = '\n'; /* a line has an end where a string has */
        kept = put(client, text, len + 1);
    }
    json_decref(document);
    free(text);
    return kept;
}

static bool send_some(struct control_client *client)
{
    ssize_t sent;

    if (!client->waiting)
        return !client->ended || client->len;
    sent = send(client->fd, client->answers, client->waiting, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0)
        return errno == EAGAIN || errno == EINTR;
    client->waiting -= (size_t)sent;
    memmove(client->answers, client->answers + sent, client->waiting);
    return client->waiting || !client->ended || client->len;
}

/* True: there was a line, and it is answered. False: there is none, or client->ended. */
static bool take_line(struct control *control, struct control_client *client)
{
    json_t *document;
    char *end = memchr(client->line, '\n', client->len);
    size_t len;

    if (!end)
        return false;
    len = (size_t)(end - client->line);
    client->len -= len + 1;
    document = request_answer(&control->requests, client->line, len);
    client->waits = control->requests.deferred;
    control->requests.deferred = false;
    if (client->waits || answer(client, document)) {
        client->console = control->requests.console;
        memmove(client->line, end + 1, client->len);
        return client->console == REQUESTS_NO_CONSOLE && !client->waits;
    }
    client->ended = true;
    client->len = 0;
    return false;
}

static void ignore(struct control_client *client)
{
    ssize_t got = recv(client->fd, client->line, CONTROL_LINE, MSG_DONTWAIT);

    client->len = 0;
    client->ended = !got || (got < 0 && errno != EAGAIN && errno != EINTR);
    if (!client->waiting)
        (void)shutdown(client->fd, SHUT_WR);
}

/* ---- One that is attached to a console ---- */

/* What is typed waits at the client until the guest has read what was typed before. */
static size_t type(struct input *input, const char *bytes, size_t len)
{
    size_t typed = 0;

    while (typed < len && input->key_count < INPUT_KEYS)
        input_key(input, (uint8_t)bytes[typed++]);
    return typed;
}

/* It may have stopped typing and still look; or have gone. */
static bool has_gone(const struct control_client *client)
{
    struct pollfd about = {.fd = client->fd};

    return client->silent && poll(&about, 1, 0) > 0;
}

static bool may_type(const struct request_host *host, const struct control_client *client)
{
    return !client->ended && !client->silent && !client->len &&
           host->session->ports[client->console].input.key_count < INPUT_KEYS;
}

static void hear_keys(struct control *control, struct control_client *client)
{
    const struct request_host *host = &control->requests.host;
    struct input *input = &host->session->ports[client->console].input;
    size_t typed = type(input, client->line, client->len);
    ssize_t got;

    client->len -= typed;
    memmove(client->line, client->line + typed, client->len);
    client->ended = !vm_alive(&host->machine->vms[client->console]) || has_gone(client);
    if (client->ended)
        client->len = 0;
    if (!may_type(host, client))
        return;
    got = recv(client->fd, client->line, INPUT_KEYS - input->key_count, MSG_DONTWAIT);
    client->silent = !got;
    if (got > 0) {
        client->heard = control->looked;
        (void)type(input, client->line, (size_t)got);
    }
}

void control_printed(void *owner, unsigned vm, const uint8_t *bytes, uint32_t len)
{
    struct control *control = owner;

    for (unsigned i = 0; i < CONTROL_CLIENTS; i++) {
        struct control_client *client = &control->clients[i];

        if (client->open && client->console == (int)vm &&
            !put(client, (const char *)bytes, len))
            drop(client);
    }
}

/* ---- Requests ---- */

static void hear(struct control *control, struct control_client *client)
{
    ssize_t got;
    unsigned served = 0;

    if (client->console != REQUESTS_NO_CONSOLE) {
        hear_keys(control, client);
        return;
    }
    if (client->deaf) {
        ignore(client);
        return;
    }
    if (client->waits)
        return;
    while (served < REQUESTS_MOST && take_line(control, client))
        served++;
    if (client->ended || client->waits || served == REQUESTS_MOST ||
        client->console != REQUESTS_NO_CONSOLE)
        return;
    if (client->len == CONTROL_LINE) {
        (void)answer(client, request_refusal("a line is too long"));
        client->deaf = true;
        return;
    }
    got =
        recv(client->fd, client->line + client->len, CONTROL_LINE - client->len, MSG_DONTWAIT);
    if (got > 0) {
        client->len += (size_t)got;
        client->heard = control->looked;
    } else if (!got || (errno != EAGAIN && errno != EINTR)) {
        client->ended = true;
    }
    while (served < REQUESTS_MOST && take_line(control, client))
        served++;
    if (client->console == REQUESTS_NO_CONSOLE && client->ended &&
        !memchr(client->line, '\n', client->len))
        client->len = 0; /* half a line at its end */
}

/* ---- All of them ---- */

/* It is silent because it waits for a migration to end, or looks at a console. */
static bool is_busy(const struct control_client *client)
{
    return client->waits || client->console != REQUESTS_NO_CONSOLE;
}

static bool gives_way(const struct control_client *client, const struct control_client *other)
{
    if (is_busy(client) != is_busy(other))
        return is_busy(other);
    return client->heard < other->heard;
}

/* A free place, or that of who has been silent for longest. */
static struct control_client *place(struct control *control)
{
    struct control_client *place = &control->clients[0];

    for (unsigned i = 0; i < CONTROL_CLIENTS && place->open; i++)
        if (!control->clients[i].open || gives_way(&control->clients[i], place))
            place = &control->clients[i];
    return place;
}

static void let_in(struct control *control)
{
    for (unsigned i = 0; i < CONTROL_CLIENTS; i++) {
        int fd = accept4(control->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        struct control_client *client =
            fd < 0 || !localsocket_is_owner(fd) ? NULL : place(control);

        if (fd < 0)
            return;
        if (!client) {
            close(fd);
            continue;
        }
        if (client->open)
            drop(client);
        *client = (struct control_client){
            .fd = fd, .open = true, .heard = control->looked, .console = REQUESTS_NO_CONSOLE};
    }
}

/* Whoever has waited for it gets it; if nobody does any more, nobody. */
static void tell_late(struct control *control)
{
    json_t *document = request_late(&control->requests);

    for (unsigned i = 0; document && i < CONTROL_CLIENTS; i++)
        if (control->clients[i].waits) {
            control->clients[i].waits = false;
            if (!answer(&control->clients[i], json_incref(document)))
                control->clients[i].ended = true;
        }
    json_decref(document);
}

void control_look(struct control *control)
{
    uint64_t now;

    if (control->fd < 0)
        return;
    now = machine_clock(NULL);
    if (now - control->looked < LOOK_NS)
        return;
    control->looked = now;
    meters_look(control->requests.host.meters, now);
    let_in(control);
    tell_late(control);
    for (unsigned i = 0; i < CONTROL_CLIENTS; i++) {
        struct control_client *client = &control->clients[i];

        if (client->open && (!client->ended || client->len))
            hear(control, client);
        if (client->open && !send_some(client))
            drop(client);
    }
}

void control_close(struct control *control)
{
    tell_late(control);
    for (unsigned i = 0; i < CONTROL_CLIENTS; i++)
        if (control->clients[i].open) {
            (void)send_some(&control->clients[i]);
            drop(&control->clients[i]);
        }
    json_decref(control->requests.id);
    if (control->fd < 0)
        return;
    close(control->fd);
    unlink(control->path);
    control->fd = -1;
}

static bool listens(const struct control *control, const struct control_client *client)
{
    return client->console == REQUESTS_NO_CONSOLE ? !client->ended
                                                  : may_type(&control->requests.host, client);
}

bool control_wait(struct control *control, int ms)
{
    struct pollfd fds[CONTROL_CLIENTS + 1] = {{.fd = control->fd, .events = POLLIN}};
    nfds_t count = 1;

    if (control->fd < 0)
        return false;
    for (unsigned i = 0; i < CONTROL_CLIENTS; i++) {
        const struct control_client *client = &control->clients[i];
        short in = listens(control, client) ? POLLIN : 0, out = client->waiting ? POLLOUT : 0;

        if (client->open)
            fds[count++] = (struct pollfd){.fd = client->fd, .events = (short)(in | out)};
    }
    (void)poll(fds, count, ms);
    return true;
}
