/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sv32.h - virtual addresses: the Sv32 page-table walk with hardware update of A and D
 * (Privileged ISA 4.3). One walk for bare harts, shadow tables and guest tables alike; caching the
 * result is left to the caller.
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
#define PTE_LEAF(pte) ((pte) & (PTE_R | PTE_W | PTE_X))
/* A non-leaf entry points to the next table; these bits are reserved there (4.3.1). */
#define PTE_POINTER_RESERVED (PTE_D | PTE_A | PTE_U)

#define SV32_LEVELS 2
#define SV32_ENTRIES 1024u
/* The 10-bit index into the table of `level`: level 1 is the root. */
#define SV32_INDEX(va, level) (((va) >> (PAGE_SHIFT + 10 * (level))) & (SV32_ENTRIES - 1))

/* An address space: everything that determines what a virtual address means. */
struct sv32_space {
    struct phys *phys;
    uint32_t satp;
    uint8_t mode; /* enum hart_mode */
    bool sum, mxr;
};

/* The result of a walk. */
struct sv32_walk {
    uint64_t pa;                 /* the physical address of va */
    uint64_t pte_pa;             /* of the leaf entry; 0 when translation is off */
    uint32_t pte;                /* the leaf entry, A and D as updated */
    unsigned level;              /* of the leaf: 1 for a superpage */
    uint64_t table[SV32_LEVELS]; /* physical address of each level's table that was read */
};

enum sv32_result { SV32_OK, SV32_PAGE_FAULT, SV32_ACCESS_FAULT };

/* The space of a hart in its own mode. */
struct sv32_space sv32_space_of(const struct hart *hart, struct phys *phys);

/*
 * Translate va for `access`: every check of Privileged ISA 4.3.2, A (and D for a store) set in
 * the entry as hardware does. Fills `walk` as far as it got.
 */
enum sv32_result sv32_translate(const struct sv32_space *space, uint32_t va, enum access access,
                                struct sv32_walk *walk) PZ_MUST_CHECK;

/* As sv32_translate, but nothing is written: A and D neither needed nor set. */
enum sv32_result sv32_probe(const struct sv32_space *space, uint32_t va, enum access access,
                            struct sv32_walk *walk) PZ_MUST_CHECK;

/* May `access` use a page with this leaf entry? */
bool sv32_allows(const struct sv32_space *space, uint32_t pte, enum access access);

/* The scause of a failed translation. `result` is not SV32_OK. */
uint32_t sv32_cause(enum sv32_result result, enum access access);

#endif
