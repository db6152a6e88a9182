/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hll_read.c - the module's bytes, one item after the other, none beyond the end; and memory for
 * what is made of them. The first failure stays: after it everything reads as zero, and counts of
 * vectors too, so that loops end.
 */
#include <stddef.h>
#include <string.h>

#include "hll_module.h"

enum { ALIGN = 16 };

bool hll_refuse(struct hll *m, const char *why)
{
    if (!m->why) {
        m->why = why;
        m->where = m->at;
    }
    m->at = m->end;
    return false;
}

uint8_t hll_byte(struct hll *m)
{
    if (m->at >= m->end) {
        hll_refuse(m, "unexpected end");
        return 0;
    }
    return m->bytes[m->at++];
}

/* LEB128 of at most `bits`: the last byte has no more than what is left, or its sign. */
static uint64_t leb(struct hll *m, uint32_t bits, bool is_signed)
{
    uint64_t value = 0;
    uint32_t shift = 0;
    uint8_t byte;

    do {
        byte = hll_byte(m);
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (shift + 7 > bits) {
            uint32_t left = bits - shift;
            uint8_t above = (byte & 0x7f) >> (is_signed ? left - 1 : left);

            if (byte & 0x80)
                hll_refuse(m, "integer representation too long");
            else if (above != 0 && !(is_signed && above == 0x7f >> (left - 1)))
                hll_refuse(m, "integer too large");
        }
        shift += 7;
    } while (byte & 0x80 && !m->why);
    if (is_signed && byte & 0x40 && shift < 64)
        value |= ~0ull << shift;
    return m->why ? 0 : value;
}

uint32_t hll_u32(struct hll *m)
{
    return (uint32_t)leb(m, 32, false);
}

int32_t hll_s32(struct hll *m)
{
    return (int32_t)leb(m, 32, true);
}

int64_t hll_s33(struct hll *m)
{
    return (int64_t)leb(m, 33, true);
}

int64_t hll_s64(struct hll *m)
{
    return (int64_t)leb(m, 64, true);
}

/* How many bytes follow the first one of a character; and which values have a shorter form. */
static uint32_t utf8_more(uint8_t first, uint32_t *least)
{
    if (first < 0x80)
        return *least = 0;
    if (first >> 5 == 6)
        return *least = 0x80, 1;
    if (first >> 4 == 14)
        return *least = 0x800, 2;
    if (first >> 3 == 30)
        return *least = 0x10000, 3;
    return UINT32_MAX;
}

static bool is_utf8(const uint8_t *s, uint32_t n)
{
    for (uint32_t i = 0; i < n;) {
        uint32_t least, more = utf8_more(s[i], &least);
        uint32_t c;

        if (more > 3 || more >= n - i)
            return false;
        c = more ? s[i] & (0x3fu >> more) : s[i];
        for (uint32_t k = 1; k <= more; k++) {
            if (s[i + k] >> 6 != 2)
                return false;
            c = c << 6 | (s[i + k] & 0x3f);
        }
        if (c < least || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
            return false;
        i += more + 1;
    }
    return true;
}

const uint8_t *hll_name(struct hll *m, uint32_t *length)
{
    const uint8_t *name;

    *length = hll_u32(m);
    if (*length > m->end - m->at) {
        *length = 0;
        hll_refuse(m, "length out of bounds");
    }
    name = m->bytes + m->at;
    m->at += *length;
    if (!is_utf8(name, *length))
        hll_refuse(m, "malformed UTF-8 encoding");
    return name;
}

bool hll_is_name(const uint8_t *name, uint32_t length, const char *text)
{
    return strlen(text) == length && memcmp(name, text, length) == 0;
}

/* Each element takes a byte at least: so what is left bounds the count too. */
uint32_t hll_count(struct hll *m, uint32_t limit, const char *why)
{
    uint32_t n = hll_u32(m);

    if (n > limit)
        hll_refuse(m, why);
    else if (n > m->end - m->at)
        hll_refuse(m, "unexpected end");
    return m->why ? 0 : n;
}

void *hll_take(struct hll *m, uint32_t n, uint32_t size)
{
    uint32_t left = m->size - m->next;
    void *start = m->arena + m->next;

    if (size && n > (left & ~(uint32_t)(ALIGN - 1)) / size) {
        hll_refuse(m, "the VM's arena has no room for this module");
        return NULL;
    }
    m->next += (n * size + ALIGN - 1) & ~(uint32_t)(ALIGN - 1);
    return start;
}
