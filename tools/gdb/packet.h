/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packet.h - packets of gdb's remote serial protocol: $ text # checksum, taken from a client
 * byte by byte whatever it sends, and made for it. What they mean is left to commands.h.
 */
#ifndef PZ_TOOLS_GDB_PACKET_H
#define PZ_TOOLS_GDB_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GDB_PACKET_MOST 16384u /* bytes of text, either way */

/* What a byte has completed. */
enum gdb_packet_event {
    GDB_PACKET_NOTHING,
    GDB_PACKET_READY, /* a packet: text, len */
    GDB_PACKET_WRONG, /* one whose checksum is not its own */
    GDB_PACKET_LONG,  /* one that is longer than all that we allow */
    GDB_PACKET_AGAIN, /* '-': the client did not get our last one */
};

struct gdb_packet {
    uint8_t state;
    bool escaped, too_long;
    uint8_t sum, claimed;
    uint32_t len;
    char text[GDB_PACKET_MOST + 1]; /* escapes undone; a 0 follows */
};

/* Interrupts and acknowledgements between packets are passed over. */
enum gdb_packet_event gdb_packet_take(struct gdb_packet *packet, uint8_t byte);

/* A reply: the text first, then the frame around it. */
struct gdb_reply {
    uint32_t len;
    bool full; /* something did not fit and was left out */
    char text[GDB_PACKET_MOST];
};

void gdb_reply_clear(struct gdb_reply *reply);
void gdb_reply_bytes(struct gdb_reply *reply, const void *bytes, size_t len);
void gdb_reply_format(struct gdb_reply *reply, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Two digits a byte. */
void gdb_reply_hex(struct gdb_reply *reply, const void *bytes, size_t len);

/* A reply framed: '$', at worst each byte escaped, '#', two digits. */
#define GDB_FRAME_MOST (2 * GDB_PACKET_MOST + 4)
size_t gdb_packet_frame(const struct gdb_reply *reply, char frame[GDB_FRAME_MOST]);

/* ---- Reading a packet's text. Each moves `*text` on; false: it is not there. ---- */

/* Digits of at most 64 bits. */
bool gdb_packet_number(const char **text, uint64_t *value);

/* This character. */
bool gdb_packet_char(const char **text, char c);

/* These words. */
bool gdb_packet_word(const char **text, const char *word);

/* `len` bytes in hex. */
bool gdb_packet_hex(const char **text, void *bytes, size_t len);

#endif
