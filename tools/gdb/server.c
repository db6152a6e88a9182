/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.c - clients, one after the other. While guests run, input from a client raises SIGIO,
 * and the handler interrupts the run: so no polling is needed, and a run is as fast as without
 * gdb. The signal handler needs a global pointer, so there is one server at a time.
 */
#include "tools/gdb/server.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>

#include "tools/base/base.h"
#include "tools/debug/debug.h"
#include "tools/gdb/socket.h"
#include "tools/gdb/stub.h"
#include "tools/show/show.h"

#define LOOK_MS 500 /* a signal just before a wait is overlooked for no longer than this */
#define RING 4096u  /* bytes that wait while guests run; more wait in the kernel */
#define INTERRUPT 0x03

struct server {
    struct gdb gdb;
    struct gdb_socket socket;
    int client; /* -1: none */
    bool gone;  /* it was found to have gone while guests ran */
    uint8_t ahead[RING];
    size_t at, len; /* of it, what has not been looked at yet */
};

/* ---- Signals ---- */

static const int stops[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
#define STOPS (sizeof stops / sizeof stops[0])

static struct debug *volatile interruptible; /* the debugger whose guests are running */
static struct sigaction noters[NSIG];        /* what terminal_catch_signals() has set */

static void on_io(int number)
{
    (void)number;
    if (interruptible)
        debug_interrupt(interruptible);
}

static void on_stop(int number)
{
    noters[number].sa_handler(number);
    on_io(number);
}

static void catch_signals(void)
{
    struct sigaction io = {.sa_handler = on_io, .sa_flags = SA_RESTART};

    terminal_catch_signals();
    sigemptyset(&io.sa_mask);
    sigaction(SIGIO, &io, NULL);
    for (unsigned i = 0; i < STOPS; i++) {
        struct sigaction stop = {.sa_handler = on_stop};

        sigemptyset(&stop.sa_mask);
        sigaction(stops[i], NULL, &noters[stops[i]]);
        if (noters[stops[i]].sa_handler != SIG_IGN)
            sigaction(stops[i], &stop, NULL);
    }
}

/* ---- The link ---- */

static bool link_send(void *owner, const void *bytes, size_t len)
{
    struct server *server = owner;

    return !server->gone && gdb_socket_send(server->client, bytes, len);
}

static size_t room(const struct server *server)
{
    return sizeof server->ahead - server->len;
}

/* Reads what has arrived, as far as there is room. */
static void take_ahead(struct server *server)
{
    ssize_t got = 1;

    memmove(server->ahead, server->ahead + server->at, server->len - server->at);
    server->len -= server->at;
    server->at = 0;
    while (got > 0 && room(server)) {
        got = recv(server->client, server->ahead + server->len, room(server), 0);
        if (got > 0)
            server->len += (size_t)got;
        else if (!got || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR))
            server->gone = true;
    }
    if (!room(server) && gdb_socket_left(server->client))
        server->gone = true; /* it has sent more than will be read */
}

/* Unless the first has just gone: then the next is served. */
static void refuse_others(struct server *server)
{
    int fd;

    while (!server->gone && (fd = gdb_socket_accept(&server->socket)) >= 0)
        gdb_socket_refuse(fd);
}

/* An interrupt is a byte between packets; none is due while guests run, so all bytes count. */
static bool take_interrupt(struct server *server)
{
    uint8_t *from = server->ahead + server->at;
    uint8_t *found = memchr(from, INTERRUPT, server->len - server->at);

    if (!found)
        return false;
    memmove(found, found + 1, (size_t)(server->ahead + server->len - found) - 1);
    server->len--;
    return true;
}

static bool link_stop_wanted(void *owner)
{
    struct server *server = owner;

    take_ahead(server);
    refuse_others(server);
    return take_interrupt(server) || server->gone || terminal_signal();
}

/* Bytes that arrived before the handler knew of the run have raised no interrupt. */
static void link_running(void *owner, bool running)
{
    struct server *server = owner;

    interruptible = running ? server->gdb.debug : NULL;
    if (running &&
        (server->gone || terminal_signal() || gdb_socket_ready(server->socket.fd, 0) ||
         memchr(server->ahead + server->at, INTERRUPT, server->len - server->at) ||
         (room(server) ? gdb_socket_ready(server->client, 0)
                       : gdb_socket_left(server->client))))
        debug_interrupt(server->gdb.debug);
}

/* ---- A client ---- */

/* Wait for bytes of the client, or for another one. */
static void wait_for_bytes(struct server *server)
{
    struct pollfd ready[] = {{.fd = server->client, .events = POLLIN},
                             {.fd = server->socket.fd, .events = POLLIN}};

    if (poll(ready, 2, LOOK_MS) <= 0)
        return;
    if (ready[0].revents)
        take_ahead(server);
    refuse_others(server);
}

static enum gdb_over serve_client(struct server *server)
{
    const struct gdb_link link = {link_send, link_running, link_stop_wanted, server};
    enum gdb_over over = GDB_GOES_ON;

