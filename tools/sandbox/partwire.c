/* SPDX-License-Identifier: GPL-2.0-or-later */
/* partwire.c - bytes through a pipe, all of them. */
#include "tools/sandbox/partwire.h"

#include <errno.h>
#include <unistd.h>

bool partwire_send(int fd, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;

    while (len) {
        ssize_t sent = write(fd, at, len);

        if (sent < 0 && errno != EINTR)
            return false;
        if (sent > 0) {
            at += sent;
            len -= (size_t)sent;
        }
    }
    return true;
}

bool partwire_receive(int fd, void *bytes, size_t len)
{
    uint8_t *at = bytes;

    while (len) {
        ssize_t got = read(fd, at, len);

        if (got == 0 || (got < 0 && errno != EINTR))
            return false;
        if (got > 0) {
            at += got;
            len -= (size_t)got;
        }
    }
    return true;
}
