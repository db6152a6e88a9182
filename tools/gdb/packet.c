/* SPDX-License-Identifier: GPL-2.0-or-later */
/* packet.c - frames, escapes, checksums and digits. */
#include "tools/gdb/packet.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ESCAPE 0x7d /* '}': bit 5 of the next byte is inverted */
#define ESCAPE_BIT 0x20

enum { BETWEEN, TEXT, SUM_HIGH, SUM_LOW };

static int digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* ---- Taking ---- */

static void start(struct gdb_packet *packet)
{
    packet->state = TEXT;
    packet->escaped = packet->too_long = false;
    packet->sum = 0;
    packet->len = 0;
}

static void keep(struct gdb_packet *packet, uint8_t byte)
{
    packet->sum += byte;
    if (byte == ESCAPE && !packet->escaped) {
        packet->escaped = true;
        return;
    }
    if (packet->escaped)
        byte ^= ESCAPE_BIT;
    packet->escaped = false;
    if (packet->len < GDB_PACKET_MOST)
        packet->text[packet->len++] = (char)byte;
    else
        packet->too_long = true;
}

/* A $ within a packet begins another: the rest of the first was lost. */
static void take_text(struct gdb_packet *packet, uint8_t byte)
{
    if (byte == '$')
        start(packet);
    else if (byte == '#')
        packet->state = SUM_HIGH;
    else
        keep(packet, byte);
}

static enum gdb_packet_event finish(struct gdb_packet *packet, int low)
{
    packet->state = BETWEEN;
    packet->text[packet->len] = 0;
    if (packet->claimed > 15 || low < 0 || (packet->claimed << 4 | low) != packet->sum)
        return GDB_PACKET_WRONG;
    return packet->too_long ? GDB_PACKET_LONG : GDB_PACKET_READY;
}

enum gdb_packet_event gdb_packet_take(struct gdb_packet *packet, uint8_t byte)
{
    switch (packet->state) {
    case TEXT: take_text(packet, byte); return GDB_PACKET_NOTHING;
    case SUM_HIGH:
        packet->claimed = (uint8_t)digit(byte);
        packet->state = SUM_LOW;
        return GDB_PACKET_NOTHING;
    case SUM_LOW: return finish(packet, digit(byte));
    default: break;
    }
    if (byte == '$')
        start(packet);
    return byte == '-' ? GDB_PACKET_AGAIN : GDB_PACKET_NOTHING;
}

/* ---- Making ---- */

void gdb_reply_clear(struct gdb_reply *reply)
{
    reply->len = 0;
    reply->full = false;
}

void gdb_reply_bytes(struct gdb_reply *reply, const void *bytes, size_t len)
{
    if (len > GDB_PACKET_MOST - reply->len) {
        reply->full = true;
        return;
    }
    memcpy(reply->text + reply->len, bytes, len);
    reply->len += (uint32_t)len;
}

void gdb_reply_format(struct gdb_reply *reply, const char *format, ...)
{
    char text[1024];
    va_list list;
    int len;

    va_start(list, format);
    len = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (len > 0)
        gdb_reply_bytes(reply, text, (size_t)len < sizeof text ? (size_t)len : sizeof text - 1);
}

void gdb_reply_hex(struct gdb_reply *reply, const void *bytes, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *from = bytes;

    for (size_t i = 0; i < len; i++) {
        char pair[2] = {digits[from[i] >> 4], digits[from[i] & 15]};

        gdb_reply_bytes(reply, pair, sizeof pair);
    }
}

static bool must_escape(char c)
{
    return c == '$' || c == '#' || c == '*' || c == ESCAPE;
}

size_t gdb_packet_frame(const struct gdb_reply *reply, char frame[GDB_FRAME_MOST])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t sum = 0;
    size_t len = 0;

    frame[len++] = '$';
    for (uint32_t i = 0; i < reply->len; i++) {
        bool escape = must_escape(reply->text[i]);

        if (escape)
            frame[len++] = ESCAPE;
        frame[len++] = (char)(escape ? reply->text[i] ^ ESCAPE_BIT : reply->text[i]);
    }
    for (size_t i = 1; i < len; i++)
        sum += (uint8_t)frame[i];
    frame[len++] = '#';
    frame[len++] = digits[sum >> 4];
    frame[len++] = digits[sum & 15];
    return len;
}

/* ---- Reading ---- */

bool gdb_packet_number(const char **text, uint64_t *value)
{
    const char *at = *text;
    uint64_t sum = 0;

    for (; digit((uint8_t)*at) >= 0; at++) {
        if (sum >> 60)
            return false;
        sum = sum << 4 | (uint64_t)digit((uint8_t)*at);
    }
    if (at == *text)
        return false;
    *text = at;
    *value = sum;
    return true;
}

bool gdb_packet_char(const char **text, char c)
{
    if (**text != c || !c)
        return false;
    ++*text;
    return true;
}

bool gdb_packet_word(const char **text, const char *word)
{
    size_t len = strlen(word);

    if (strncmp(*text, word, len))
        return false;
    *text += len;
    return true;
}

bool gdb_packet_hex(const char **text, void *bytes, size_t len)
{
    uint8_t *to = bytes;

    for (size_t i = 0; i < len; i++) {
        int high = digit((uint8_t)(*text)[0]), low = high < 0 ? -1 : digit((uint8_t)(*text)[1]);

        if (low < 0)
            return false;
        to[i] = (uint8_t)(high << 4 | low);
        *text += 2;
    }
    return true;
}
