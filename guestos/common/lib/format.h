/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * format.h - printf's formatting without its output. Knows %d %u %x %c %s %%, a minimum width,
 * a leading 0 for zero padding and a leading - for padding on the right.
 */
#ifndef COMMON_FORMAT_H
#define COMMON_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/* Where formatted characters go: a buffer that is handed to flush when full and at the end. */
struct sink {
    char *buffer;
    size_t size;
    size_t used;
    void (*flush)(struct sink *s);
    int fd; /* for a flush that needs to know */
};

void format(struct sink *s, const char *fmt, va_list args);

#endif
