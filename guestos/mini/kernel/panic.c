/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * panic.c - without a lock: one may be what we panic about.
 */
#include "panic.h"

#include "format.h"
#include "sbi.h"

enum { BUFFER_SIZE = 128 };

static void flush_to_console(struct sink *s)
{
    sbi_console_write(s->buffer, s->used);
    s->used = 0;
}

void panic(const char *fmt, ...)
{
    char buffer[BUFFER_SIZE];
    struct sink s = {.buffer = buffer, .size = sizeof(buffer), .flush = flush_to_console};
    va_list args;

    sbi_console_write("mini: panic: ", 13);
    va_start(args, fmt);
    format(&s, fmt, args);
    va_end(args);
    sbi_console_write("\n", 1);
    sbi_shutdown(true);
}
