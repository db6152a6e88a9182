/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow_root.c - shadow roots: the key of an address space, finding or making the root for a key,
 * and evicting roots when memory runs out. shadow_leaf.c manages leaf tables.
 */
#include "vmm/shadow_root.h"

#include "isa/csr.h"
#include "vmm/assert.h"
#include "vmm/parts.h"
#include "vmm/shadow_keep.h"
#include "vmm/shadow_leaf.h"

#define NOINLINE __attribute__((noinline))
#define RETURNS 8u /* returning keys per additional root */

struct shadow_key shadow_key_of(const struct hart *hart, enum shadow_policy policy)
{
    struct shadow_key key = {0};

    if (!(hart->satp & SATP_SV32))
        return key;
    key.satp = hart->satp;
    /* Under `trace` the ASID does not matter: watching keeps the shadow up to date. */
    if (PZ_HOSTED && policy == SHADOW_TRACE)
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

void shadow_root_free(struct shadow *shadow, struct shadow_root *root)
{
    shadow_strip_root(shadow, root);
    engine_drop_root(shadow->engine, shadow_root_satp(root));
    allocate_free(shadow->allocator, root->table);
    *root = (struct shadow_root){.used = false};
    shadow_doubt(shadow, root, false);
    memset(shadow->recent, 0, sizeof shadow->recent);
}

/* The least recently entered root other than the current one; NULL for none. */
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

bool shadow_root_evict(struct shadow *shadow, uint32_t least)
{
    struct shadow_root *oldest = oldest_root(shadow, true);
    struct shadow_root *current = &shadow->roots[shadow->current];

    if (!oldest && current->tables < least)
        return false;
    shadow->evictions++;
    if (oldest)
        shadow_root_free(shadow, oldest);
    else
        shadow_strip_root(shadow, current);
    return true;
}

static unsigned key_hash(const struct shadow_key *key)
{
    uint32_t mixed = key->satp ^ key->satp >> 16 ^ key->satp >> 24;

    return (mixed * 4 + key->mode * 2u + key->sum) % SHADOW_ROOTS;
}

/* The place and value that record the eviction of a key's root; 0: no record. */
static uint16_t *evicted_at(struct shadow *shadow, const struct shadow_key *key)
{
    return &shadow->evicted[key_hash(key)];
}

static uint16_t mark_of(const struct shadow_key *key)
{
    return (uint16_t)(1 | key->satp << 1);
}

/*
 * Most address spaces of short-lived processes are never entered again, and no fence says so. A new
 * root costs host memory, so it must be worth it: one more for every RETURNS keys that return after
 * their roots were evicted. Type 1 has its memory already.
 */
static bool may_grow(struct shadow *shadow, const struct shadow_key *key)
{
    if (shadow->root_count == SHADOW_ROOTS)
        return false;
    if (!PZ_HOSTED || shadow->root_count < SHADOW_FEW_ROOTS)
        return true;
    shadow->returns += *evicted_at(shadow, key) == mark_of(key);
    return shadow->root_count < SHADOW_FEW_ROOTS + shadow->returns / RETURNS;
}

static struct shadow_root *root_slot(struct shadow *shadow, const struct shadow_key *key)
{
    struct shadow_root *oldest;

    for (unsigned i = 0; i < shadow->root_count; i++)
        if (!shadow->roots[i].used)
            return &shadow->roots[i];
    if (may_grow(shadow, key))
        return &shadow->roots[shadow->root_count++];
    oldest = oldest_root(shadow, false);
    ASSERT(oldest); /* the current root is not the only one */
    shadow->evictions++;
    if (PZ_HOSTED)
        *evicted_at(shadow, &oldest->key) = mark_of(&oldest->key);
    shadow_root_free(shadow, oldest);
    return oldest;
}

static struct shadow_root *root_new(struct shadow *shadow, const struct shadow_key *key)
{
    struct shadow_root *root = root_slot(shadow, key);
    struct mpa table;

    while (!allocate_page(shadow->allocator, shadow->owner, PAGE_SHADOW_ROOT, &table))
        if (!shadow_root_evict(shadow, 1))
            return NULL;
    *root = (struct shadow_root){.used = true, .key = *key, .table = table};
    return root;
}

static bool root_is(const struct shadow_root *root, const struct shadow_key *key)
{
    return root->used && key_equal(&root->key, key);
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

static void make_current(struct shadow *shadow, struct shadow_root *root)
{
    shadow->current = (uint16_t)(root - shadow->roots);
    root->stamp = ++shadow->clock;
    if (shadow_doubts(root))
        shadow_keep_root(shadow, root);
}

enum shadow_result shadow_enter(struct shadow *shadow, const struct shadow_key *key,
                                uint32_t *root_value)
{
    struct shadow_root *root = root_find(shadow, key);

    if (!root)
        root = root_new(shadow, key);
    if (!root)
        return SHADOW_NO_MEMORY;
    make_current(shadow, root);
    shadow->state = 0;
    *root_value = shadow_root_satp(root);
    return SHADOW_OK;
}

struct shadow_key shadow_key_for(const struct shadow *shadow, const struct hart *hart)
{
    enum shadow_policy policy = (enum shadow_policy)shadow->policy;

    if (PZ_HOSTED && __builtin_expect(shadow->parts != NULL, 0))
        return shadow->parts->shadow_key(hart, policy);
    return shadow_key_of(hart, policy);
}

/* Hashes 32-bit halves, which 32-bit hosts also do fast. */
unsigned shadow_recent_place(uint64_t state)
{
    uint32_t satp = (uint32_t)state, rest = (uint32_t)(state >> 32);
    uint32_t hash = satp ^ satp >> 4 ^ satp >> 22 ^ satp >> 31 ^ rest >> 17;

    return hash % SHADOW_RECENT_USER + (rest & HART_SUPERVISOR) * SHADOW_RECENT_USER;
}

uint32_t shadow_recent_root(const struct shadow *shadow, unsigned place, uint64_t *state)
{
    const struct shadow_recent *recent = &shadow->recent[place];

    *state = recent->state;
    if (!recent->state || shadow_doubts(&shadow->roots[recent->index]))
        return 0;
    return recent->root;
}

uint32_t shadow_other(struct shadow *shadow, const struct hart *hart)
{
    uint64_t state = shadow_state(hart) ^ SHADOW_STATE_MODE;
    uint64_t there;
    uint32_t root = shadow_recent_root(shadow, shadow_recent_place(state), &there);

    return there == state ? root : 0;
}

static NOINLINE enum shadow_result find_recent(struct shadow *shadow, const struct hart *hart,
                                               struct shadow_recent *recent)
{
    struct shadow_key key = shadow_key_for(shadow, hart);
    enum shadow_result result = shadow_enter(shadow, &key, &recent->root);

    recent->state = result == SHADOW_OK ? shadow_state(hart) : 0;
    recent->index = shadow->current;
    return result;
}

NOINLINE enum shadow_result shadow_enter_hart(struct shadow *shadow, const struct hart *hart,
                                              uint32_t *root_value)
{
    uint64_t state = shadow_state(hart);
    struct shadow_recent *recent = &shadow->recent[shadow_recent_place(state)];

    if (recent->state != state && find_recent(shadow, hart, recent) != SHADOW_OK)
        return SHADOW_NO_MEMORY;
    make_current(shadow, &shadow->roots[recent->index]);
    shadow->state = state;
    shadow->root = *root_value = recent->root;
    return SHADOW_OK;
}
