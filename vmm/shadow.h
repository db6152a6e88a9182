/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow.h - shadow page tables: the tables that the engine's MMU walks while a guest runs. Each
 * entry composes the guest's own table (gva -> gpa) with the pmap (gpa -> mpa), and never grants
 * more rights than the guest's entry. Entries are made one by one, at page faults; dispatch.c
 * requests them, this file makes, narrows and drops them.
 *
 * There is one root for each meaning that the guest's address space can have: its satp, its mode,
 * SUM and MXR. No root maps any of the monitor's memory.
 */
#ifndef PZ_VMM_SHADOW_H
#define PZ_VMM_SHADOW_H

#include "isa/csr.h"
#include "isa/engine/engine.h"
#include "vmm/allocate.h"
#include "vmm/hosted.h"

#define SHADOW_ROOTS 256u    /* kept per VM: 85 spaces, each as user, supervisor, SUM */
#define SHADOW_FEW_ROOTS 12u /* evict only above this number */
#define SHADOW_KEPT(rows) (PZ_HOSTED ? (rows) : 1)
#define SHADOW_TABLES_LEAST 16u /* leaf tables: one instruction can need four at once */
#define SHADOW_TABLES_DEFAULT 1024u

/*
 * How a shadow is kept in step with the guest's table. Guests cannot tell these apart; exit counts
 * can.
 */
enum shadow_policy {
    SHADOW_LAZY, /* a virtual TLB: SFENCE.VMA drops stale entries */
    SHADOW_TRACE, /* guest tables are write-protected; a write drops the entries that it changes */
    SHADOW_FLUSH, /* a plain virtual TLB: fences drop all they name, satp writes drop everything */
    SHADOW_POLICIES,
};

/* What determines the rights of an address space, besides the guest's table. */
struct shadow_key {
    uint32_t satp; /* 0 while translation is off */
    uint8_t mode;  /* enum hart_mode */
    bool sum, mxr;
};

struct shadow_root {
    uint64_t stamp; /* when it was last entered, for eviction */
    struct shadow_key key;
    struct mpa table;       /* the root table: level 1 */
    struct mpa guest_table; /* trace: the guest's root table; MPA_NONE: not known */
    struct mpa leaves;      /* the first of its leaf tables, linked by next_leaf */
    uint32_t live;          /* valid entries in them */
    uint16_t tables;        /* number of leaf tables: at most one per slot */
    bool used;
    bool doubted; /* a copy of its bit in the shadow's `doubted` */
};

struct pmap;
struct vmm_parts;

/* A cache: the root for a state of the virtual CPU (shadow_state()), found without its key. */
struct shadow_recent {
    uint64_t state; /* 0: none */
    uint32_t index; /* among the roots */
    uint32_t root;  /* its satp value */
};
#define SHADOW_RECENT 16u
#define SHADOW_RECENT_USER (SHADOW_RECENT / 2) /* the first ones are for user mode */

/* One VM's shadows. */
struct shadow {
    struct allocator *allocator;
    struct engine *engine;
    uint16_t owner;
    uint8_t policy;   /* enum shadow_policy */
    uint32_t most;    /* limit on leaf tables */
    uint32_t tables;  /* leaf tables now */
    uint64_t clock;   /* counts entries to roots */
    uint16_t current; /* index of the root in use */
    uint64_t state;   /* shadow_state() for which it was entered; 0: none */
    uint32_t root;    /* its satp value */
    struct shadow_recent recent[SHADOW_RECENT];
    uint16_t root_count; /* no root from this one on has ever been used */
    uint16_t evicted[SHADOW_KEPT(SHADOW_ROOTS)]; /* hashes of keys whose roots were evicted */
    uint32_t returns;                            /* times that one of those was entered again */
    uint8_t hint[SHADOW_ROOTS];                  /* where a key was last found, by its hash */
    bool watches_code;     /* the engine leaves instructions untrapped: see code.h */
    bool filled_by_others; /* by shadow_adopt(), ignoring watched pages */
    /*
     * The guest page number of a table that could be watched if its page were not shared; 0: none.
     */
    uint32_t hot_shared;
    uint64_t fills, drops, evictions;   /* statistics */
    uint64_t prefills;                  /* entries made in advance: shadow_prefill.h */
    uint64_t checked;                   /* fills + drops when vm_shadow_check() last looked */
    const uint64_t *dirty;              /* the VM's dirty bitmap; NULL: tracking is off */
    const struct pmap *pmap;            /* for reading guest tables; NULL: they are not read */
    const struct vmm_parts *parts;      /* replacements of the functions here; NULL: none */
    uint64_t filled[SHADOW_ROOTS / 64]; /* bitmap of roots that have valid entries */
    /*
     * Bitmap of roots whose entries must all be compared at their next entry, because of a fence.
     */
    uint64_t doubted[SHADOW_ROOTS / 64];
    struct shadow_root roots[SHADOW_ROOTS];
};

enum shadow_result { SHADOW_OK, SHADOW_NO_MEMORY };

void shadow_init(struct shadow *shadow, struct allocator *allocator, struct engine *engine,
                 uint16_t owner, enum shadow_policy policy, uint32_t most);

static inline bool shadow_traces(const struct shadow *shadow)
{
    return PZ_HOSTED && shadow->policy == SHADOW_TRACE;
}

