/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow.c - the interface to one VM's shadows: adding mappings, executing fences, looking up
 * entries. shadow_root.c manages roots, shadow_leaf.c leaf tables and entries. dispatch.c decides
 * which mapping is needed; watch.c watches guest tables (`trace`).
 *
 *    roots[i].table          leaf table            the guest's page
 *    +-------------+        +-------------+
 *    | slot -------+------> | entry ------+------> machine page
 *    +-------------+        +-------------+            |
 *      level 1                level 0  ^----- rmap ----+
 */
#include "vmm/shadow.h"

#include "vmm/shadow_keep.h"
#include "vmm/shadow_leaf.h"
#include "vmm/shadow_prefill.h"
#include "vmm/shadow_root.h"
#include "vmm/shadow_still.h"
#include "vmm/watch.h"

/*
 * The most leaf tables one instruction can need at once: for two pages of code and two of data. If
 * the machine cannot provide that many for the current root, the VM is out of memory: it would
 * forever evict one of these tables to make the next.
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

/* ---- Mapping ---- */

/* Until the guest's D bit is set, a store has to fault, so that the monitor can set it. */
uint32_t shadow_rights(const struct sv32_space *space, uint32_t pte)
{
    return sv32_rights(space, pte);
}

/* The leaf table for the slot of the current root, made if necessary. */
static bool leaf_for(struct shadow *shadow, const struct shadow_mapping *mapping,
                     struct mpa *leaf)
{
    uint32_t slot = SV32_INDEX(mapping->gva.v, 1);

    *leaf = shadow_leaf(shadow, &shadow->roots[shadow->current], slot);
    if (leaf->v && watch_matches(shadow, *leaf, mapping))
        return true;
    if (leaf->v)
        shadow_drop_leaf(shadow, *leaf);
    while (shadow->tables >= shadow->most || !shadow_leaf_new(shadow, slot, leaf))
        if (!shadow_root_evict(shadow, TABLES_AT_ONCE))
            return false;
    return true;
}

enum shadow_result shadow_map(struct shadow *shadow, const struct shadow_mapping *mapping)
{
    struct mpa leaf, page = {mapping->mpa.v & ~PAGE_MASK};
    uint32_t rights;

    if (!leaf_for(shadow, mapping, &leaf))
        return SHADOW_NO_MEMORY;
    if (shadow_traces(shadow))
        watch_link(shadow, leaf, mapping);
    else
        shadow_still_fill(shadow, leaf, mapping->guest_table);
    if (mapping->superpage)
        allocate_info(shadow->allocator, leaf)->superpage = true;
    rights = shadow_page_rights(shadow, page, mapping->rights);
    if (rights)
        shadow_leaf_set(shadow, shadow_entry(leaf, SV32_INDEX(mapping->gva.v, 0)), page,
                        rights);
    shadow->fills++;
    shadow_prefill(shadow, leaf, SV32_INDEX(mapping->gva.v, 0));
    return SHADOW_OK;
}

void shadow_adopt(struct shadow *shadow, struct gva gva, bool superpage)
{
    struct mpa leaf =
        shadow_leaf(shadow, &shadow->roots[shadow->current], SV32_INDEX(gva.v, 1));
    struct mpa entry;
    uint32_t value;

    if (!leaf.v)
        return;
    entry = shadow_entry(leaf, SV32_INDEX(gva.v, 0));
    value = shadow_read(shadow, entry);
    shadow_write(shadow, entry, 0);
    allocate_info(shadow->allocator, leaf)->superpage |= superpage;
    shadow_leaf_set(shadow, entry, shadow_target(value), value & (PTE_R | PTE_W | PTE_X));
    shadow->fills++;
}

/* ---- Fences of the guest ---- */

/*
 * The first root from `root` on that has entries and, with `sure`, none in doubt; SHADOW_ROOTS:
 * none.
 */
static unsigned next_filled(const struct shadow *shadow, unsigned root, bool sure)
{
    while (root < SHADOW_ROOTS) {
        uint64_t filled = shadow->filled[root / 64];

        filled &= sure ? ~shadow->doubted[root / 64] : ~0ull;
        if (filled >> root % 64)
            return root + (unsigned)__builtin_ctzll(filled >> root % 64);
        root = (root / 64 + 1) * 64;
    }
    return root;
}

/*
 * Fences all of a root, or one address in it. A root other than the current one is only marked: its
 * entries need not be right before it is entered, which may never happen, or after further fences.
 */
static void fence_in(struct shadow *shadow, struct shadow_root *root, const uint32_t *va)
{
    if (va)
        shadow_keep_address(shadow, root, *va);
    else if (root == &shadow->roots[shadow->current])
        shadow_keep_root(shadow, root);
    else
        shadow_doubt(shadow, root, true);
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
    if (fence_concerns(root, fence))
        fence_in(shadow, root, fence->one_va ? &fence->va : NULL);
}

void shadow_fence(struct shadow *shadow, const struct exec_fence *fence)
{
    if (shadow_traces(shadow))
        return; /* nothing is ever stale */
    /* A fence in one root leaves the others' bits alone. */
    for (unsigned word = 0; word < SHADOW_ROOTS / 64; word++) {
        uint64_t roots = shadow->filled[word] & ~shadow->doubted[word];

        for (; roots; roots &= roots - 1)
            fence_root(shadow, &shadow->roots[word * 64 + (unsigned)__builtin_ctzll(roots)],
                       fence);
    }
}

void shadow_fence_root(struct shadow *shadow, uint32_t satp, const uint32_t *va)
{
    unsigned root = 0;

    if (shadow_traces(shadow) || !(satp & SATP_SV32))
        return;
    while ((root = next_filled(shadow, root, true)) < SHADOW_ROOTS) {
        struct shadow_root *of = &shadow->roots[root++];

        if (of->key.satp && !((of->key.satp ^ satp) & SATP_PPN))
            fence_in(shadow, of, va);
    }
}

void shadow_drop_all(struct shadow *shadow)
{
    unsigned root = 0;

    while ((root = next_filled(shadow, root, false)) < SHADOW_ROOTS)
        shadow_empty_root(shadow, &shadow->roots[root++]);
}

uint32_t shadow_lookup(const struct shadow *shadow, unsigned root, struct gva gva)
{
    struct mpa leaf;

    if (!shadow->roots[root].used || shadow_doubts(&shadow->roots[root]))
        return 0;
    leaf = shadow_leaf(shadow, &shadow->roots[root], SV32_INDEX(gva.v, 1));
    return leaf.v ? shadow_read(shadow, shadow_entry(leaf, SV32_INDEX(gva.v, 0))) : 0;
}

bool shadow_withheld(const struct shadow *shadow, struct gva gva, struct mpa *page)
{
    uint32_t entry = shadow_lookup(shadow, shadow->current, gva);

    *page = shadow_target(entry);
    return entry & ENTRY_WITHHELD;
}

void shadow_destroy(struct shadow *shadow)
{
    for (unsigned i = 0; i < shadow->root_count; i++)
        if (shadow->roots[i].used)
            shadow_root_free(shadow, &shadow->roots[i]);
}
