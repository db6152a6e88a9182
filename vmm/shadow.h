/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow.h - shadow page tables: what the engine's MMU walks while a guest runs. Each entry
 * composes the guest's own table (gva -> gpa) with the pmap (gpa -> mpa), and never gives more
 * rights than the guest's entry does. Entries are made one by one, when the hardware faults;
 * dispatch.c requests them, this file makes, narrows and drops them.
 *
 * There is one root for each meaning that the guest's address space can have: its satp, its
 * mode, SUM and MXR. None of them maps anything of the monitor.
 */
#ifndef PZ_VMM_SHADOW_H
#define PZ_VMM_SHADOW_H

#include "isa/csr.h"
#include "isa/engine/engine.h"
#include "vmm/allocate.h"
#include "vmm/hosted.h"

#define SHADOW_ROOTS 256u    /* kept per VM: 85 spaces, each as user, supervisor, SUM */
#define SHADOW_FEW_ROOTS 12u /* as many are made without need */
#define SHADOW_KEPT(rows) (PZ_HOSTED ? (rows) : 1)
#define SHADOW_TABLES_LEAST 16u /* leaf tables: one instruction can need four at once */
#define SHADOW_TABLES_DEFAULT 1024u

/*
 * How a shadow is kept in step with the guest's table. Guests cannot tell; exit counts can.
 */
enum shadow_policy {
    SHADOW_LAZY,  /* a virtual TLB: at SFENCE.VMA entries are dropped that are stale */
    SHADOW_TRACE, /* guest tables are write-protected, each write to one drops what it changes */
    SHADOW_FLUSH, /* a plain virtual TLB: all that a fence names goes, and all at a satp write */
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
    struct mpa guest_table; /* trace: the guest's root, MPA_NONE when it is not known */
    struct mpa leaves;      /* its leaf tables: the first, linked by next_leaf */
    uint32_t live;          /* valid entries in them */
    uint16_t tables;        /* how many there are: at most one a slot */
    bool used;
    bool doubted; /* as its bit in the shadow's `doubted` */
};

struct pmap;
struct vmm_parts;

/* The root that a state of the virtual CPU (shadow_state()) led to: found without its key. */
struct shadow_recent {
    uint64_t state; /* 0: none */
    uint32_t index; /* among the roots */
    uint32_t root;  /* its satp value */
};
#define SHADOW_RECENT 16u
#define SHADOW_RECENT_USER (SHADOW_RECENT / 2) /* the first so many are user mode's */

