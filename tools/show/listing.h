/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * listing.h - guest code and the host code made from it, piece by piece: made by an engine, to be
 * printed side by side or as JSON.
 */
#ifndef PZ_TOOLS_SHOW_LISTING_H
#define PZ_TOOLS_SHOW_LISTING_H

#include <jansson.h>
#include <stdio.h>

#include "tools/host/host.h"
#include "tools/show/disasm.h"
#include "tools/show/disasm_host.h"

enum listing_part { LISTING_BLOCK, LISTING_INSN, LISTING_SLOW, LISTING_PARTS };

/* Host code for one thing. */
struct listing_piece {
    enum listing_part part;
    uint32_t pc, raw;
    const uint8_t *host;
    uint32_t len;
};

struct listing {
    const struct image *image;
    const uint8_t *ram; /* with the image in it */
    uint64_t base, size;
    const uint8_t *host; /* addresses are told from here */
    struct listing_piece *pieces;
    size_t count, room;
    uint32_t insns, guest_bytes, fast_bytes, slow_bytes;
    bool no_memory;
    struct disasm disasm;
    struct disasm_host disasm_host;
};

/* Where the image has a virtual address in physical memory. False: nowhere. */
bool listing_physical(const struct listing *listing, uint32_t va, uint64_t *pa) PZ_MUST_CHECK;

/* The next piece; its length becomes known with the one after it, or listing_end(). */
void listing_add(struct listing *listing, enum listing_part part, uint32_t pc,
                 const uint8_t *host);
void listing_end(struct listing *listing, const uint8_t *host);

/* Keep the first `most` instructions, and the slow paths of those; count everything. */
void listing_finish(struct listing *listing, uint32_t most);

/* At most `width` columns (0: as many as it takes). */
void listing_print(const struct listing *listing, FILE *out, unsigned width);
void listing_document(const struct listing *listing, json_t *document);

void listing_free(struct listing *listing);

#endif
