/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * allocate.h - the allocator, one of Popek & Goldberg's three parts of a monitor: it decides which
 * machine page belongs to which VM. Nothing else allocates machine memory. Its tables occupy the
 * first pages of that memory.
 */
#ifndef PZ_VMM_ALLOCATE_H
#define PZ_VMM_ALLOCATE_H

#include "isa/phys.h"
#include "vmm/addr.h"

#define ALLOCATE_MONITOR 0u /* owns the pages that no VM owns; VMs are 1, 2, ... */

enum page_kind {
    PAGE_FREE,
    PAGE_RESERVED,    /* set aside for its owner's next page; contents undefined */
    PAGE_MONITOR,     /* the allocator's tables */
    PAGE_GUEST,       /* a guest's "physical" memory */
    PAGE_PMAP,        /* gpa -> mpa */
    PAGE_SHADOW_ROOT, /* gva -> mpa, level 1 */
    PAGE_SHADOW_LEAF, /* gva -> mpa, level 0 */
    PAGE_SHADOW_LINK, /* reverse-map links of a shadow leaf table */
    PAGE_SHARED,      /* read-only, mapped by several guests; owned by the monitor */
    PAGE_SHARE_TABLE, /* share.c's hash table of contents */
    PAGE_KINDS,
};

/* May a page be executed where the engine's CPU leaves instructions untrapped? See code.h. */
enum page_code { CODE_UNKNOWN, CODE_CLEAN, CODE_SENSITIVE };

/*
 * The monitor's record of a machine page. The fields after `kind` belong to the users of each kind
 * of page: shadow.c, watch.c, code.c and rmap.c, pmap.c, share.c, paging.c.
 */
struct page {
    uint16_t owner; /* ALLOCATE_MONITOR or a VM's id */
    uint8_t kind;   /* enum page_kind */

    /* PAGE_GUEST, PAGE_SHARED */
    bool traced;      /* used as a page table; writes to it are watched */
    bool rooted;      /* ...as the root of an address space that has a shadow */
    uint8_t code;     /* enum page_code */
    uint8_t flips;    /* changes between executed and written */
    uint8_t writes;   /* watched writes since the last walk; lazy: writes that ended a watch */
    uint32_t flipped; /* the shadow's count of fills at the last flip */
    struct mpa mappings; /* the last shadow entry that maps it; the rest are linked (rmap.h) */
    struct mpa shadows;  /* first of the shadow leaf tables derived from this guest table */

    union {
        struct {              /* PAGE_GUEST, PAGE_SHARED */
            uint32_t place;   /* PAGE_GUEST: its page number in its owner's RAM */
            uint32_t refs;    /* PAGE_SHARED: guest pages that map to it */
            uint32_t hash;    /* of its contents when last scanned... */
            uint32_t same;    /* ...and the next page number in that hash's chain; 0: none */
            uint32_t touched; /* paging.h: when the monitor last used it */
            uint8_t looks;    /* scans in a row that found this hash... */
            uint8_t patience; /* ...and times that a write ended its sharing */
            bool chained;     /* it is in the chain */
        };
        struct {                    /* PAGE_SHADOW_LEAF, and list links */
            struct mpa link;        /* its PAGE_SHADOW_LINK; PAGE_PMAP: the page set aside */
            struct mpa guest_table; /* the guest table that it shadows, if watched */
            struct mpa
                next_shadow;      /* next in the list of the guest table, or in the free list */
            uint16_t root;        /* index of the root it is linked into... */
            uint16_t slot;        /* ...and its place there: bits 31..22 of the gva */
            uint16_t live;        /* valid entries... */
            uint16_t groups;      /* ...a bit for each 64 entries, set if any is valid */
            struct mpa next_leaf; /* the next leaf table of the same root */
            bool superpage;       /* some entry came from a guest's superpage */
            uint16_t compared;    /* entries compared without a difference: shadow_still.h */
        };
    };
};

struct allocator {
    uint8_t *ram;   /* the host's view of machine memory... */
    uint32_t base;  /* ...and its machine address */
    uint32_t count; /* machine pages */
    uint32_t fresh; /* pages from this number on have never been allocated, and are zero... */
    bool dirty;     /* ...unless this is set, by a caller that cannot promise it */
    bool stale;     /* pages set aside may be nonzero too: set when time was reversed */
    uint32_t used;
    uint32_t reserved; /* pages set aside... */
    uint32_t steal;    /* ...all at or after this page */
    struct mpa free;   /* list of freed pages, linked by next_shadow */
    struct page *pages;

