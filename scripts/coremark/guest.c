/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest.c - CoreMark as a workload of guestos/bench: a user program, whose run is between two
 * marks. Prints what core_main.c does: %d %u %lu %s %x, with a width filled by zeros.
 */
#include <stdarg.h>

#include "coremark.h"
#include "port.h"
#include "user.h"

#define LINE 128u

struct line {
    char text[LINE] __attribute__((aligned(LINE))); /* within a page */
    uint32_t length;
};

static void put(struct line *line, char c)
{
    if (line->length < LINE)
        line->text[line->length++] = c;
}

static void put_text(struct line *line, const char *text)
{
    while (*text)
        put(line, *text++);
}

static void put_number(struct line *line, uint32_t value, uint32_t base, uint32_t width)
{
    char digits[10];
    uint32_t count = 0;

    do {
        digits[count++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value);
    for (; width > count; width--)
        put(line, '0');
    while (count)
        put(line, digits[--count]);
}

/* One conversion; returns what follows it. */
static const char *convert(struct line *line, const char *format, va_list *args)
{
    uint32_t width = 0;

    for (; *format >= '0' && *format <= '9'; format++)
        width = 10 * width + (uint32_t)(*format - '0');
    if (*format == 'l')
        format++;
    if (*format == 's')
        put_text(line, va_arg(*args, const char *));
    else if (*format == 'x')
        put_number(line, va_arg(*args, uint32_t), 16, width);
    else
        put_number(line, va_arg(*args, uint32_t), 10, width);
    return format + 1;
}

int ee_printf(const char *format, ...)
{
    static struct line line;
    va_list args;

    line.length = 0;
    va_start(args, format);
    while (*format) {
        if (*format != '%')
            put(&line, *format++);
        else
            format = convert(&line, format + 1, &args);
    }
    va_end(args);
    (void)system_call(CALL_WRITE, (uint32_t)(uintptr_t)line.text, line.length, 0);
    return (int)line.length;
}

void start_time(void)
{
    mark(MARK_RUN);
}

void stop_time(void)
{
    mark(MARK_END);
}

void bench_main(uint32_t count)
{
    port_run(count);
}
