/* SPDX-License-Identifier: GPL-2.0-or-later */
/* document.h - XML documents that the client reads in parts (qXfer). */
#ifndef PZ_TOOLS_GDB_DOCUMENT_H
#define PZ_TOOLS_GDB_DOCUMENT_H

#include "tools/gdb/client.h"

struct gdb_document {
    FILE *out; /* to write it to; its first line is there */
    char *text;
    size_t len;
};

/* False: the host has no memory for it, and the client is told that it cannot have it. */
bool gdb_document_open(struct gdb *gdb, struct gdb_document *document) PZ_MUST_CHECK;

/* Close it, and answer with the part that `range` asks for: "OFFSET,LENGTH". */
void gdb_document_answer(struct gdb *gdb, struct gdb_document *document, const char *range);

#endif
