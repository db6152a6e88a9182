/* SPDX-License-Identifier: GPL-2.0-or-later */
/* diskio.c - loops around preadv() and pwritev(), and holes. */
#define _GNU_SOURCE
#include "tools/host/diskio.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

static const uint8_t zeros[65536];

/* `len` bytes at the head of a list are done with. */
static void skip(struct iovec **pieces, unsigned *count, size_t len)
{
    while (*count && len >= (*pieces)->iov_len) {
        len -= (*pieces)->iov_len;
        ++*pieces;
        --*count;
    }
    if (!*count)
        return;
    (*pieces)->iov_base = (uint8_t *)(*pieces)->iov_base + len;
    (*pieces)->iov_len -= len;
}

static void clear(const struct iovec *pieces, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        memset(pieces[i].iov_base, 0, pieces[i].iov_len);
}

bool diskio_readv(int fd, struct iovec *pieces, unsigned count, uint64_t at)
{
    ssize_t got;

    skip(&pieces, &count, 0);
    while (count) {
        got = preadv(fd, pieces, count < IOV_MAX ? (int)count : IOV_MAX, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        if (got == 0) {
            clear(pieces, count);
            return true;
        }
        skip(&pieces, &count, (size_t)got);
        at += (uint64_t)got;
    }
    return true;
}

bool diskio_writev(int fd, struct iovec *pieces, unsigned count, uint64_t at)
{
    ssize_t put;

    skip(&pieces, &count, 0);
    while (count) {
        put = pwritev(fd, pieces, count < IOV_MAX ? (int)count : IOV_MAX, (off_t)at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        skip(&pieces, &count, (size_t)put);
        at += (uint64_t)put;
    }
    return true;
}

bool diskio_read(int fd, void *bytes, size_t len, uint64_t at)
{
    struct iovec piece = {bytes, len};

    return diskio_readv(fd, &piece, 1, at);
}

bool diskio_write(int fd, const void *bytes, size_t len, uint64_t at)
{
    struct iovec piece = {(void *)(uintptr_t)bytes, len};

    return diskio_writev(fd, &piece, 1, at);
}

bool diskio_zero(int fd, uint64_t at, uint64_t len)
{
    if (!fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)at, (off_t)len))
        return true;
    for (uint64_t n; len; at += n, len -= n) {
        n = len < sizeof zeros ? len : sizeof zeros;
        if (!diskio_write(fd, zeros, n, at))
            return false;
    }
    return true;
}

bool diskio_data(int fd, uint64_t *from, uint64_t *to, uint64_t end)
{
    off_t data = lseek(fd, (off_t)*from, SEEK_DATA), hole;

    if (data < 0 && errno == ENXIO)
        return false;
    hole = data < 0 ? -1 : lseek(fd, data, SEEK_HOLE);
    if (hole < 0) { /* it cannot tell */
        *to = end;
        return *from < end;
    }
    *from = (uint64_t)data;
    *to = (uint64_t)hole < end ? (uint64_t)hole : end;
    return *from < end;
}
