/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store.c - what changed is found by comparing every page in use with the copy kept of it: exact
 * on every engine, whoever wrote, and a few milliseconds for what a guest of 16 MiB uses.
 */
#include "tools/travel/store.h"

#include <stdlib.h>

#include <sys/mman.h>

#define STORE_NONE UINT32_MAX

enum pz_err store_open(struct store *store, uint64_t limit, struct problem *problem)
{
    uint64_t room = limit / PAGE_SIZE;

    *store = (struct store){.limit = limit, .room = (uint32_t)room};
    store->arena = mmap(NULL, room * PAGE_SIZE, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (store->arena == MAP_FAILED)
        store->arena = NULL;
    store->uses = calloc(room, sizeof *store->uses);
    store->spare = calloc(room, sizeof *store->spare);
    if (!store->arena || !store->uses || !store->spare)
        return problem_memory(problem, "checkpoints (lower --checkpoint-mem)");
    return PZ_OK;
}

void store_close(struct store *store)
{
    if (store->arena)
        munmap(store->arena, (size_t)store->room * PAGE_SIZE);
    free(store->uses);
    free(store->spare);
    *store = (struct store){0};
}

static uint8_t *page_at(const struct store *store, uint32_t slot)
{
    return store->arena + (size_t)slot * PAGE_SIZE;
}

static bool keep_page(struct store *store, const uint8_t *page, uint32_t *slot)
{
    if (store->bytes + PAGE_SIZE > store->limit)
        return false;
    if (store->spares)
        *slot = store->spare[--store->spares];
    else
        *slot = store->fresh++; /* the limit keeps it below `room` */
    memcpy(page_at(store, *slot), page, PAGE_SIZE);
    store->uses[*slot] = 1;
    store->bytes += PAGE_SIZE;
    return true;
}

/* The page's own memory stays with the arena: it will be wanted again soon. */
static void let_go(struct store *store, uint32_t slot)
{
    if (slot == STORE_NONE || --store->uses[slot])
        return;
    store->spare[store->spares++] = slot;
    store->bytes -= PAGE_SIZE;
}

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
    store->uses[before]++;
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
    const struct store *store;
    const struct snapshot *snapshot;
};

static const uint8_t *kept_page(void *owner, uint32_t number)
{
    const struct kept *kept = owner;
    uint32_t slot = kept->snapshot->slots[number];

    return slot == STORE_NONE ? NULL : page_at(kept->store, slot);
}

void store_restore(const struct store *store, struct vmm *vmm, const struct snapshot *snapshot)
{
    struct kept kept = {store, snapshot};

    (void)checkpoint_restore(vmm, snapshot->state, &(struct checkpoint_kept){kept_page, &kept});
}