    /* Called when no page is left, to free one. False: none can be freed. May be NULL. */
    bool (*reclaim)(void *owner);
    void *reclaim_owner;

    /*
     * Lets the host prepare pages that are about to be allocated for the first time. Only for
     * speed; may be NULL. Pages below `prepared` have been prepared.
     */
    void (*prepare)(uint8_t *bytes, uint64_t size);
    uint32_t prepared;
    uint32_t in_a_row; /* new pages allocated since some were last set aside */

    struct mpa lists;    /* rmap.h: heads of the lists of shared pages... */
    uint32_t list_count; /* ...a power of two; 0: no pages are shared */
};

/* Bytes at the start of `size` bytes of memory that the allocator's own tables take. */
uint64_t allocate_tables_size(uint64_t size);

/*
 * Manage `size` bytes of zeroed memory at `ram`, whose machine address is `base`. `base` must be
 * aligned to the largest block that allocate_pages() will be asked for. False: the memory is too
 * small for the tables, or ends above 4 GiB.
 */
bool allocate_init(struct allocator *allocator, uint8_t *ram, uint64_t base,
                   uint64_t size) PZ_MUST_CHECK;

/* Allocate a zeroed page. False: the machine has none left. */
bool allocate_page(struct allocator *allocator, uint16_t owner, enum page_kind kind,
                   struct mpa *mpa) PZ_MUST_CHECK;

/*
 * As allocate_page(), but the page's contents are undefined: the caller must overwrite the whole
 * page before anybody can read it, or free it.
 */
bool allocate_unzeroed(struct allocator *allocator, uint16_t owner, enum page_kind kind,
                       struct mpa *mpa) PZ_MUST_CHECK;

/*
 * Allocate `count` consecutive zeroed pages, aligned to `count`, a power of two. False: there is no
 * such block left.
 */
bool allocate_pages(struct allocator *allocator, uint16_t owner, enum page_kind kind,
                    uint32_t count, struct mpa *first) PZ_MUST_CHECK;

/*
 * Allocate `count` consecutive pages that have never been allocated, without zeroing them: the
 * caller overwrites them. False: there are not that many.
 */
bool allocate_fresh(struct allocator *allocator, uint16_t owner, enum page_kind kind,
                    uint32_t count, struct mpa *first) PZ_MUST_CHECK;

/*
 * Set `count` consecutive pages aside, so that pages consecutive for their owner can be consecutive
 * in the machine. They count as free: other owners get them if nothing else is left. False: there
 * is no such block.
 */
bool allocate_reserve(struct allocator *allocator, uint16_t owner, uint32_t count,
                      struct mpa *first) PZ_MUST_CHECK;

/* Allocate a page that was set aside. False: it no longer is. */
bool allocate_reserved(struct allocator *allocator, uint16_t owner, enum page_kind kind,
                       struct mpa mpa) PZ_MUST_CHECK;

/* Free those of `count` pages from `first` on that are still set aside for the owner. */
void allocate_unreserve(struct allocator *allocator, uint16_t owner, struct mpa first,
                        uint32_t count);

void allocate_free(struct allocator *allocator, struct mpa mpa);

/* Free all pages of an owner; it searches the records of all machine pages. */
void allocate_reclaim(struct allocator *allocator, uint16_t owner);

/* Count an owner's pages of one kind, or of all kinds with PAGE_KINDS. */
uint32_t allocate_count(const struct allocator *allocator, uint16_t owner, enum page_kind kind);

/* Count an owner's pages of each kind; the total is in count[PAGE_KINDS]. */
void allocate_census(const struct allocator *allocator, uint16_t owner,
                     uint32_t count[PAGE_KINDS + 1]);

/* The monitor's record of the page that contains `mpa`. */
struct page *allocate_info(const struct allocator *allocator, struct mpa mpa);

/* The host's view of a machine address. */
uint8_t *allocate_host(const struct allocator *allocator, struct mpa mpa);

/* The machine address of a host pointer into machine memory. */
struct mpa allocate_mpa(const struct allocator *allocator, const uint8_t *host);

#endif
