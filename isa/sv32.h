/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sv32.h - virtual addresses: the Sv32 page-table walk with hardware update of A and D
 * (Privileged ISA 4.3). One walk for bare harts, shadow tables and guest tables alike; caching the
 * result is left to the caller.
 *
 * There may be a second stage (Privileged ISA 8.5). What the table of the first calls physical is
 * then a guest-physical address, of 34 bits, and a table of the format Sv32x4 makes it a physical
 * one: the same, but for a root of 16 KiB. The first stage's own tables lie in guest-physical
 * memory, so each of their entries is read, and written, through the second stage as well.
 */
#ifndef PZ_ISA_SV32_H
#define PZ_ISA_SV32_H

#include "isa/phys.h"

/*
 * A page-table entry:
 *    31        20 19        10 9   8 7 6 5 4 3 2 1 0
 *   +------------+------------+-----+-+-+-+-+-+-+-+-+
 *   |   PPN[1]   |   PPN[0]   | RSW |D|A|G|U|X|W|R|V|
 *   +------------+------------+-----+-+-+-+-+-+-+-+-+
 */
#define PTE_V (1u << 0)
#define PTE_R (1u << 1)
#define PTE_W (1u << 2)
#define PTE_X (1u << 3)
#define PTE_U (1u << 4)
#define PTE_G (1u << 5)
#define PTE_A (1u << 6)
#define PTE_D (1u << 7)
#define PTE_PPN(pte) ((pte) >> 10)
#define PTE_MAKE(ppn, flags) ((uint32_t)(ppn) << 10 | (flags))
#define PTE_FLAGS 0x3ffu /* all that is not the page's number */
#define PTE_LEAF(pte) ((pte) & (PTE_R | PTE_W | PTE_X))
/* A non-leaf entry points to the next table; these bits are reserved there (4.3.1). */
#define PTE_POINTER_RESERVED (PTE_D | PTE_A | PTE_U)

#define SV32_LEVELS 2
#define SV32_ENTRIES 1024u
/* The 10-bit index into the table of `level`: level 1 is the root. */
#define SV32_INDEX(va, level) (((va) >> (PAGE_SHIFT + 10 * (level))) & (SV32_ENTRIES - 1))

/* The root of the second stage has four times the entries: two more bits of index. */
#define SV32X4_ROOT_ENTRIES (4 * SV32_ENTRIES)
#define SV32X4_ROOT_PAGES 4u
#define SV32X4_INDEX_ROOT(gpa) ((uint32_t)((gpa) >> 22) & (SV32X4_ROOT_ENTRIES - 1))

/*
 * What the second stage has answered, for those who run harts for long and want to spare its walk.
 * An answer is kept once A, and D for a store, are set, so repeating the walk would change nothing;
 * it holds until somebody changes the table other than by adding to it.
 */
#define SV32_KEPT 256u /* a power of two */

struct sv32_kept {
    struct sv32_kept_page {
        uint64_t of;   /* hgatp, and below it the number of the guest-physical page; 0: none */
        uint32_t page; /* physical page number */
        uint32_t rights; /* bit n: for enum access n */
    } pages[SV32_KEPT];
    bool any;
};

void sv32_forget(struct sv32_kept *kept);

/* An address space: everything that determines what a virtual address means. */
struct sv32_space {
    struct phys *phys;
    uint32_t satp;
    uint32_t hgatp; /* of the second stage, with fields as those of satp; 0: there is none */
    struct sv32_kept *kept; /* the second stage's answers; NULL: it is walked each time */
    uint8_t mode;           /* enum hart_mode */
    bool sum, mxr;
};

/* The result of a walk. */
struct sv32_walk {
    uint64_t pa;                 /* the physical address of va */
    uint64_t pte_pa;             /* of the leaf entry; 0 when translation is off */
    uint32_t pte;                /* the leaf entry, A and D as updated */
    unsigned level;              /* of the leaf: 1 for a superpage */
    uint64_t table[SV32_LEVELS]; /* physical address of each level's table that was read */

    /* With a second stage, all but `pa` are the first's, their addresses guest-physical. */
    uint64_t
        gpa; /* what the second stage was asked for last: va's; or with a fault, its cause */
    uint32_t tinst; /* with a guest-page fault: as in struct trap */
};

enum sv32_result { SV32_OK, SV32_PAGE_FAULT, SV32_ACCESS_FAULT, SV32_GUEST_PAGE_FAULT };

/* As sv32_translate(): what may stand for it. */
typedef enum sv32_result sv32_walker(const struct sv32_space *space, uint32_t va,
                                     enum access access, struct sv32_walk *walk);

/* The space of a hart in its own mode. */
struct sv32_space sv32_space_of(const struct hart *hart, struct phys *phys);

/*
 * Translate va for `access`: every check of Privileged ISA 4.3.2, A (and D for a store) set in
 * the entry as hardware does. Fills `walk` as far as it got.
 */
enum sv32_result sv32_translate(const struct sv32_space *space, uint32_t va, enum access access,
                                struct sv32_walk *walk) PZ_MUST_CHECK;

/*
 * The same for those who want the physical address only, with SV32_SUPER set if the leaf is a
 * superpage's. SV32_NOWHERE: it fails, and doing it again by sv32_translate() says why.
 */
#define SV32_NOWHERE UINT64_MAX
#define SV32_SUPER (1ull << 63)
uint64_t sv32_locate(const struct sv32_space *space, uint32_t va,
                     enum access access) PZ_MUST_CHECK;

/* As sv32_translate, but nothing is written: A and D neither needed nor set. */
enum sv32_result sv32_probe(const struct sv32_space *space, uint32_t va, enum access access,
                            struct sv32_walk *walk) PZ_MUST_CHECK;

/* Invalid, or reserved: W without R, or a pointer with D, A or U set (4.3.2, step 3). */
static inline bool sv32_malformed(uint32_t pte)
{
    if (!(pte & PTE_V))
        return true;
    return PTE_LEAF(pte) ? (pte & (PTE_R | PTE_W)) == PTE_W : (pte & PTE_POINTER_RESERVED) != 0;
}

/* May `access` use a page with this leaf entry? */
bool sv32_allows(const struct sv32_space *space, uint32_t pte, enum access access);

/* The rights PTE_R, PTE_W, PTE_X that a leaf entry gives now: to write, it has to be dirty. */
uint32_t sv32_rights(const struct sv32_space *space, uint32_t pte);

/* The scause of a failed translation. `result` is not SV32_OK. */
uint32_t sv32_cause(enum sv32_result result, enum access access);

/* The trap that the failed translation of va is. */
struct trap sv32_trap(enum sv32_result result, enum access access, uint32_t va,
                      const struct sv32_walk *walk);

#endif
