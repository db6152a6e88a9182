/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow.c - roots, leaf tables and entries of one VM's shadows: making, narrowing, dropping.
 * Which mapping is wanted is dispatch.c's decision; watching guest tables (`trace`) is watch.c.
 *
 *    roots[i].table          leaf table            the guest's page
 *    +-------------+        +-------------+
 *    | slot -------+------> | entry ------+------> machine page
 *    +-------------+        +-------------+            |
 *      level 1                level 0  ^----- rmap ----+
 */
#include "vmm/shadow.h"

#include "isa/csr.h"
#include "vmm/assert.h"
#include "vmm/code.h"
#include "vmm/parts.h"
#include "vmm/rmap.h"
#include "vmm/watch.h"

/* Entries are made complete: accessed, dirty, and the user's, for that is who runs a guest. */
#define ENTRY_FLAGS (PTE_V | PTE_U | PTE_A | PTE_D)
#define ENTRY_RIGHTS (PTE_R | PTE_W | PTE_X)

/*
 * One instruction can need so many leaf tables at once: for two pages of code and two of data.
 * A machine that cannot give the current root so many has no memory for the VM: evicting what
 * was made for an instruction, to make the next table for it, would go on for ever.
 */
#define TABLES_AT_ONCE 4u

void shadow_init(struct shadow *shadow, struct allocator *allocator, struct engine *engine,
                 uint16_t owner, enum shadow_policy policy, uint32_t most)
{
    memset(shadow, 0, sizeof *shadow);
    shadow->allocator = allocator;
    shadow->engine = engine;
    shadow->owner = owner;
    shadow->policy = (uint8_t)policy;
    shadow->most = most < SHADOW_TABLES_LEAST ? SHADOW_TABLES_LEAST : most;
    shadow->watches_code = engine->ops->untrapped_count != 0;
}

struct shadow_key shadow_key_of(const struct hart *hart, enum shadow_policy policy)
{
    struct shadow_key key = {0};

    if (!(hart->satp & SATP_SV32))
        return key;
    key.satp = hart->satp;
    /* Kept in step by watching, a shadow is the same whatever ASID it is used under. */
    if (policy == SHADOW_TRACE)
        key.satp &= ~(SATP_ASID_MASK << SATP_ASID_SHIFT);
    key.mode = hart->mode;
    key.sum = hart->mode == HART_SUPERVISOR && (hart->sstatus & SSTATUS_SUM);
    key.mxr = hart->sstatus & SSTATUS_MXR;
    return key;
}

static bool key_equal(const struct shadow_key *a, const struct shadow_key *b)
{
    return a->satp == b->satp && a->mode == b->mode && a->sum == b->sum && a->mxr == b->mxr;
}

static uint32_t read_entry(const struct shadow *shadow, struct mpa entry)
{
    return load_le32(allocate_host(shadow->allocator, entry));
}

static void write_entry(struct shadow *shadow, struct mpa entry, uint32_t value)
{
    store_le32(allocate_host(shadow->allocator, entry), value);
}

static struct mpa entry_target(uint32_t value)
{
    return (struct mpa){PTE_PPN(value) << PAGE_SHIFT};
}

static struct mpa entry_at(struct mpa table, uint32_t index)
{
    return (struct mpa){table.v + 4 * index};
}

static uint32_t root_satp(const struct shadow_root *root)
{
    return SATP_SV32 | root->table.v >> PAGE_SHIFT;
}

/* The root, and the guest's address, that an entry of a leaf table translates for. */
static struct shadow_root *entry_root(struct shadow *shadow, struct mpa entry)
{
    return &shadow->roots[allocate_info(shadow->allocator, entry)->root];
}

static uint32_t entry_va(const struct shadow *shadow, struct mpa entry)
{
    uint32_t slot = allocate_info(shadow->allocator, entry)->slot;

    return slot << 22 | (entry.v & PAGE_MASK) / 4 << PAGE_SHIFT;
}

/* ---- Entries ---- */

