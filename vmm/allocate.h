/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * allocate.h - the allocator, one of Popek & Goldberg's three parts of a monitor: it decides which
 * machine page belongs to which VM. Nothing else hands out memory. Its tables lie in the first
 * pages of machine memory itself.
 */
#ifndef PZ_VMM_ALLOCATE_H
#define PZ_VMM_ALLOCATE_H

#include "isa/phys.h"
#include "vmm/addr.h"

#define ALLOCATE_MONITOR 0u /* the owner of what no VM owns; VMs are 1, 2, ... */

enum page_kind {
    PAGE_FREE,
    PAGE_RESERVED,    /* set aside as its owner's next page; its contents do not matter */
    PAGE_MONITOR,     /* the allocator's tables */
    PAGE_GUEST,       /* a guest's "physical" memory */
    PAGE_PMAP,        /* gpa -> mpa */
    PAGE_SHADOW_ROOT, /* gva -> mpa, level 1 */
    PAGE_SHADOW_LEAF, /* gva -> mpa, level 0 */
    PAGE_SHADOW_LINK, /* reverse-map links of a shadow leaf table */
    PAGE_SHARED,      /* a page that several guests' memory has, read-only; the monitor's */
    PAGE_SHARE_TABLE, /* where share.c looks for contents */
    PAGE_KINDS,
};

/* May a page be executed where the engine's CPU leaves instructions untrapped? See code.h. */
enum page_code { CODE_UNKNOWN, CODE_CLEAN, CODE_SENSITIVE };

/*
 * The monitor's record of a machine page. The fields after `kind` belong to the users of such
 * pages: shadow.c, watch.c, code.c and rmap.c, pmap.c, share.c, paging.c.
 */
struct page {
    uint16_t owner; /* ALLOCATE_MONITOR or a VM's id */
    uint8_t kind;   /* enum page_kind */

    /* PAGE_GUEST, PAGE_SHARED */
    bool traced;      /* serves as a page table, and writes to it are watched */
    bool rooted;      /* ...as the root of a space that has a shadow */
    uint8_t code;     /* enum page_code */
    uint8_t flips;    /* times it changed between executed and written */
    uint8_t writes;   /* watched writes since a walk last used it; lazy: that ended a watch */
    uint32_t flipped; /* the shadow's count of fills when it last did */
    struct mpa mappings; /* shadow entries that map it: the last, the rest by links (rmap.h) */
    struct mpa shadows;  /* shadow leaf tables derived from this guest table: the first */

    union {
        struct {              /* PAGE_GUEST, PAGE_SHARED */
            uint32_t place;   /* PAGE_GUEST: which page of its owner's RAM it is */
            uint32_t refs;    /* PAGE_SHARED: pages of guests' RAM that it is */
            uint32_t hash;    /* of its contents, when they were last looked at... */
            uint32_t same;    /* ...and the next in that hash's chain: its number, 0 for none */
            uint32_t touched; /* paging.h: when the monitor last asked for it */
            uint8_t looks;    /* how often it was found with this hash, in a row... */
            uint8_t patience; /* ...and how often its writes have undone that it was shared */
            bool chained;     /* it is in the chain */
        };
        struct {             /* PAGE_SHADOW_LEAF, and what lists need */
            struct mpa link; /* its PAGE_SHADOW_LINK; of a PAGE_PMAP: what is set aside */
            struct mpa guest_table; /* the guest's table that it shadows, if it is watched */
            struct mpa next_shadow; /* the next of the same guest table, or of the free list */
            uint16_t root;          /* index of the root it is linked into... */
            uint16_t slot;          /* ...and its place there: bits 31..22 of the gva */
            uint16_t live;          /* valid entries... */
            uint16_t groups;        /* ...of which some lie in each 64 that has its bit set */
            struct mpa next_leaf;   /* the next leaf table of the same root */
            bool superpage;         /* some entry came from a guest's superpage */
            uint16_t compared;      /* entries, with nothing gone: shadow_still.h */
        };
    };
};

