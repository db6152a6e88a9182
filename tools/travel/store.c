/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store.c - what changed is found by comparing every page in use with the copy kept of it: exact
 * on every engine, whoever wrote, and a few milliseconds for what a guest of 16 MiB uses.
 */
#include "tools/travel/store.h"

#include <stdlib.h>
#include <zstd.h>

#define STORE_NONE UINT32_MAX
#define LEAST_PACKED                                                                           \
    256u             /* bytes that a page takes, packed, for counting how many may be kept */
#define PACK_LEVEL 1 /* the library's: what is packed is waited for */
#define PACKED_AT_ONCE 256u

enum pz_err store_open(struct store *store, uint64_t limit, struct problem *problem)
{
    *store = (struct store){.limit = limit, .room = (uint32_t)(limit / LEAST_PACKED)};
    store->pages = calloc(store->room, sizeof *store->pages);
    store->spare = calloc(store->room, sizeof *store->spare);
    store->packer = ZSTD_createCCtx();
    store->unpacker = ZSTD_createDCtx();
    if (!store->pages || !store->spare || !store->packer || !store->unpacker)
        return problem_memory(problem, "checkpoints (lower --checkpoint-mem)");
    return PZ_OK;
}

void store_close(struct store *store)
{
    for (uint32_t slot = 0; slot < store->fresh; slot++)
        free(store->pages[slot].bytes);
    free(store->pages);
    free(store->spare);
    (void)ZSTD_freeCCtx(store->packer);
    (void)ZSTD_freeDCtx(store->unpacker);
    *store = (struct store){0};
}

/* The page's bytes; those of one that is packed are good until the next is asked for. */
static const uint8_t *page_at(struct store *store, uint32_t slot)
{
    const struct store_page *page = &store->pages[slot];

    if (page->size == PAGE_SIZE)
        return page->bytes;
    (void)ZSTD_decompressDCtx(store->unpacker, store->scratch, PAGE_SIZE, page->bytes,
                              page->size);
    return store->scratch;
}

static bool keep_page(struct store *store, const uint8_t *bytes, uint32_t *slot)
{
    uint8_t *copy;

    if (store->bytes + PAGE_SIZE > store->limit ||
        (!store->spares && store->fresh == store->room) || !(copy = malloc(PAGE_SIZE)))
        return false;
    *slot = store->spares ? store->spare[--store->spares] : store->fresh++;
    memcpy(copy, bytes, PAGE_SIZE);
    store->pages[*slot] = (struct store_page){.bytes = copy, .uses = 1, .size = PAGE_SIZE};
    store->bytes += PAGE_SIZE;
    return true;
}

static void let_go(struct store *store, uint32_t slot)
{
    struct store_page *page;

    if (slot == STORE_NONE || --store->pages[slot].uses)
        return;
    page = &store->pages[slot];
    store->spare[store->spares++] = slot;
    store->bytes -= page->size;
    free(page->bytes);
    *page = (struct store_page){0};
}

/* ---- Packing ---- */

static bool pack_page(struct store *store, struct store_page *page)
{
    uint8_t packed[PAGE_SIZE], *copy;
    size_t size = ZSTD_compressCCtx(store->packer, packed, PAGE_SIZE - 1, page->bytes,
                                    PAGE_SIZE, PACK_LEVEL);

    page->tough = ZSTD_isError(size);
    if (page->tough || !(copy = malloc(size)))
        return false;
    memcpy(copy, packed, size);
    free(page->bytes);
    page->bytes = copy;
    page->size = (uint16_t)size;
    store->bytes -= PAGE_SIZE - size;
    return true;
}

bool store_pack(struct store *store)
{
    unsigned count = 0;

    for (uint32_t seen = 0; seen < store->fresh && count < PACKED_AT_ONCE; seen++) {
        struct store_page *page = &store->pages[store->packed_to];

        store->packed_to = (store->packed_to + 1) % store->fresh;
        /* What comes next is compared with the checkpoint taken last. */
        if (page->uses && page->size == PAGE_SIZE && !page->tough &&
            page->taken != store->taken)
            count += pack_page(store, page);
    }
    return count;
}

/* ---- Checkpoints ---- */

static uint32_t slot_of(const struct snapshot *snapshot, uint32_t number)
{
    return snapshot && number < snapshot->pages ? snapshot->slots[number] : STORE_NONE;
}

static bool take_page(struct store *store, const uint8_t *page, uint32_t before, uint32_t *slot)
{
    *slot = STORE_NONE;
    if (!page)
        return true;
    if (before == STORE_NONE || memcmp(page, page_at(store, before), PAGE_SIZE))
        return keep_page(store, page, slot);
    store->pages[before].uses++;
    *slot = before;
    return true;
}

static bool make_room(struct store *store, const struct vmm *vmm, struct snapshot *snapshot)
{
    uint32_t pages = checkpoint_pages(vmm);
    size_t state = checkpoint_size(vmm), slots = pages * sizeof *snapshot->slots;

    *snapshot = (struct snapshot){.bytes = state + slots};
    if (store->bytes + snapshot->bytes > store->limit)
        return false;
    snapshot->state = malloc(state);
    snapshot->slots = malloc(slots);
    if (snapshot->state && snapshot->slots) {
        store->bytes += snapshot->bytes;
        return true;
    }
    free(snapshot->state);
    free(snapshot->slots);
    *snapshot = (struct snapshot){0};
    return false;
}

static void note_taken(struct store *store, const struct snapshot *snapshot)
{
    store->taken++;
    for (uint32_t i = 0; i < snapshot->pages; i++)
        if (snapshot->slots[i] != STORE_NONE)
            store->pages[snapshot->slots[i]].taken = store->taken;
}

bool store_take(struct store *store, const struct vmm *vmm, const struct snapshot *like,
                struct snapshot *snapshot)
{
    uint32_t pages = checkpoint_pages(vmm);

    if (!make_room(store, vmm, snapshot))
        return false;
    checkpoint_save(vmm, snapshot->state);
    for (; snapshot->pages < pages; snapshot->pages++) {
        uint32_t number = snapshot->pages;

        if (!take_page(store, checkpoint_page(vmm, number), slot_of(like, number),
                       &snapshot->slots[number])) {
            store_drop(store, snapshot);
            return false;
        }
    }
    note_taken(store, snapshot);
    return true;
}

void store_drop(struct store *store, struct snapshot *snapshot)
{
    for (uint32_t i = 0; i < snapshot->pages; i++)
        let_go(store, snapshot->slots[i]);
    if (snapshot->state)
        store->bytes -= snapshot->bytes;
    free(snapshot->state);
    free(snapshot->slots);
    *snapshot = (struct snapshot){0};
}

struct kept {
    struct store *store;
    const struct snapshot *snapshot;
};

static const uint8_t *kept_page(void *owner, uint32_t number)
{
    const struct kept *kept = owner;
    uint32_t slot = kept->snapshot->slots[number];

    return slot == STORE_NONE ? NULL : page_at(kept->store, slot);
}

void store_restore(struct store *store, struct vmm *vmm, const struct snapshot *snapshot)
{
    struct kept kept = {store, snapshot};

    (void)checkpoint_restore(vmm, snapshot->state, &(struct checkpoint_kept){kept_page, &kept});
}
