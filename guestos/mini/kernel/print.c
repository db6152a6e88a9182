/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * print.c - what the kernel and programs print. One message is one call of the firmware when it
 * fits the buffer.
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

void printk(const char *fmt, ...)
{
    char buffer[BUFFER_SIZE];
    struct sink s = {.buffer = buffer, .size = sizeof(buffer), .flush = flush_to_console};
    va_list args;

    spin_lock(&lock);
    va_start(args, fmt);
    format(&s, fmt, args);
    va_end(args);
    spin_unlock(&lock);
}