struct allocator {
    uint8_t *ram;   /* the host's view of machine memory... */
    uint32_t base;  /* ...and its machine address */
    uint32_t count; /* machine pages */
    uint32_t fresh; /* pages from here on have never been given out, and are zero... */
    bool dirty;     /* ...or not: set by who cannot promise it */
    bool stale;     /* nor need pages that are set aside be: set by who has gone back in time */
    uint32_t used;
    uint32_t reserved; /* pages set aside... */
    uint32_t steal;    /* ...none of which is before this one */
    struct mpa free;   /* list of freed pages, linked by next_shadow */
    struct page *pages;

    /* Nothing is left: have some page freed. False: none can be. NULL: that is not done. */
    bool (*reclaim)(void *owner);
    void *reclaim_owner;

    /*
     * The host may make pages ready that are about to be given out for the first time: those
     * before this number are. Only for speed. NULL: it is not asked.
     */
    void (*prepare)(uint8_t *bytes, uint64_t size);
    uint32_t prepared;
    uint32_t in_a_row; /* new pages that were given out since some were set aside */

    struct mpa lists;    /* rmap.h: heads of the lists of shared pages... */
    uint32_t list_count; /* ...a power of two; 0: there are no such pages */
};

/* The bytes that the allocator's own tables take of so much memory: its first pages. */
uint64_t allocate_tables_size(uint64_t size);

/*
 * Manage `size` bytes of zeroed memory at `ram`, the machine's from physical address `base`, which
 * is as aligned as anything of allocate_pages() has to be. False: too little to hold its own
 * tables, or it does not end within 4 GiB.
 */
bool allocate_init(struct allocator *allocator, uint8_t *ram, uint64_t base,
                   uint64_t size) PZ_MUST_CHECK;

/* A zeroed page. False: the machine has none left. */
bool allocate_page(struct allocator *allocator, uint16_t owner, enum page_kind kind,
                   struct mpa *mpa) PZ_MUST_CHECK;

/*
 * `count` zeroed pages, consecutive, the first at a multiple of `count`, which is a power of two.
 * False: the machine has no such pages left.
 */
bool allocate_pages(struct allocator *allocator, uint16_t owner, enum page_kind kind,
                    uint32_t count, struct mpa *first) PZ_MUST_CHECK;

/*
 * `count` consecutive pages, whose bytes the caller is about to put there: none has been given out
 * before, and none is zeroed. False: there are not so many.
 */
bool allocate_fresh(struct allocator *allocator, uint16_t owner, enum page_kind kind,
                    uint32_t count, struct mpa *first) PZ_MUST_CHECK;

/*
 * Set `count` consecutive pages aside, so that what is consecutive for their owner can be so in
 * the machine. They count as free: others get them if nothing else is left. False: there are not
 * enough consecutive ones.
 */
bool allocate_reserve(struct allocator *allocator, uint16_t owner, uint32_t count,
                      struct mpa *first) PZ_MUST_CHECK;

/* Take a page that was set aside. False: it no longer is. */
bool allocate_reserved(struct allocator *allocator, uint16_t owner, enum page_kind kind,
                       struct mpa mpa) PZ_MUST_CHECK;

void allocate_free(struct allocator *allocator, struct mpa mpa);

/* Free all pages of an owner. */
void allocate_reclaim(struct allocator *allocator, uint16_t owner);

/* Pages of an owner, of one kind or, with PAGE_KINDS, all. */
uint32_t allocate_count(const struct allocator *allocator, uint16_t owner, enum page_kind kind);

/* The same of each kind, and of all. */
void allocate_census(const struct allocator *allocator, uint16_t owner,
                     uint32_t count[PAGE_KINDS + 1]);

/* The monitor's record of the page that `mpa` lies in. */
struct page *allocate_info(const struct allocator *allocator, struct mpa mpa);

/* The host's view of a machine address. */
uint8_t *allocate_host(const struct allocator *allocator, struct mpa mpa);

/* The machine address of a host pointer into machine memory. */
struct mpa allocate_mpa(const struct allocator *allocator, const uint8_t *host);

#endif