static void root_count_entry(struct shadow *shadow, unsigned root, int change)
{
    uint64_t bit = 1ull << root % 64;

    shadow->roots[root].live += (uint32_t)change;
    if (shadow->roots[root].live)
        shadow->filled[root / 64] |= bit;
    else
        shadow->filled[root / 64] &= ~bit;
}

/* Tell the engine that an entry gives less than before. */
static void entry_narrowed(struct shadow *shadow, struct mpa entry)
{
    engine_drop_page(shadow->engine, root_satp(entry_root(shadow, entry)),
                     entry_va(shadow, entry));
}

/* Without telling the engine: for callers that drop a whole table or root. */
static void entry_forget(struct shadow *shadow, struct mpa entry)
{
    rmap_remove(shadow->allocator, entry_target(read_entry(shadow, entry)), entry);
    write_entry(shadow, entry, 0);
    allocate_info(shadow->allocator, entry)->live--;
    root_count_entry(shadow, allocate_info(shadow->allocator, entry)->root, -1);
    shadow->drops++;
}

void shadow_drop_entry(struct shadow *shadow, struct mpa entry)
{
    if (!read_entry(shadow, entry))
        return;
    entry_forget(shadow, entry);
    entry_narrowed(shadow, entry);
}

void shadow_narrow(struct shadow *shadow, struct mpa page, uint32_t rights)
{
    struct mpa entry = rmap_first(shadow->allocator, page), next;

    for (; entry.v; entry = next) {
        uint32_t value = read_entry(shadow, entry);

        next = rmap_next(shadow->allocator, entry);
        if (!(value & rights))
            continue;
        if (value & ENTRY_RIGHTS & ~rights) {
            write_entry(shadow, entry, value & ~rights);
            entry_narrowed(shadow, entry);
        } else {
            shadow_drop_entry(shadow, entry);
        }
    }
}

/* ---- Leaf tables ---- */

static struct mpa leaf_of(const struct shadow *shadow, const struct shadow_root *root,
                          uint32_t slot)
{
    return entry_target(read_entry(shadow, entry_at(root->table, slot)));
}

#define GROUP 64u /* entries that one bit of `groups` stands for */

static void group_forget_entries(struct shadow *shadow, struct mpa leaf, uint32_t group)
{
    for (uint32_t i = group * GROUP; i < (group + 1) * GROUP; i++)
        if (read_entry(shadow, entry_at(leaf, i)))
            entry_forget(shadow, entry_at(leaf, i));
}

