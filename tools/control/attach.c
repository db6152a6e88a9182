/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach.c - bytes from a connection to the screen, and from the keyboard to the connection. */
#include "tools/control/attach.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include <sys/socket.h>

#define CTRL_A 0x01
#define CHUNK 1024u
#define SIGNAL_MS 200 /* one may come just before poll() */

struct attachment {
    int fd;
    bool keyboard; /* and not a script */
    bool prefixed; /* Ctrl-A was the last key */
    bool silent;   /* standard input has ended */
    bool over;
};

static void send_bytes(struct attachment *at, const uint8_t *bytes, size_t len)
{
    while (len && !at->over) {
        ssize_t sent = send(at->fd, bytes, len, MSG_NOSIGNAL);

        if (sent < 0 && errno != EINTR)
            at->over = true;
        if (sent > 0) {
            bytes += sent;
            len -= (size_t)sent;
        }
    }
}

static void take_key(struct attachment *at, uint8_t key)
{
    bool prefixed = at->prefixed;

    at->prefixed = at->keyboard && key == CTRL_A && !prefixed;
    if (at->prefixed)
        return;
    if (prefixed && (key == 'x' || key == 'q'))
        at->over = true;
    else if (prefixed && key == 'a')
        send_bytes(at, (const uint8_t[]){CTRL_A}, 1);
    else
        send_bytes(at, &key, 1);
}

static void hear_input(struct attachment *at)
{
    uint8_t bytes[CHUNK];
    ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);

    if (!got || (got < 0 && errno != EINTR && errno != EAGAIN)) {
        at->silent = true;
        (void)shutdown(at->fd, SHUT_WR);
    }
    for (ssize_t i = 0; i < got && at->keyboard; i++)
        take_key(at, bytes[i]);
    if (got > 0 && !at->keyboard)
        send_bytes(at, bytes, (size_t)got);
}

static enum pz_err show(struct attachment *at, struct problem *problem)
{
    uint8_t bytes[CHUNK];
    ssize_t got = recv(at->fd, bytes, sizeof bytes, 0);

    if (!got || (got < 0 && errno != EINTR))
        at->over = true;
    if (got <= 0 || (fwrite(bytes, 1, (size_t)got, stdout) == (size_t)got && !fflush(stdout)))
        return PZ_OK;
    output_failed(errno);
    return output_flush(problem);
}

static enum pz_err loop(struct attachment *at, struct problem *problem)
{
    enum pz_err err = PZ_OK;

    while (!err && !at->over && !terminal_signal()) {
        struct pollfd fds[] = {{.fd = at->fd, .events = POLLIN},
                               {.fd = at->silent ? -1 : STDIN_FILENO, .events = POLLIN}};

        if (poll(fds, 2, SIGNAL_MS) <= 0)
            continue;
        if (fds[0].revents)
            err = show(at, problem);
        if (!err && fds[1].revents)
            hear_input(at);
    }
    return err;
}

enum pz_err attach(int fd, bool typed, struct problem *problem)
{
    struct attachment at = {.fd = fd, .keyboard = terminal_interactive()};
    enum pz_err err = PZ_OK;

    terminal_catch_signals();
    if (!typed)
        fputs("pz: this guest's input has ended: it only prints (pz run --input @console)\n",
              stderr);
    if (at.keyboard)
        fputs("-- Ctrl-A x to leave\n", stderr);
    if (at.keyboard)
        err = terminal_raw(problem);
    if (!err)
        err = loop(&at, problem);
    terminal_restore();
    return err;
}
