/* SPDX-License-Identifier: GPL-2.0-or-later */
/* listing.c - collecting pieces. How they look is in listing_print.c. */
#include "tools/show/listing.h"

#include <stdlib.h>
#include <string.h>

#include "isa/insn.h"
#include "isa/phys.h"

bool listing_physical(const struct listing *listing, uint32_t va, uint64_t *pa)
{
    const struct elf *elf = &listing->image->elf;

    for (unsigned i = 0; i < elf->count; i++) {
        const struct elf_segment *segment = &elf->segments[i];

        if (va - segment->va < segment->len) {
            *pa = (uint64_t)segment->pa + (va - segment->va);
            return true;
        }
    }
    /* The entry's address is physical. */
    for (unsigned i = 0; i < elf->count; i++)
        if (va - elf->segments[i].pa < elf->segments[i].len) {
            *pa = va;
            return true;
        }
    return false;
}

/* The bits of the instruction at `pc`; 0 where there are none. */
static uint32_t fetch(const struct listing *listing, uint32_t pc)
{
    uint8_t bytes[4] = {0};
    uint64_t pa;

    for (uint32_t i = 0; i < 4; i += 2)
        if (listing_physical(listing, pc + i, &pa) && pa - listing->base < listing->size - 1)
            memcpy(bytes + i, listing->ram + (pa - listing->base), 2);
    return load_le32(bytes);
}

static bool make_room(struct listing *listing)
{
    size_t room = listing->room ? 2 * listing->room : 256;
    struct listing_piece *grown;

    if (listing->count < listing->room)
        return true;
    grown = realloc(listing->pieces, room * sizeof *grown);
    if (!grown)
        return false;
    listing->pieces = grown;
    listing->room = room;
    return true;
}

void listing_end(struct listing *listing, const uint8_t *host)
{
    struct listing_piece *last = listing->count ? &listing->pieces[listing->count - 1] : NULL;

    if (last && !last->len && host > last->host)
        last->len = (uint32_t)(host - last->host);
}

void listing_add(struct listing *listing, enum listing_part part, uint32_t pc,
                 const uint8_t *host)
{
    listing_end(listing, host);
    if (make_room(listing))
        listing->pieces[listing->count++] = (struct listing_piece){
            .part = part, .pc = pc, .raw = fetch(listing, pc), .host = host};
    else
        listing->no_memory = true;
}

/* The first `most` instructions, with the beginnings of their blocks. */
static size_t keep_fast(struct listing *listing, uint32_t most, struct listing_piece *kept)
{
    size_t count = 0;

    for (size_t i = 0; i < listing->count; i++) {
        const struct listing_piece *piece = &listing->pieces[i];

        if (piece->part == LISTING_SLOW)
            continue;
        if (listing->insns == most)
            break;
        if (piece->part == LISTING_INSN) {
            listing->insns++;
            listing->guest_bytes += insn_is_wide(piece->raw) ? 4 : 2;
        }
        listing->fast_bytes += piece->len;
        kept[count++] = *piece;
    }
    return count;
}

static bool is_kept(const struct listing_piece *kept, size_t count, uint32_t pc)
{
    for (size_t i = 0; i < count; i++)
        if (kept[i].pc == pc)
            return true;
    return false;
}

void listing_finish(struct listing *listing, uint32_t most)
{
    struct listing_piece *kept = calloc(listing->count + 1, sizeof *kept);
    size_t fast, count;

    listing->no_memory |= !kept;
    if (!kept)
        return;
    fast = count = keep_fast(listing, most, kept);
    for (size_t i = 0; i < listing->count; i++) {
        const struct listing_piece *piece = &listing->pieces[i];

        if (piece->part != LISTING_SLOW || !piece->len || !is_kept(kept, fast, piece->pc))
            continue;
        listing->slow_bytes += piece->len;
        kept[count++] = *piece;
    }
    free(listing->pieces);
    listing->pieces = kept;
    listing->count = listing->room = count;
}

void listing_free(struct listing *listing)
{
    free(listing->pieces);
    listing->pieces = NULL;
    disasm_close(&listing->disasm);
    disasm_host_close(&listing->disasm_host);
}