static void leaf_forget_entries(struct shadow *shadow, struct mpa leaf)
{
    struct page *info = allocate_info(shadow->allocator, leaf);

    for (uint32_t group = 0; info->live && group < SV32_ENTRIES / GROUP; group++)
        if (info->groups & 1u << group)
            group_forget_entries(shadow, leaf, group);
    info->groups = 0;
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

/* Without telling the engine. */
static void leaf_free(struct shadow *shadow, struct mpa leaf)
{
    struct page *info = allocate_info(shadow->allocator, leaf);
    struct shadow_root *root = &shadow->roots[info->root];

    leaf_forget_entries(shadow, leaf);
    watch_unlink(shadow, leaf);
    leaf_unlink(shadow, root, leaf);
    write_entry(shadow, entry_at(root->table, info->slot), 0);
    allocate_free(shadow->allocator, info->link);
    allocate_free(shadow->allocator, leaf);
}

void shadow_drop_leaf(struct shadow *shadow, struct mpa leaf)
{
    struct shadow_root *root = entry_root(shadow, leaf);

    leaf_free(shadow, leaf);
    engine_drop_root(shadow->engine, root_satp(root));
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

/* ---- Roots ---- */

/* The tables stay: they will be filled again soon. */
void shadow_empty_root(struct shadow *shadow, struct shadow_root *root)
{
    struct mpa leaf = root->leaves;

    if (!root->live)
        return;
    for (; leaf.v; leaf = allocate_info(shadow->allocator, leaf)->next_leaf) {
        leaf_forget_entries(shadow, leaf);
        allocate_info(shadow->allocator, leaf)->superpage = false;
    }
    engine_drop_root(shadow->engine, root_satp(root));
}

void shadow_strip_root(struct shadow *shadow, struct shadow_root *root)
{
    if (!root->tables)
        return;
    while (root->leaves.v)
        leaf_free(shadow, root->leaves);
    engine_drop_root(shadow->engine, root_satp(root));
}

static void root_free(struct shadow *shadow, struct shadow_root *root)
{
    shadow_strip_root(shadow, root);
    engine_drop_root(shadow->engine, root_satp(root));
    allocate_free(shadow->allocator, root->table);
    *root = (struct shadow_root){.used = false};
    memset(shadow->recent, 0, sizeof shadow->recent);
}

/* The used root that was entered longest ago, the current one aside; NULL for none. */
static struct shadow_root *oldest_root(struct shadow *shadow, bool with_tables)
{
    struct shadow_root *oldest = NULL;

    for (unsigned i = 0; i < shadow->root_count; i++) {
        struct shadow_root *root = &shadow->roots[i];

        if (!root->used || i == shadow->current || (with_tables && !root->tables))
            continue;
        if (!oldest || root->stamp < oldest->stamp)
            oldest = root;
    }
    return oldest;
}

/*
 * Make room: the oldest other root goes, or if there is none, what the current one holds; but
 * only if that is `least` tables or more.
 */
static bool evict(struct shadow *shadow, uint32_t least)
{
    struct shadow_root *oldest = oldest_root(shadow, true);
    struct shadow_root *current = &shadow->roots[shadow->current];

    if (!oldest && current->tables < least)
        return false;
    shadow->evictions++;
    if (oldest)
        root_free(shadow, oldest);
    else
        shadow_strip_root(shadow, current);
    return true;
}

static struct shadow_root *root_slot(struct shadow *shadow)
{
    struct shadow_root *oldest;

    for (unsigned i = 0; i < shadow->root_count; i++)
        if (!shadow->roots[i].used)
            return &shadow->roots[i];
    if (shadow->root_count < SHADOW_ROOTS)
        return &shadow->roots[shadow->root_count++];
    oldest = oldest_root(shadow, false);
    shadow->evictions++;
    root_free(shadow, oldest);
    return oldest;
}

static struct shadow_root *root_new(struct shadow *shadow, const struct shadow_key *key)
{
    struct shadow_root *root = root_slot(shadow);
    struct mpa table;

    while (!allocate_page(shadow->allocator, shadow->owner, PAGE_SHADOW_ROOT, &table))
        if (!evict(shadow, 1))
            return NULL;
    *root = (struct shadow_root){.used = true, .key = *key, .table = table};
    return root;
}

static bool root_is(const struct shadow_root *root, const struct shadow_key *key)
{
    return root->used && key_equal(&root->key, key);
}

static unsigned key_hash(const struct shadow_key *key)
{
    uint32_t mixed = key->satp ^ key->satp >> 16 ^ key->satp >> 24;

    return (mixed * 4 + key->mode * 2u + key->sum) % SHADOW_ROOTS;
}

static struct shadow_root *root_find(struct shadow *shadow, const struct shadow_key *key)
{
    uint8_t *hint = &shadow->hint[key_hash(key)];

    if (root_is(&shadow->roots[*hint], key))
        return &shadow->roots[*hint];
    for (unsigned i = 0; i < shadow->root_count; i++)
        if (root_is(&shadow->roots[i], key)) {
            *hint = (uint8_t)i;
            return &shadow->roots[i];
        }
    return NULL;
}

enum shadow_result shadow_enter(struct shadow *shadow, const struct shadow_key *key,
                                uint32_t *root_value)
{
    struct shadow_root *root = root_find(shadow, key);

    if (!root)
        root = root_new(shadow, key);
    if (!root)
        return SHADOW_NO_MEMORY;
    shadow->current = (uint16_t)(root - shadow->roots);
    shadow->state = 0;
    root->stamp = ++shadow->clock;
    *root_value = root_satp(root);
    return SHADOW_OK;
}

struct shadow_key shadow_key_for(const struct shadow *shadow, const struct hart *hart)
{
    enum shadow_policy policy = (enum shadow_policy)shadow->policy;

    if (__builtin_expect(shadow->parts != NULL, 0))
        return shadow->parts->shadow_key(hart, policy);
    return shadow_key_of(hart, policy);
}

static struct shadow_recent *recent_of(struct shadow *shadow, uint64_t state)
{
    return &shadow->recent[(state ^ state >> 4 ^ state >> 22 ^ state >> 31 ^ state >> 49) %
                           SHADOW_RECENT];
}

static enum shadow_result find_recent(struct shadow *shadow, const struct hart *hart,
                                      struct shadow_recent *recent)
{
    struct shadow_key key = shadow_key_for(shadow, hart);
    enum shadow_result result = shadow_enter(shadow, &key, &recent->root);

    recent->state = result == SHADOW_OK ? shadow_state(hart) : 0;
    recent->index = shadow->current;
    return result;
}

__attribute__((noinline)) enum shadow_result shadow_enter_hart(struct shadow *shadow,
                                                               const struct hart *hart,
                                                               uint32_t *root_value)
{
    uint64_t state = shadow_state(hart);
    struct shadow_recent *recent = recent_of(shadow, state);

    if (recent->state != state && find_recent(shadow, hart, recent) != SHADOW_OK)
        return SHADOW_NO_MEMORY;
    shadow->current = (uint16_t)recent->index;
    shadow->roots[recent->index].stamp = ++shadow->clock;
    shadow->state = state;
    shadow->root = *root_value = recent->root;
    return SHADOW_OK;
}

/* ---- Mapping ---- */

uint32_t shadow_rights(const struct sv32_space *space, uint32_t pte)
{
    uint32_t rights = 0;

    if (sv32_allows(space, pte, ACCESS_LOAD))
        rights |= PTE_R;
    if (sv32_allows(space, pte, ACCESS_FETCH))
        rights |= PTE_X;
    /* Until the guest's entry is dirty, a store has to come past here to make it so. */
    if (sv32_allows(space, pte, ACCESS_STORE) && (pte & PTE_D))
        rights |= PTE_W;
    return rights;
}

/* A leaf table for the slot of the current root, made if need be. */
static bool leaf_for(struct shadow *shadow, const struct shadow_mapping *mapping,
                     struct mpa *leaf)
{
    struct shadow_root *root = &shadow->roots[shadow->current];
    uint32_t slot = SV32_INDEX(mapping->gva.v, 1);

    *leaf = leaf_of(shadow, root, slot);
    if (leaf->v && watch_matches(shadow, *leaf, mapping))
        return true;
    if (leaf->v)
        shadow_drop_leaf(shadow, *leaf);
    while (shadow->tables >= shadow->most || !leaf_allocate(shadow, leaf))
        if (!evict(shadow, TABLES_AT_ONCE))
            return false;
    allocate_info(shadow->allocator, *leaf)->root = shadow->current;
    allocate_info(shadow->allocator, *leaf)->slot = (uint16_t)slot;
    write_entry(shadow, entry_at(root->table, slot), PTE_MAKE(leaf->v >> PAGE_SHIFT, PTE_V));
    allocate_info(shadow->allocator, *leaf)->next_leaf = root->leaves;
    root->leaves = *leaf;
    root->tables++;
    shadow->tables++;
    return true;
}

/* Rights that the page itself forbids: watched tables are not written, and see code.h. */
static uint32_t page_rights(const struct shadow *shadow, struct mpa mpa, uint32_t rights)
{
    const struct page *info = allocate_info(shadow->allocator, mpa);

    if (info->traced)
        rights &= ~PTE_W;
    if (shadow->watches_code)
        rights &= ~code_forbids(info);
    return rights;
}

static void entry_set(struct shadow *shadow, struct mpa entry, struct mpa target,
                      uint32_t rights)
{
    uint32_t old = read_entry(shadow, entry);
    uint32_t new = PTE_MAKE(target.v >> PAGE_SHIFT, ENTRY_FLAGS | rights);

    if (old && ((old ^ new) & ~ENTRY_RIGHTS || (old & ENTRY_RIGHTS & ~rights)))
        shadow_drop_entry(shadow, entry);
    if (!read_entry(shadow, entry)) {
        struct page *info = allocate_info(shadow->allocator, entry);

        rmap_add(shadow->allocator, target, entry);
        info->live++;
        root_count_entry(shadow, info->root, 1);
        info->groups |= (uint16_t)(1u << (entry.v & PAGE_MASK) / 4 / GROUP);
    }
    write_entry(shadow, entry, new);
}

enum shadow_result shadow_map(struct shadow *shadow, const struct shadow_mapping *mapping)
{
    struct mpa leaf, page = {mapping->mpa.v & ~PAGE_MASK};
    uint32_t rights;

    if (!leaf_for(shadow, mapping, &leaf))
        return SHADOW_NO_MEMORY;
    if (shadow->policy == SHADOW_TRACE)
        watch_link(shadow, leaf, mapping);
    if (mapping->superpage)
        allocate_info(shadow->allocator, leaf)->superpage = true;
    rights = page_rights(shadow, page, mapping->rights);
    if (rights)
        entry_set(shadow, entry_at(leaf, SV32_INDEX(mapping->gva.v, 0)), page, rights);
    shadow->fills++;
    return SHADOW_OK;
}

/* ---- Coherence asked for by the guest ---- */

static void fence_va(struct shadow *shadow, struct shadow_root *root, uint32_t va)
{
    struct mpa leaf = leaf_of(shadow, root, SV32_INDEX(va, 1));

    if (!leaf.v)
        return;
    /* A fence for any address in a superpage is for all of it. */
    if (allocate_info(shadow->allocator, leaf)->superpage)
        shadow_drop_leaf(shadow, leaf);
    else
        shadow_drop_entry(shadow, entry_at(leaf, SV32_INDEX(va, 0)));
}

static bool fence_concerns(const struct shadow_root *root, const struct exec_fence *fence)
{
    if (!root->used || !root->key.satp)
        return false;
    return !fence->one_asid || SATP_ASID(root->key.satp) == fence->asid;
}

static void fence_root(struct shadow *shadow, struct shadow_root *root,
                       const struct exec_fence *fence)
{
    if (!fence_concerns(root, fence))
        return;
    if (fence->one_va)
        fence_va(shadow, root, fence->va);
    else
        shadow_empty_root(shadow, root);
}

/* The first root from `root` on that has entries; SHADOW_ROOTS for none. */
static unsigned next_filled(const struct shadow *shadow, unsigned root)
{
    while (root < SHADOW_ROOTS) {
        uint64_t filled = shadow->filled[root / 64] >> root % 64;

        if (filled)
            return root + (unsigned)__builtin_ctzll(filled);
        root = (root / 64 + 1) * 64;
    }
    return root;
}

void shadow_fence(struct shadow *shadow, const struct exec_fence *fence)
{
    unsigned root = 0;

    if (shadow->policy == SHADOW_TRACE)
        return; /* nothing is ever out of step */
    while ((root = next_filled(shadow, root)) < SHADOW_ROOTS)
        fence_root(shadow, &shadow->roots[root++], fence);
}

void shadow_drop_all(struct shadow *shadow)
{
    unsigned root = 0;

    while ((root = next_filled(shadow, root)) < SHADOW_ROOTS)
        shadow_empty_root(shadow, &shadow->roots[root++]);
}

bool shadow_has_leaf(const struct shadow *shadow, unsigned root, uint32_t slot)
{
    return shadow->roots[root].used && leaf_of(shadow, &shadow->roots[root], slot).v;
}

uint32_t shadow_lookup(const struct shadow *shadow, unsigned root, struct gva gva)
{
    struct mpa leaf;

    if (!shadow->roots[root].used)
        return 0;
    leaf = leaf_of(shadow, &shadow->roots[root], SV32_INDEX(gva.v, 1));
    return leaf.v ? read_entry(shadow, entry_at(leaf, SV32_INDEX(gva.v, 0))) : 0;
}

void shadow_destroy(struct shadow *shadow)
{
    for (unsigned i = 0; i < shadow->root_count; i++)
        if (shadow->roots[i].used)
            root_free(shadow, &shadow->roots[i]);
}
