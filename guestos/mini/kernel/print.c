/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * print.c - printk and panic. One message is one call of the firmware when it fits the buffer.
 */
#include "print.h"

#include "format.h"
#include "sbi.h"
#include "spin.h"

enum { BUFFER_SIZE = 128 };

static struct spinlock lock = SPINLOCK(LOCK_PRINT);

void print_text(const char *text, uint32_t n)
{
    spin_lock(&lock);
    sbi_console_write(text, n);
    spin_unlock(&lock);
}

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

    spin_lock(&lock);
    va_start(args, fmt);
    vprintk(fmt, args);
    va_end(args);
    spin_unlock(&lock);
}

/* Without the lock: it may be the one that we panic about. */
void panic(const char *fmt, ...)
{
    va_list args;

    sbi_console_write("mini: panic: ", 13);
    va_start(args, fmt);
    vprintk(fmt, args);
    va_end(args);
    sbi_console_write("\n", 1);
    sbi_shutdown(true);
}