/* One VM's shadows. */
struct shadow {
    struct allocator *allocator;
    struct engine *engine;
    uint16_t owner;
    uint8_t policy;   /* enum shadow_policy */
    uint32_t most;    /* leaf tables at the most */
    uint32_t tables;  /* now */
    uint64_t clock;   /* counts entries to roots */
    uint16_t current; /* index of the root in use */
    uint64_t state;   /* shadow_state() that it was entered for; 0: of none */
    uint32_t root;    /* its satp value */
    struct shadow_recent recent[SHADOW_RECENT];
    uint16_t root_count; /* no root from this one on has ever been used */
    uint16_t evicted[SHADOW_KEPT(SHADOW_ROOTS)]; /* marks of keys that have lost their roots */
    uint32_t returns;                            /* how often one of them was entered again */
    uint8_t hint[SHADOW_ROOTS];                  /* where a key was last found, by its hash */
    bool watches_code;     /* the engine leaves instructions untrapped: see code.h */
    bool filled_by_others; /* by shadow_adopt(), without looking at what is watched */
    /* The guest's number of a page that could be watched if it were not shared; 0: none. */
    uint32_t hot_shared;
    uint64_t fills, drops, evictions;   /* counted for the statistics */
    uint64_t prefills;                  /* entries made beside fills: shadow_prefill.h */
    uint64_t checked;                   /* fills + drops when vm_shadow_check() last looked */
    const uint64_t *dirty;              /* by page of RAM, as the VM's; NULL: nobody asks */
    const struct pmap *pmap;            /* to read the guest's tables by; NULL: they are not */
    const struct vmm_parts *parts;      /* replacements of the functions here; NULL: none */
    uint64_t filled[SHADOW_ROOTS / 64]; /* a bit for each root that has valid entries */
    /* And for each of which a fence has asked that all be compared: it is when it is entered. */
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

/* The key of a virtual CPU, with irrelevant fields set to zero. */
struct shadow_key shadow_key_of(const struct hart *hart, enum shadow_policy policy);

/* The same, with the monitor's part. */
struct shadow_key shadow_key_for(const struct shadow *shadow, const struct hart *hart);

/* Make the root for `key` the current one, found or new. `*root` is its satp value. */
enum shadow_result shadow_enter(struct shadow *shadow, const struct shadow_key *key,
                                uint32_t *root) PZ_MUST_CHECK;

#define SHADOW_STATE_MODE (1ull << 32)

/* The state of a hart that its key depends on, and a bit that is always set. */
static inline uint64_t shadow_state(const struct hart *hart)
{
    uint64_t rights = hart->sstatus & (SSTATUS_SUM | SSTATUS_MXR);

    return 1ull << 63 | rights << 33 | (uint64_t)hart->mode * SHADOW_STATE_MODE | hart->satp;
}

enum shadow_result shadow_enter_hart(struct shadow *shadow, const struct hart *hart,
                                     uint32_t *root) PZ_MUST_CHECK;

/* Enter the root for the hart's current state: at every exit, where it seldom changes. */
static inline enum shadow_result shadow_follow(struct shadow *shadow, const struct hart *hart,
                                               uint32_t *root)
{
    if (shadow->state != shadow_state(hart))
        return shadow_enter_hart(shadow, hart, root);
    *root = shadow->root;
    return SHADOW_OK;
}

/*
 * Of the roots that were entered last, the one at this place (below SHADOW_RECENT): its satp value,
 * and the state that it is for. 0: there is none, or its entries are in doubt. And the place where
 * that of a state would be: no user's is where a supervisor's is, as these take turns.
 */
unsigned shadow_recent_place(uint64_t state);
uint32_t shadow_recent_root(const struct shadow *shadow, unsigned place, uint64_t *state);

/*
 * The same for the hart's other mode: the satp value of its root, if that was among those entered
 * last, and has no entries in doubt. 0: enter it to know.
 */
uint32_t shadow_other(struct shadow *shadow, const struct hart *hart);

/* One translation that the guest's tables allow. */
struct shadow_mapping {
    struct gva gva;
    struct mpa mpa;        /* the page it maps */
    uint32_t rights;       /* PTE_R, PTE_W, PTE_X for the entry */
    bool superpage;        /* the guest's entry is one */
    struct mpa guest_root; /* the guest's tables that were walked; MPA_NONE for none */
    struct mpa guest_table;
};

/* Put a mapping into the current root, replacing what was there. */
enum shadow_result shadow_map(struct shadow *shadow,
                              const struct shadow_mapping *mapping) PZ_MUST_CHECK;

/*
 * Somebody else has put an entry into the current root, where there was none: it is the shadow's
 * own from now on. To be told before anything else is done to the shadow.
 */
void shadow_adopt(struct shadow *shadow, struct gva gva, bool superpage);

/* The rights that a walk's leaf entry gives in the space that it was made for. */
uint32_t shadow_rights(const struct sv32_space *space, uint32_t pte);

/* SFENCE.VMA, as the guest meant it. */
void shadow_fence(struct shadow *shadow, const struct exec_fence *fence);

/*
 * Drop what was made by way of one root table, that of `satp` whatever its ASID: the entry for an
 * address, or with NULL all.
 */
void shadow_fence_root(struct shadow *shadow, uint32_t satp, const uint32_t *va);

/* Drop every entry of every root. */
void shadow_drop_all(struct shadow *shadow);

/* Take `rights` away from every entry of this VM that maps the machine page. */
void shadow_narrow(struct shadow *shadow, struct mpa page, uint32_t rights);

/*
 * The guest may not write to the machine page by any entry that allows it now, nor by new ones
 * while it is clean. The caller has the engine drop all. And it may again.
 */
void shadow_withhold(struct shadow *shadow, struct mpa page);
void shadow_give_back(struct shadow *shadow, struct mpa page);

/* Does the current root's entry for an address withhold it? `*page` is what it maps then. */
bool shadow_withheld(const struct shadow *shadow, struct gva gva, struct mpa *page);

/*
 * Drop one entry; one leaf table; all entries of a root; all its leaf tables. The engine is
 * notified. For watch.c.
 */
void shadow_drop_entry(struct shadow *shadow, struct mpa entry);
void shadow_drop_leaf(struct shadow *shadow, struct mpa leaf);
void shadow_empty_root(struct shadow *shadow, struct shadow_root *root);
void shadow_strip_root(struct shadow *shadow, struct shadow_root *root);

/* A root's entry for an address, or 0; one that a fence has put in doubt is none. */
uint32_t shadow_lookup(const struct shadow *shadow, unsigned root, struct gva gva);

/* Return everything to the allocator. */
void shadow_destroy(struct shadow *shadow);

#endif