static inline bool shadow_flushes(const struct shadow *shadow)
{
    return PZ_HOSTED && shadow->policy == SHADOW_FLUSH;
}

static inline bool shadow_watches_code(const struct shadow *shadow)
{
    return PZ_HOSTED && shadow->watches_code;
}

/* The shadow key for a virtual CPU's state, with irrelevant fields set to zero. */
struct shadow_key shadow_key_of(const struct hart *hart, enum shadow_policy policy);

/* As shadow_key_of(), with the part in use (parts.h). */
struct shadow_key shadow_key_for(const struct shadow *shadow, const struct hart *hart);

/* Make the root for `key` current, creating it if necessary. `*root` is its satp value. */
enum shadow_result shadow_enter(struct shadow *shadow, const struct shadow_key *key,
                                uint32_t *root) PZ_MUST_CHECK;

#define SHADOW_STATE_MODE (1ull << 32)

/* The hart's state that determines its key, with one bit always set. */
static inline uint64_t shadow_state(const struct hart *hart)
{
    uint64_t rights = hart->sstatus & (SSTATUS_SUM | SSTATUS_MXR);

    return 1ull << 63 | rights << 33 | (uint64_t)hart->mode * SHADOW_STATE_MODE | hart->satp;
}

enum shadow_result shadow_enter_hart(struct shadow *shadow, const struct hart *hart,
                                     uint32_t *root) PZ_MUST_CHECK;

/*
 * Enter the root for the hart's current state. Called at every exit, where the root seldom changes.
 */
static inline enum shadow_result shadow_follow(struct shadow *shadow, const struct hart *hart,
                                               uint32_t *root)
{
    if (shadow->state != shadow_state(hart))
        return shadow_enter_hart(shadow, hart, root);
    *root = shadow->root;
    return SHADOW_OK;
}

/*
 * The recently entered root in place `place` (below SHADOW_RECENT): its satp value, and the state
 * that it is for. 0: there is none, or its entries are in doubt. shadow_recent_place() is the place
 * for a state. User and supervisor states never share a place, since they alternate.
 */
unsigned shadow_recent_place(uint64_t state);
uint32_t shadow_recent_root(const struct shadow *shadow, unsigned place, uint64_t *state);

/*
 * The satp value of the root for the hart's other mode, if it was entered recently and has no
 * entries in doubt. 0: not known; enter it to find out.
 */
uint32_t shadow_other(struct shadow *shadow, const struct hart *hart);

/* One translation that the guest's tables allow. */
struct shadow_mapping {
    struct gva gva;
    struct mpa mpa;        /* the page it maps */
    uint32_t rights;       /* PTE_R, PTE_W, PTE_X for the entry */
    bool superpage;        /* from a guest superpage */
    struct mpa guest_root; /* guest tables that the walk used; MPA_NONE for none */
    struct mpa guest_table;
};

/* Enter a mapping in the current root, replacing any there. */
enum shadow_result shadow_map(struct shadow *shadow,
                              const struct shadow_mapping *mapping) PZ_MUST_CHECK;

/*
 * Adopt an entry that other code has put into an empty place in the current root. Call before
 * anything else changes the shadow.
 */
void shadow_adopt(struct shadow *shadow, struct gva gva, bool superpage);

/* The rights that a guest's leaf entry gives in an address space. */
uint32_t shadow_rights(const struct sv32_space *space, uint32_t pte);

/* Perform the guest's SFENCE.VMA. */
void shadow_fence(struct shadow *shadow, const struct exec_fence *fence);

/*
 * Drop entries made through the root table of `satp`, whatever its ASID: the entry for one address,
 * or all if the address is NULL.
 */
void shadow_fence_root(struct shadow *shadow, uint32_t satp, const uint32_t *va);

/* Drop every entry of every root. */
void shadow_drop_all(struct shadow *shadow);

/* Remove `rights` from every entry of this VM that maps the machine page. */
void shadow_narrow(struct shadow *shadow, struct mpa page, uint32_t rights);

/*
 * Write-protect the machine page in all entries, and in new ones while it is clean; the caller
 * makes the engine drop all its translations. shadow_give_back() undoes this.
 */
void shadow_withhold(struct shadow *shadow, struct mpa page);
void shadow_give_back(struct shadow *shadow, struct mpa page);

/*
 * Is the current root's entry for an address write-protected this way? If so, `*page` is the page
 * it maps.
 */
bool shadow_withheld(const struct shadow *shadow, struct gva gva, struct mpa *page);

/*
 * Drop one entry; one leaf table; all entries of a root; all its leaf tables. These notify the
 * engine. For watch.c.
 */
void shadow_drop_entry(struct shadow *shadow, struct mpa entry);
void shadow_drop_leaf(struct shadow *shadow, struct mpa leaf);
void shadow_empty_root(struct shadow *shadow, struct shadow_root *root);
void shadow_strip_root(struct shadow *shadow, struct shadow_root *root);

/* A root's entry for an address; 0 if there is none, or a fence has put it in doubt. */
uint32_t shadow_lookup(const struct shadow *shadow, unsigned root, struct gva gva);

/* Return everything to the allocator. */
void shadow_destroy(struct shadow *shadow);

#endif
