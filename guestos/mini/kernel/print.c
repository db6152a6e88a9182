/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * print.c - printk and panic. One message is one call of the firmware when it fits the buffer.
 */
#include "print.h"

#include "format.h"
#include "sbi.h"

enum { BUFFER_SIZE = 128 };

static void flush_to_console(struct sink *s)
{
    sbi_console_write(s->buffer, s->used);
    s->used = 0;
}

static void vprintk(const char *fmt, va_list args)
{
    char buffer[BUFFER_SIZE];
    struct sink s = {.buffer = buffer, .size = sizeof(buffer), .flush = flush_to_console};

    format(&s, fmt, args);
}

void printk(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vprintk(fmt, args);
    va_end(args);
}

void panic(const char *fmt, ...)
{
    va_list args;

    printk("mini: panic: ");
    va_start(args, fmt);
    vprintk(fmt, args);
    va_end(args);
    printk("\n");
    sbi_shutdown(true);
}