    server->gone = false;
    server->at = server->len = 0;
    gdb_connect(&server->gdb, &link);
    while (!over && !terminal_signal()) {
        if (server->at < server->len)
            over = gdb_take(&server->gdb, server->ahead[server->at++]);
        else if (server->gone)
            over = GDB_LOST;
        else
            wait_for_bytes(server);
    }
    close(server->client);
    server->client = -1;
    return over;
}

/* ---- Without a client ---- */

/* gdb has detached: guests run on until all have ended, a client or a signal comes. */
static void run_alone(struct server *server)
{
    struct debug *debug = server->gdb.debug;
    struct debug_goal goal = {0};

    gdb_settle(&server->gdb);
    do {
        interruptible = debug;
        if (terminal_signal() || gdb_socket_ready(server->socket.fd, 0))
            debug_interrupt(debug);
        debug_run(debug, &goal);
        interruptible = NULL;
    } while (debug->stop == DEBUG_SIGNAL && !terminal_signal() &&
             !gdb_socket_ready(server->socket.fd, 0));
    consoles_flush(&debug->consoles);
    if (debug->stop == DEBUG_ENDED)
        server->gdb.over = GDB_ENDED;
}

static bool wait_for_client(struct server *server)
{
    while (!terminal_signal()) {
        if (gdb_socket_ready(server->socket.fd, LOOK_MS))
            server->client = gdb_socket_accept(&server->socket);
        if (server->client >= 0)
            return true;
    }
    return false;
}

/* As a word for a shell. */
static void say_word(const char *word)
{
    bool plain = word[strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                   "0123456789_./:+-")] == '\0';

    if (plain) {
        fputs(word, stderr);
        return;
    }
    fputc('\'', stderr);
    for (; *word; word++)
        fputs(*word == '\'' ? "'\\''" : (char[]){*word, '\0'}, stderr);
    fputc('\'', stderr);
}

/* The bundled guests' sources are where gdb does not look by itself. */
static void say_directory(const char *kernel)
{
    char text[PATH_MAX + 16];

    if (!guests_bundled(kernel))
        return;
    (void)!snprintf(text, sizeof text, "directory \"%s\"", home_directory());
    fputs(" -ex ", stderr);
    say_word(text);
}

static void say_how(const struct server *server)
{
    const char *kernel = machine_image(server->gdb.debug->machine, 0)->path;
    const char *name = server->socket.name;

    fprintf(stderr,
            "pz: the guests wait for gdb; Ctrl-C ends. To connect:\n"
            "  gdb-multiarch -ex 'target remote %s'",
            name);
    say_directory(kernel);
    fputc(' ', stderr);
    say_word(kernel);
    fputc('\n', stderr);
    if (server->socket.open_to_others)
        fprintf(stderr, "pz: warning: whoever can reach %s can read and change the guests\n",
                name);
}

static void serve(struct server *server)
{
    enum gdb_over over = GDB_LOST;

    while (over != GDB_KILLED && over != GDB_ENDED && wait_for_client(server)) {
        over = serve_client(server);
        if (over == GDB_LOST)
            fputs("pz: gdb is gone; the guests stand still until one connects again\n", stderr);
        if (over == GDB_DETACHED) {
            run_alone(server);
            over = server->gdb.over;
        }
    }
}

enum pz_err gdb_serve(struct debug *debug, const char *address, bool recording,
                      struct problem *problem)
{
    struct server *server = calloc(1, sizeof *server);
    enum pz_err err;

    if (!server)
        return problem_memory(problem, "the gdb server");
    server->client = -1;
    gdb_open(&server->gdb, debug, recording);
    err = gdb_socket_listen(&server->socket, address, problem);
    if (!err) {
        catch_signals();
        say_how(server);
        serve(server);
        if (server->gdb.over == GDB_ENDED && !recording && !report_all_well(debug->machine))
            err = PZ_FAILED;
    }
    gdb_socket_close(&server->socket);
    free(server);
    return err;
}

/* ---- pz run --gdb ---- */

static enum pz_err serve_run(struct debug *debug, const struct options *options,
                             struct problem *problem)
{
    enum pz_err err = debug_open(debug, options, true, problem);
    uint64_t start = machine_clock(NULL);

    if (err)
        return err;
    err = gdb_serve(debug, options->gdb, false, problem);
    consoles_finish(&debug->consoles);
    if (err <= PZ_FAILED)
        report_summary(stderr, debug->machine, machine_clock(NULL) - start);
    if (err <= PZ_FAILED && options->stats)
        report_stats(stderr, debug->machine, terminal_width(STDERR_FILENO));
    return err;
}

enum pz_err gdb_run(const struct options *options, struct problem *problem)
{
    struct debug *debug = calloc(1, sizeof *debug);
    enum pz_err err;

    if (!debug)
        return problem_memory(problem, "the debugger");
    if (options->trace || options->record || options->json) {
        free(debug);
        return problem_set(
            problem, PZ_USAGE,
            "--gdb cannot be combined with --trace, --record and --json: gdb can go back "
            "and change things");
    }
    err = serve_run(debug, options, problem);
    debug_close(debug);
    free(debug);
    return err;
}
