/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * diskio.h - reading and writing a whole range of a file: partial transfers are continued. Beyond
 * the end of a file there are zeros.
 */
#ifndef PZ_TOOLS_HOST_DISKIO_H
#define PZ_TOOLS_HOST_DISKIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/uio.h>

/* False: errno says why. */
bool diskio_read(int fd, void *bytes, size_t len, uint64_t at);
bool diskio_write(int fd, const void *bytes, size_t len, uint64_t at);

/* The same for several pieces; the list is used up. */
bool diskio_readv(int fd, struct iovec *pieces, unsigned count, uint64_t at);
bool diskio_writev(int fd, struct iovec *pieces, unsigned count, uint64_t at);

/* A range reads as zero afterwards, and takes no room where the file system can do that. */
bool diskio_zero(int fd, uint64_t at, uint64_t len);

/* The next range at or after `*from` that may hold anything but zeros. False: none below `end`. */
bool diskio_data(int fd, uint64_t *from, uint64_t *to, uint64_t end);

#endif
