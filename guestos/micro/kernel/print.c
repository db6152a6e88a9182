/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * print.c - the kernel's last words, and those of the first program, by the firmware: the console
 * is a program's.
 */
#include "print.h"

#include <stdarg.h>

#include "format.h"
#include "panic.h"
#include "sbi.h"

/* Up to n bytes, or to a zero. */
void print_text(const char *text, uint32_t n)
{
    uint32_t used = 0;

    while (used < n && text[used])
        used++;
    sbi_console_write(text, used);
}

static void flush(struct sink *s)
{
    sbi_console_write(s->buffer, s->used);
    s->used = 0;
}

void panic(const char *fmt, ...)
{
    static char buffer[80]; /* not on the stack, which may be what is wrong */
    struct sink s = {.buffer = buffer, .size = sizeof(buffer), .flush = flush};
    va_list args;

    sbi_console_write("micro: panic: ", 14);
    va_start(args, fmt);
    format(&s, fmt, args);
    va_end(args);
    sbi_console_write("\n", 1);
    sbi_shutdown(true);
}
