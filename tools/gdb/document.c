/* SPDX-License-Identifier: GPL-2.0-or-later */
/* document.c - a document is written to memory whole, whichever part of it is asked for. */
#include "tools/gdb/document.h"

#include <stdlib.h>

bool gdb_document_open(struct gdb *gdb, struct gdb_document *document)
{
    *document = (struct gdb_document){0};
    document->out = open_memstream(&document->text, &document->len);
    if (document->out)
        fputs("<?xml version=\"1.0\"?>\n", document->out);
    else
        gdb_malformed(gdb);
    return document->out;
}

static void answer_part(struct gdb *gdb, const char *text, const char *document, size_t len)
{
    uint64_t offset, part;

    if (!gdb_packet_number(&text, &offset) || !gdb_packet_char(&text, ',') ||
        !gdb_packet_number(&text, &part) || *text || offset > len) {
        gdb_malformed(gdb);
        return;
    }
    /* At worst each byte is escaped. */
    if (part > GDB_PACKET_MOST / 2 - 1)
        part = GDB_PACKET_MOST / 2 - 1;
    if (part > len - offset)
        part = len - offset;
    gdb_reply_bytes(&gdb->reply, offset + part < len ? "m" : "l", 1);
    gdb_reply_bytes(&gdb->reply, document + offset, part);
}

void gdb_document_answer(struct gdb *gdb, struct gdb_document *document, const char *range)
{
    fclose(document->out);
    answer_part(gdb, range, document->text, document->len);
    free(document->text);
}
