/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow_leaf.c - shadow entries and leaf tables: making, narrowing, dropping. Each entry is in
 * the reverse map (rmap.c) of the page that it maps, each leaf table in the list of its root.
 * Whenever an entry is dropped or loses rights, the engine's cached translation is dropped.
 */
#include "vmm/shadow_leaf.h"

#include "vmm/code.h"
#include "vmm/rmap.h"
#include "vmm/watch.h"

/* Every entry has A and D set, and U, because guests run in user mode. */
#define ENTRY_FLAGS (PTE_V | PTE_U | PTE_A | PTE_D)
#define ENTRY_RIGHTS (PTE_R | PTE_W | PTE_X)

/*
 * The root to which an entry of a leaf table belongs, and the guest address that it translates.
 */
static struct shadow_root *entry_root(struct shadow *shadow, struct mpa entry)
{
    return &shadow->roots[allocate_info(shadow->allocator, entry)->root];
}

static uint32_t entry_va(const struct shadow *shadow, struct mpa entry)
{
    uint32_t slot = allocate_info(shadow->allocator, entry)->slot;

    return slot << 22 | (entry.v & PAGE_MASK) / 4 << PAGE_SHIFT;
}

static void root_count_entry(struct shadow *shadow, unsigned root, int change)
{
    uint64_t bit = 1ull << root % 64;

    shadow->roots[root].live += (uint32_t)change;
    if (shadow->roots[root].live)
        shadow->filled[root / 64] |= bit;
    else
        shadow->filled[root / 64] &= ~bit;
}

/* Tells the engine that the entry was dropped or lost rights. */
static void entry_narrowed(struct shadow *shadow, struct mpa entry)
{
    engine_drop_page(shadow->engine, shadow_root_satp(entry_root(shadow, entry)),
                     entry_va(shadow, entry));
}

/* Drops an entry without telling the engine: for callers that drop a whole table or root. */
static void entry_forget(struct shadow *shadow, struct mpa entry)
{
    rmap_remove(shadow->allocator, shadow_target(shadow_read(shadow, entry)), entry);
    shadow_write(shadow, entry, 0);
    allocate_info(shadow->allocator, entry)->live--;
    root_count_entry(shadow, allocate_info(shadow->allocator, entry)->root, -1);
    shadow->drops++;
}

void shadow_drop_entry(struct shadow *shadow, struct mpa entry)
{
    if (!shadow_read(shadow, entry))
        return;
    entry_forget(shadow, entry);
    entry_narrowed(shadow, entry);
}

void shadow_narrow(struct shadow *shadow, struct mpa page, uint32_t rights)
{
    struct mpa entry = rmap_first(shadow->allocator, page, shadow->owner), next;

    if (rights & PTE_W)
        rights |= ENTRY_WITHHELD;
    for (; entry.v; entry = next) {
        uint32_t value = shadow_read(shadow, entry);

        next = rmap_next(shadow->allocator, page, entry);
        if (!(value & rights))
            continue;
        if (value & ENTRY_RIGHTS & ~rights) {
            shadow_write(shadow, entry, value & ~rights);
            entry_narrowed(shadow, entry);
        } else {
            shadow_drop_entry(shadow, entry);
        }
    }
}

/* In every entry that maps the page and has bit `from` set, sets bit `to` instead. */
static void exchange_bits(struct shadow *shadow, struct mpa page, uint32_t from, uint32_t to)
{
    struct mpa entry = rmap_first(shadow->allocator, page, shadow->owner);

    for (; entry.v; entry = rmap_next(shadow->allocator, page, entry)) {
        uint32_t value = shadow_read(shadow, entry);

        if (value & from)
            shadow_write(shadow, entry, (value & ~from) | to);
    }
}

void shadow_withhold(struct shadow *shadow, struct mpa page)
{
    exchange_bits(shadow, page, PTE_W, ENTRY_WITHHELD);
}

void shadow_give_back(struct shadow *shadow, struct mpa page)
{
    exchange_bits(shadow, page, ENTRY_WITHHELD, PTE_W);
}

/* Is it clean, by the bits of dirty.h? */
static bool withholds(const struct shadow *shadow, const struct page *info)
{
    return PZ_HOSTED && __builtin_expect(shadow->dirty != NULL, 0) &&
           !(shadow->dirty[info->place / 64] >> info->place % 64 & 1);
}

uint32_t shadow_page_rights(const struct shadow *shadow, struct mpa page, uint32_t rights)
{
    const struct page *info = allocate_info(shadow->allocator, page);

    if (info->traced || info->kind == PAGE_SHARED)
        rights &= ~PTE_W;
    if (shadow_watches_code(shadow))
        rights &= ~code_forbids(info);
    if (rights & PTE_W && withholds(shadow, info))
        rights = (rights & ~PTE_W) | ENTRY_WITHHELD;
    return rights;
}

/* Does `new` map another page than `old`, or grant fewer rights? */
static bool takes_away(uint32_t old, uint32_t new)
{
    return (old ^ new) & ~ENTRY_RIGHTS || (old & ~new &ENTRY_RIGHTS);
}

