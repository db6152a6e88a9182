/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * listing_print.c - a guest's instruction on the left, the host's on the right; on a narrow
 * screen the host's below. Host addresses are offsets in the code cache, the same in every run.
 */
#include <inttypes.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/show/listing.h"

#define LEFT 36u   /* columns for the guest's side */
#define NARROW 80u /* columns, below which there are no sides */
#define LINE 256
#define HEX 32

/* A line of the right side. */
struct host_line {
    uint64_t at;
    char hex[HEX];
    char text[DISASM_HOST_TEXT];
};

static const char *bytes_hex(const uint8_t *bytes, unsigned len, char hex[HEX])
{
    hex[0] = '\0';
    for (unsigned i = 0; i < len && 2 * i + 2 < HEX; i++)
        snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
    return hex;
}

/* The next line of a piece, from `*done` on. False: there is none. */
static bool next_line(const struct listing *listing, const struct listing_piece *piece,
                      uint32_t *done, struct host_line *line)
{
    const uint8_t *bytes = piece->host + *done;
    unsigned len;

    if (*done >= piece->len)
        return false;
    line->at = (uint64_t)(bytes - listing->host);
    len = disasm_host_text(&listing->disasm_host, bytes, piece->len - *done, line->at,
                           line->text);
    (void)bytes_hex(bytes, len, line->hex);
    *done += len;
    return true;
}

static const char *place_name(const struct listing *listing, uint32_t pc, char *text,
                              size_t room)
{
    uint32_t offset;
    const char *name = symbols_find(&listing->image->symbols, pc, &offset);

    if (!name)
        snprintf(text, room, "%08" PRIx32 ":", pc);
    else if (offset)
        snprintf(text, room, "%08" PRIx32 " <%.120s+0x%" PRIx32 ">:", pc, name, offset);
    else
        snprintf(text, room, "%08" PRIx32 " <%.120s>:", pc, name);
    return text;
}

static const char *guest_text(const struct listing *listing, const struct listing_piece *piece,
                              char *text, size_t room)
{
    char insn[DISASM_TEXT];

    (void)disasm_text(&listing->disasm, piece->raw, piece->pc, insn, sizeof insn);
    snprintf(text, room, "%08" PRIx32 "  %s", piece->pc, insn);
    return text;
}

static void put_line(FILE *out, const char *text, unsigned width)
{
    fprintf(out, "%.*s\n", width ? (int)width : LINE, text);
}

static void print_piece(const struct listing *listing, const struct listing_piece *piece,
                        FILE *out, unsigned width)
{
    bool narrow = width && width < NARROW;
    char left[LINE / 2] = "", line[LINE * 2];
    struct host_line host;
    uint32_t done = 0;

    if (piece->part != LISTING_BLOCK)
        (void)guest_text(listing, piece, left, sizeof left);
    if (left[0] && (narrow || !piece->len))
        put_line(out, left, width);
    if (narrow)
        left[0] = '\0';
    while (next_line(listing, piece, &done, &host)) {
        snprintf(line, sizeof line, "%-*s  %5" PRIx64 "  %s", narrow ? 2 : (int)LEFT, left,
                 host.at, host.text[0] ? host.text : host.hex);
        put_line(out, line, width);
        left[0] = '\0';
    }
}

static void print_sums(const struct listing *listing, FILE *out, unsigned width)
{
    char line[LINE];

    snprintf(line, sizeof line, "\n%" PRIu32 " instructions, %" PRIu32 " bytes", listing->insns,
             listing->guest_bytes);
    put_line(out, line, width);
    snprintf(line, sizeof line, "host: %" PRIu32 " bytes, slow paths %" PRIu32,
             listing->fast_bytes, listing->slow_bytes);
    put_line(out, line, width);
    if (!listing->disasm_host.capstone)
        put_line(out, "(bytes only: no Capstone)", width);
}

void listing_print(const struct listing *listing, FILE *out, unsigned width)
{
    enum listing_part part = LISTING_BLOCK;
    char name[LINE];

    for (size_t i = 0; i < listing->count; i++) {
        const struct listing_piece *piece = &listing->pieces[i];

        if (piece->part == LISTING_SLOW && part != LISTING_SLOW)
            put_line(out, "\nslow paths:", width);
        part = piece->part;
        if (part == LISTING_BLOCK) {
            if (i)
                fputc('\n', out);
            put_line(out, place_name(listing, piece->pc, name, sizeof name), width);
        }
        print_piece(listing, piece, out, width);
    }
    print_sums(listing, out, width);
}

/* ---- JSON ---- */

static json_t *line_fields(const struct host_line *line)
{
    json_t *object = json_object();

    json_put_number(object, "offset", line->at);
    json_put_text(object, "bytes", line->hex);
    json_put(object, "text", line->text[0] ? json_string(line->text) : json_null());
    return object;
}

static json_t *piece_fields(const struct listing *listing, const struct listing_piece *piece)
{
    static const char *const parts[LISTING_PARTS] = {
        [LISTING_BLOCK] = "block", [LISTING_INSN] = "insn", [LISTING_SLOW] = "slow"};
    json_t *object = json_object(), *host = json_array();
    struct host_line line;
    char text[DISASM_TEXT];
    uint32_t done = 0, offset;
    const char *name = symbols_find(&listing->image->symbols, piece->pc, &offset);

    (void)disasm_text(&listing->disasm, piece->raw, piece->pc, text, sizeof text);
    while (next_line(listing, piece, &done, &line))
        json_array_append_new(host, line_fields(&line));
    json_put_text(object, "part", parts[piece->part]);
    json_put_number(object, "pc", piece->pc);
    json_put(object, "symbol", name ? json_bytes(name, strlen(name)) : json_null());
    json_put_number(object, "symbol_offset", name ? offset : 0);
    json_put_text(object, "guest", text);
    json_put(object, "host", host);
    return object;
}

void listing_document(const struct listing *listing, json_t *document)
{
    json_t *pieces = json_array();

    for (size_t i = 0; i < listing->count; i++)
        json_array_append_new(pieces, piece_fields(listing, &listing->pieces[i]));
    json_put(document, "disassembler",
             listing->disasm_host.capstone ? json_string("capstone") : json_null());
    json_put_number(document, "instructions", listing->insns);
    json_put_number(document, "guest_bytes", listing->guest_bytes);
    json_put_number(document, "fast_bytes", listing->fast_bytes);
    json_put_number(document, "slow_bytes", listing->slow_bytes);
    json_put(document, "pieces", pieces);
}
