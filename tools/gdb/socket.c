/* SPDX-License-Identifier: GPL-2.0-or-later */
/* socket.c - see socket.h. */
#define _GNU_SOURCE
#include "tools/gdb/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "tools/base/base.h"

#define SEND_MS 5000  /* for a client that does not read */
#define REFUSE_MS 200 /* for one that is sent away to have said what it says first */
#define REFUSE_READS 8
#define LOOPBACK "127.0.0.1"

/* A signal when something comes, so that a run can be interrupted. */
static bool make_async(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    return flags >= 0 && !fcntl(fd, F_SETOWN, getpid()) &&
           !fcntl(fd, F_SETFL, flags | O_NONBLOCK | O_ASYNC);
}

/* ---- unix:PATH ---- */

static enum pz_err listen_path(struct gdb_socket *self, const char *path,
                               struct problem *problem)
{
    if (!*path || strlen(path) > LOCALSOCKET_PATH)
        return problem_set(problem, PZ_USAGE,
                           "--gdb unix:PATH: a path of 1 to %u characters, not '%.120s'",
                           LOCALSOCKET_PATH, path);
    self->fd = localsocket_listen(path);
    if (self->fd < 0)
        return problem_set(problem, PZ_HOST, "--gdb: %.120s: %s", path, strerror(errno));
    strcpy(self->path, path);
    (void)!snprintf(self->name, sizeof self->name, "%s", path);
    return PZ_OK;
}

/* ---- [HOST:]PORT ---- */

struct host_port {
    char host[80];
    uint64_t port;
};

/* An address of six words has colons, too: it is in brackets. */
static enum pz_err split(const char *address, struct host_port *to, struct problem *problem)
{
    const struct parse_range range = {0, 65535};
    const char *colon = strrchr(address, ':'), *from = address;
    size_t len = colon ? (size_t)(colon - address) : 0;

    if (len >= 2 && from[0] == '[' && from[len - 1] == ']') {
        from++;
        len -= 2;
    }
    if (len >= sizeof to->host)
        return problem_set(problem, PZ_USAGE, "--gdb: '%.80s': host name too long", address);
    (void)!snprintf(to->host, sizeof to->host, "%.*s", (int)len, from);
    if (!len)
        strcpy(to->host, LOOPBACK);
    return parse_count("--gdb [HOST:]PORT", colon ? colon + 1 : address, range, &to->port,
                       problem);
}

static bool is_loopback(const struct sockaddr *name)
{
    if (name->sa_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)name)->sin_addr.s_addr) >> 24 == 127;
    return name->sa_family == AF_INET6 &&
           IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)name)->sin6_addr);
}

/* The port is known only now, if it was 0. */
static void name_port(struct gdb_socket *self, const char *host)
{
    struct sockaddr_storage name = {0};
    socklen_t len = sizeof name;
    char port[8] = "?";

    (void)!getsockname(self->fd, (struct sockaddr *)&name, &len);
    (void)!getnameinfo((struct sockaddr *)&name, len, NULL, 0, port, sizeof port,
                       NI_NUMERICSERV);
    (void)!snprintf(self->name, sizeof self->name, strchr(host, ':') ? "[%s]:%s" : "%s:%s",
                    strcmp(host, LOOPBACK) ? host : "localhost", port);
    self->open_to_others = !is_loopback((const struct sockaddr *)&name);
}

static bool bind_port(struct gdb_socket *self, const struct addrinfo *info)
{
    int on = 1;

    self->fd = socket(info->ai_family, info->ai_socktype | SOCK_CLOEXEC, info->ai_protocol);
    return self->fd >= 0 && !setsockopt(self->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) &&
           !bind(self->fd, info->ai_addr, info->ai_addrlen);
}

static enum pz_err listen_port(struct gdb_socket *self, const char *address,
                               struct problem *problem)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *info;
    struct host_port to;
    enum pz_err err = split(address, &to, problem);
    char port[8];
    int failed;

    if (err)
        return err;
    (void)!snprintf(port, sizeof port, "%u", (unsigned)to.port);
    failed = getaddrinfo(to.host, port, &hints, &info);
    if (failed)
        return problem_set(problem, PZ_USAGE, "--gdb: host '%.80s': %s", to.host,
                           gai_strerror(failed));
    if (!bind_port(self, info))
        err = problem_set(problem, PZ_HOST, "--gdb: port %s of %s: %s%s", port, to.host,
                          strerror(errno),
                          errno == EADDRINUSE ? " (port 0 picks a free one)" : "");
    freeaddrinfo(info);
    if (!err)
        name_port(self, to.host);
    return err;
}

/* ---- */

enum pz_err gdb_socket_listen(struct gdb_socket *self, const char *address,
                              struct problem *problem)
{
    enum pz_err err;

    *self = (struct gdb_socket){.fd = -1};
    if (!strncmp(address, "unix:", 5))
        err = listen_path(self, address + 5, problem);
    else
        err = listen_port(self, address, problem);
    if (!err && (listen(self->fd, 4) || !make_async(self->fd)))
        err = problem_set(problem, PZ_HOST, "--gdb: %.100s: %s", address, strerror(errno));
    return err;
}

void gdb_socket_close(struct gdb_socket *self)
{
    if (self->fd >= 0)
        close(self->fd);
    if (self->path[0])
        unlink(self->path);
    self->fd = -1;
}

int gdb_socket_accept(const struct gdb_socket *self)
{
    int fd = accept(self->fd, NULL, NULL), on = 1;

    if (fd < 0)
        return -1;
    /* Each packet waits for its answer: nothing is gained by collecting them. Not for AF_UNIX. */
    (void)!setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!fcntl(fd, F_SETFD, FD_CLOEXEC) && make_async(fd))
        return fd;
    close(fd);
    return -1;
}

bool gdb_socket_ready(int fd, int ms)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};

    return poll(&ready, 1, ms) > 0;
}

bool gdb_socket_left(int fd)
{
    struct pollfd ready = {.fd = fd, .events = POLLRDHUP};

    return poll(&ready, 1, 0) > 0;
}

/* Signals while waiting begin the wait anew; who takes nothing for so long is gone. */
static bool wait_to_send(int fd)
{
    struct pollfd ready = {.fd = fd, .events = POLLOUT};
    int result;

    do
        result = poll(&ready, 1, SEND_MS);
    while (result < 0 && errno == EINTR);
    return result > 0;
}

bool gdb_socket_send(int fd, const void *bytes, size_t len)
{
    const char *from = bytes;

    while (len) {
        ssize_t sent = send(fd, from, len, MSG_NOSIGNAL);

        if (sent > 0) {
            from += sent;
            len -= (size_t)sent;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            if (!wait_to_send(fd))
                return false;
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

/* Closed with bytes unread, a socket would take back what it has sent: they are read first. */
void gdb_socket_refuse(int fd)
{
    static const char text[] = "E.another gdb is connected to this pz: one at a time";
    char frame[sizeof text + 8], unread[512];
    uint8_t sum = 0;
    int len;

    for (const char *at = text; *at; at++)
        sum += (uint8_t)*at;
    len = snprintf(frame, sizeof frame, "+$%s#%02x", text, sum);
    (void)gdb_socket_ready(fd, REFUSE_MS);
    if (gdb_socket_send(fd, frame, (size_t)len))
        shutdown(fd, SHUT_WR);
    for (unsigned i = 0; i < REFUSE_READS && gdb_socket_ready(fd, REFUSE_MS); i++)
        if (recv(fd, unread, sizeof unread, 0) <= 0)
            break;
    close(fd);
}
