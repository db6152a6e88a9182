/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * format.c - turns a format and its arguments into characters in a sink. Owns no buffer and
 * does no output: printk (kernel) and printf (programs) each bring their own sink.
 */
#include "format.h"

#include <stdbool.h>
#include <stdint.h>

#include "string.h"

enum { DIGITS = 12 }; /* a sign, ten digits of 2^32 - 1, a zero */

struct spec {
    unsigned width;
    bool zero;
    bool left;
};

static void put(struct sink *s, char c)
{
    if (s->used == s->size)
        s->flush(s);
    s->buffer[s->used++] = c;
}

static void pad(struct sink *s, char c, unsigned width, size_t have)
{
    for (; have < width; have++)
        put(s, c);
}

static void put_field(struct sink *s, const struct spec *spec, const char *text)
{
    size_t n = strlen(text);

    if (!spec->left)
        pad(s, spec->zero ? '0' : ' ', spec->width, n);
    for (const char *c = text; *c; c++)
        put(s, *c);
    if (spec->left)
        pad(s, ' ', spec->width, n);
}

static void put_number(struct sink *s, const struct spec *spec, uint32_t n, unsigned base,
                       bool neg)
{
    char digits[DIGITS];
    char *p = digits + sizeof(digits);

    *--p = '\0';
    do
        *--p = "0123456789abcdef"[n % base];
    while (n /= base);
    if (neg)
        *--p = '-';
    put_field(s, spec, p);
}

static const char *parse_spec(const char *fmt, struct spec *spec)
{
    *spec = (struct spec){0};
    for (; *fmt == '0' || *fmt == '-'; fmt++) {
        spec->zero |= *fmt == '0';
        spec->left |= *fmt == '-';
    }
    for (; *fmt >= '0' && *fmt <= '9'; fmt++)
        spec->width = spec->width * 10 + (unsigned)(*fmt - '0');
    return fmt;
}

static void put_char_field(struct sink *s, const struct spec *spec, char c)
{
    char text[2] = {c, '\0'};

    put_field(s, spec, text);
}

static void put_string_field(struct sink *s, const struct spec *spec, const char *text)
{
    put_field(s, spec, text ? text : "(null)");
}

void format(struct sink *s, const char *fmt, va_list args)
{
    struct spec spec;
    int32_t n;

    for (; *fmt; fmt++) {
        if (*fmt != '%') {
            put(s, *fmt);
            continue;
        }
        fmt = parse_spec(fmt + 1, &spec);
        switch (*fmt) {
        case 'd':
            n = va_arg(args, int32_t);
            put_number(s, &spec, n < 0 ? -(uint32_t)n : (uint32_t)n, 10, n < 0);
            break;
        case 'u': put_number(s, &spec, va_arg(args, uint32_t), 10, false); break;
        case 'x': put_number(s, &spec, va_arg(args, uint32_t), 16, false); break;
        case 'c': put_char_field(s, &spec, (char)va_arg(args, int)); break;
        case 's': put_string_field(s, &spec, va_arg(args, const char *)); break;
        case '\0': fmt--; break; /* a lone % at the end */
        default: put(s, *fmt); break;
        }
    }
    s->flush(s);
}
