/* SPDX-License-Identifier: GPL-2.0-or-later */
/* markup.c - what bytes become in HTML, XML and the addresses of pages. */
#include "tools/base/markup.h"

#include <ctype.h>
#include <string.h>

#include "tools/base/text.h"

#define REPLACEMENT 0xfffdu
#define PICTURES 0x2400u /* of the control characters */
#define PICTURE_DELETE 0x2421u

static uint32_t value_of(const uint8_t *at, unsigned size)
{
    uint32_t value = size == 1 ? at[0] : at[0] & (0x7fu >> size);

    for (unsigned i = 1; i < size; i++)
        value = value << 6 | (at[i] & 0x3f);
    return value;
}

static void put_value(FILE *out, uint32_t value)
{
    if (value < 0x80) {
        fputc((int)value, out);
    } else if (value < 0x800) {
        fprintf(out, "%c%c", (int)(0xc0 | value >> 6), (int)(0x80 | (value & 0x3f)));
    } else if (value < 0x10000) {
        fprintf(out, "%c%c%c", (int)(0xe0 | value >> 12), (int)(0x80 | (value >> 6 & 0x3f)),
                (int)(0x80 | (value & 0x3f)));
    } else {
        fprintf(out, "%c%c%c%c", (int)(0xf0 | value >> 18), (int)(0x80 | (value >> 12 & 0x3f)),
                (int)(0x80 | (value >> 6 & 0x3f)), (int)(0x80 | (value & 0x3f)));
    }
}

/* Those that HTML does not allow as text; those that turn the direction of writing around. */
static bool is_unfit(uint32_t value)
{
    return (value >= 0x80 && value < 0xa0) || (value & 0xfffe) == 0xfffe ||
           (value >= 0xfdd0 && value <= 0xfdef) || (value >= 0x202a && value <= 0x202e) ||
           (value >= 0x2066 && value <= 0x2069) || value == 0x200e || value == 0x200f ||
           value == 0x61c;
}

static uint32_t shown_as(uint32_t value)
{
    if (value == '\n' || value == '\t')
        return value;
    if (value < ' ')
        return PICTURES + value;
    if (value == 0x7f)
        return PICTURE_DELETE;
    return is_unfit(value) ? REPLACEMENT : value;
}

static void put(FILE *out, uint32_t value)
{
    switch (value) {
    case '<': fputs("&lt;", out); break;
    case '>': fputs("&gt;", out); break;
    case '&': fputs("&amp;", out); break;
    case '"': fputs("&quot;", out); break;
    case '\'': fputs("&#39;", out); break;
    default: put_value(out, shown_as(value));
    }
}

void markup_bytes(FILE *out, const char *bytes, size_t len)
{
    const uint8_t *at = (const uint8_t *)bytes;

    for (size_t i = 0; i < len;) {
        unsigned size = text_character(at + i, len - i);
        bool ends_line = at[i] == '\r' && i + 1 < len && at[i + 1] == '\n';

        if (!ends_line)
            put(out, size ? value_of(at + i, size) : REPLACEMENT);
        i += size ? size : 1;
    }
}

void markup_text(FILE *out, const char *text)
{
    markup_bytes(out, text, strlen(text));
}

void markup_percent(FILE *out, const char *text)
{
    for (; *text; text++)
        if (((unsigned char)*text < 0x80 && isalnum((unsigned char)*text)) ||
            strchr("-._~", *text))
            fputc(*text, out);
        else
            fprintf(out, "%%%02X", (unsigned char)*text);
}

void markup_base64url(FILE *out, const uint8_t *bytes, size_t len)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    for (size_t i = 0; i < len; i += 3) {
        unsigned have = len - i < 3 ? (unsigned)(len - i) : 3;
        uint32_t bits = (uint32_t)bytes[i] << 16;

        bits |= have > 1 ? (uint32_t)bytes[i + 1] << 8 : 0;
        bits |= have > 2 ? bytes[i + 2] : 0;
        for (unsigned k = 0; k <= have; k++)
            fputc(letters[bits >> (18 - 6 * k) & 0x3f], out);
    }
}
