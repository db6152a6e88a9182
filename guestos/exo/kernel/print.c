/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * print.c - what the kernel itself says, and whose line the console is at: lines of different
 * groups are not mixed.
 */
#include "format.h"
#include "kernel.h"
#include "sbi.h"

enum { BUFFER_SIZE = 128, NOBODY = GROUPS };

static uint32_t line_of = NOBODY; /* whose line has been begun */
static uint32_t input_of = BOOT_GROUP;

static void flush_to_console(struct sink *s)
{
    sbi_console_write(s->buffer, s->used);
    s->used = 0;
}

static void vprintk(const char *fmt, va_list args)
{
    char buffer[BUFFER_SIZE];
    struct sink s = {.buffer = buffer, .size = sizeof(buffer), .flush = flush_to_console};

    if (line_of != NOBODY)
        sbi_console_write("\n", 1);
    line_of = NOBODY;
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

    printk("exo: panic: ");
    va_start(args, fmt);
    vprintk(fmt, args);
    va_end(args);
    sbi_console_write("\n", 1);
    sbi_shutdown(true);
}

int32_t call_console_write(const uint32_t *a)
{
    const char *text = page_range(current->group, a[0], a[1], a[2], MAP_R);

    if (!text)
        return -EPERM;
    if (a[2] == 0)
        return 0;
    if (line_of != NOBODY && line_of != current->group)
        sbi_console_write("\n", 1);
    sbi_console_write(text, a[2]);
    line_of = text[a[2] - 1] == '\n' ? (uint32_t)NOBODY : current->group;
    return (int32_t)a[2];
}

int32_t call_console_read(const uint32_t *a)
{
    char *to = page_range(current->group, a[0], a[1], a[2], MAP_R | MAP_W);

    if (!to || input_of != current->group)
        return -EPERM;
    return (int32_t)sbi_console_read(to, a[2]);
}

void console_forget(uint32_t group)
{
    if (input_of == group)
        input_of = BOOT_GROUP;
}

int32_t call_console_give(const uint32_t *a)
{
    if (a[0] >= GROUPS || !info->group[a[0]].alive)
        return -EINVAL;
    if (input_of != current->group && current->group != BOOT_GROUP)
        return -EPERM;
    input_of = a[0];
    return 0;
}

int32_t call_power(const uint32_t *a)
{
    if (current->group != BOOT_GROUP)
        return -EPERM;
    sbi_shutdown(a[0] != 0);
}