void shadow_leaf_set(struct shadow *shadow, struct mpa entry, struct mpa target,
                     uint32_t rights)
{
    uint32_t old = shadow_read(shadow, entry);
    uint32_t new = PTE_MAKE(target.v >> PAGE_SHIFT, ENTRY_FLAGS | rights);

    if (old && takes_away(shadow_meant(old), shadow_meant(new)))
        shadow_drop_entry(shadow, entry);
    if (!shadow_read(shadow, entry)) {
        struct page *info = allocate_info(shadow->allocator, entry);

        rmap_add(shadow->allocator, target, entry);
        info->live++;
        root_count_entry(shadow, info->root, 1);
        info->groups |= (uint16_t)(1u << (entry.v & PAGE_MASK) / 4 / SHADOW_GROUP);
    }
    shadow_write(shadow, entry, new);
}

/* ---- Leaf tables ---- */

/* Returns whether any entry stays. */
static bool sweep_half(struct shadow *shadow, struct mpa leaf, uint32_t first,
                       shadow_judge *judge, void *owner)
{
    const uint8_t *entries = allocate_host(shadow->allocator, leaf) + 4 * first;
    struct shadow_verdict verdict = {.gone = UINT32_MAX};

    if (judge)
        verdict = judge(owner, entries, first);
    for (uint32_t i = 0; verdict.gone; i++, verdict.gone >>= 1)
        if (verdict.gone & 1 && load_le32(entries + 4 * i))
            entry_forget(shadow, shadow_entry(leaf, first + i));
    return verdict.some_stay;
}

static bool sweep_group(struct shadow *shadow, struct mpa leaf, uint32_t first,
                        shadow_judge *judge, void *owner)
{
    bool some_stay = sweep_half(shadow, leaf, first, judge, owner);

    return sweep_half(shadow, leaf, first + SHADOW_HALF, judge, owner) || some_stay;
}

void shadow_leaf_sweep(struct shadow *shadow, struct mpa leaf, shadow_judge *judge, void *owner)
{
    struct page *info = allocate_info(shadow->allocator, leaf);

    for (uint32_t group = 0; info->live && group < SV32_ENTRIES / SHADOW_GROUP; group++)
        if (info->groups & 1u << group &&
            !sweep_group(shadow, leaf, group * SHADOW_GROUP, judge, owner))
            info->groups &= (uint16_t) ~(1u << group);
}

static void leaf_forget_entries(struct shadow *shadow, struct mpa leaf)
{
    shadow_leaf_sweep(shadow, leaf, NULL, NULL);
}

static void leaf_unlink(struct shadow *shadow, struct shadow_root *root, struct mpa leaf)
{
    struct mpa *at = &root->leaves;

    while (at->v != leaf.v)
        at = &allocate_info(shadow->allocator, *at)->next_leaf;
    *at = allocate_info(shadow->allocator, leaf)->next_leaf;
    root->tables--;
    shadow->tables--;
}

/* Frees a leaf table without telling the engine. */
static void leaf_free(struct shadow *shadow, struct mpa leaf)
{
    struct page *info = allocate_info(shadow->allocator, leaf);
    struct shadow_root *root = &shadow->roots[info->root];

    leaf_forget_entries(shadow, leaf);
    watch_unlink(shadow, leaf);
    leaf_unlink(shadow, root, leaf);
    shadow_write(shadow, shadow_entry(root->table, info->slot), 0);
    allocate_free(shadow->allocator, info->link);
    allocate_free(shadow->allocator, leaf);
}

void shadow_drop_leaf(struct shadow *shadow, struct mpa leaf)
{
    struct shadow_root *root = entry_root(shadow, leaf);

    leaf_free(shadow, leaf);
    engine_drop_root(shadow->engine, shadow_root_satp(root));
}

static bool leaf_allocate(struct shadow *shadow, struct mpa *leaf)
{
    struct mpa link;

    if (!allocate_page(shadow->allocator, shadow->owner, PAGE_SHADOW_LEAF, leaf))
        return false;
    if (!allocate_page(shadow->allocator, shadow->owner, PAGE_SHADOW_LINK, &link)) {
        allocate_free(shadow->allocator, *leaf);
        return false;
    }
    allocate_info(shadow->allocator, *leaf)->link = link;
    return true;
}

bool shadow_leaf_new(struct shadow *shadow, uint32_t slot, struct mpa *leaf)
{
    struct shadow_root *root = &shadow->roots[shadow->current];

    if (!leaf_allocate(shadow, leaf))
        return false;
    allocate_info(shadow->allocator, *leaf)->root = shadow->current;
    allocate_info(shadow->allocator, *leaf)->slot = (uint16_t)slot;
    shadow_write(shadow, shadow_entry(root->table, slot),
                 PTE_MAKE(leaf->v >> PAGE_SHIFT, PTE_V));
    allocate_info(shadow->allocator, *leaf)->next_leaf = root->leaves;
    root->leaves = *leaf;
    root->tables++;
    shadow->tables++;
    return true;
}

/* Keeps the tables: they will be filled again soon. */
void shadow_empty_root(struct shadow *shadow, struct shadow_root *root)
{
    struct mpa leaf = root->leaves;

    shadow_doubt(shadow, root, false);
    if (!root->live)
        return;
    for (; leaf.v; leaf = allocate_info(shadow->allocator, leaf)->next_leaf) {
        leaf_forget_entries(shadow, leaf);
        allocate_info(shadow->allocator, leaf)->superpage = false;
    }
    engine_drop_root(shadow->engine, shadow_root_satp(root));
}

void shadow_strip_root(struct shadow *shadow, struct shadow_root *root)
{
    if (!root->tables)
        return;
    while (root->leaves.v)
        leaf_free(shadow, root->leaves);
    engine_drop_root(shadow->engine, shadow_root_satp(root));
}
