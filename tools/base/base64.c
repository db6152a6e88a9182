/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base64.c - base64, both ways; what comes in can be anything. */
#include "tools/base/base64.h"

#include <stdlib.h>
#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *base64_encode(const uint8_t *bytes, size_t len)
{
    char *text = malloc((len + 2) / 3 * 4 + 1), *to = text;

    for (size_t i = 0; text && i < len; i += 3) {
        size_t left = len - i;
        uint32_t word = (uint32_t)bytes[i] << 16 |
                        (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
                        (left > 2 ? bytes[i + 2] : 0);

        *to++ = digits[word >> 18];
        *to++ = digits[word >> 12 & 63];
        *to++ = left > 1 ? digits[word >> 6 & 63] : '=';
        *to++ = left > 2 ? digits[word & 63] : '=';
    }
    if (text)
        *to = '\0';
    return text;
}

static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Four digits, of which `count` are not padding. Bits that no byte takes have to be zero. */
static bool decode_group(const char *text, unsigned count, uint8_t *to)
{
    uint32_t word = 0;

    for (unsigned i = 0; i < 4; i++) {
        int value = i < count ? value_of(text[i]) : 0;

        if (value < 0)
            return false;
        word = word << 6 | (uint32_t)value;
    }
    for (unsigned i = 0; i + 1 < count; i++)
        to[i] = (uint8_t)(word >> (16 - 8 * i));
    return !(word & ((1u << 8 * (4 - count)) - 1));
}

uint8_t *base64_decode(const char *text, size_t *len)
{
    size_t digit_count = strlen(text), padding = 0;
    uint8_t *bytes = malloc(digit_count / 4 * 3 + 1);
    bool good = bytes && digit_count % 4 == 0;

    *len = 0;
    if (good && digit_count && text[digit_count - 1] == '=')
        padding = text[digit_count - 2] == '=' ? 2 : 1;
    for (size_t i = 0; good && i < digit_count; i += 4) {
        unsigned count = i + 4 == digit_count ? 4 - (unsigned)padding : 4;

        good = decode_group(text + i, count, bytes + *len);
        *len += count - 1;
    }
    if (good)
        return bytes;
    free(bytes);
    return NULL;
}
