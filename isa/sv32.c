/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sv32.c - the page-table walk, with the step numbers of Privileged ISA 4.3.2. It has no
 * caches: it is the specification with which every TLB and shadow table is compared.
 */
#include "isa/sv32.h"

#include "isa/csr.h"

struct sv32_space sv32_space_of(const struct hart *hart, struct phys *phys)
{
    return (struct sv32_space){
        .phys = phys,
        .satp = hart->satp,
        .mode = hart->mode,
        .sum = hart->sstatus & SSTATUS_SUM,
        .mxr = hart->sstatus & SSTATUS_MXR,
    };
}

/*
 * Steps 5 and 6: only user mode may access U pages, except for loads and stores by a supervisor
 * with SUM set; MXR lets loads read executable pages.
 */
bool sv32_allows(const struct sv32_space *space, uint32_t pte, enum access access)
{
    bool user_page = pte & PTE_U;

    if (space->mode == HART_USER && !user_page)
        return false;
    if (space->mode == HART_SUPERVISOR && user_page && (access == ACCESS_FETCH || !space->sum))
        return false;
    switch (access) {
    case ACCESS_FETCH: return pte & PTE_X;
    case ACCESS_LOAD: return (pte & PTE_R) || (space->mxr && (pte & PTE_X));
    case ACCESS_STORE: return pte & PTE_W;
    }
    return false;
}

/* Step 3: invalid, or reserved: W without R, or a pointer with D, A or U set. */
static bool malformed(uint32_t pte)
{
    if (!(pte & PTE_V))
        return true;
    return PTE_LEAF(pte) ? (pte & (PTE_R | PTE_W)) == PTE_W : (pte & PTE_POINTER_RESERVED) != 0;
}

/* Steps 1 to 4: walk down to the leaf. Does not set walk->pa. */
static enum sv32_result descend(const struct sv32_space *space, uint32_t va,
                                struct sv32_walk *walk)
{
    uint64_t table = (uint64_t)(space->satp & SATP_PPN) << PAGE_SHIFT;

    for (int level = SV32_LEVELS - 1; level >= 0; level--) {
        uint8_t *host = phys_host(space->phys, table, false);

        if (!host)
            return SV32_ACCESS_FAULT;
        walk->level = (unsigned)level;
        walk->table[level] = table;
        walk->pte_pa = table + 4 * SV32_INDEX(va, (unsigned)level);
        walk->pte = load_le32(host + 4 * SV32_INDEX(va, (unsigned)level));
        if (malformed(walk->pte))
            return SV32_PAGE_FAULT;
        if (PTE_LEAF(walk->pte))
            return SV32_OK;
        table = (uint64_t)PTE_PPN(walk->pte) << PAGE_SHIFT;
    }
    return SV32_PAGE_FAULT;
}

/*
 * Step 8: the physical address; for a superpage, va supplies the low bits of the page number.
 */
static uint64_t leaf_pa(const struct sv32_walk *walk, uint32_t va)
{
    uint32_t offset_mask = (1u << (PAGE_SHIFT + 10 * walk->level)) - 1;

    return ((uint64_t)PTE_PPN(walk->pte) << PAGE_SHIFT) | (va & offset_mask);
}

enum sv32_result sv32_probe(const struct sv32_space *space, uint32_t va, enum access access,
                            struct sv32_walk *walk)
{
    enum sv32_result result;

    *walk = (struct sv32_walk){.pa = va};
    if (!(space->satp & SATP_SV32)) {
        walk->pte = PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D;
        return SV32_OK;
    }
    result = descend(space, va, walk);
    if (result != SV32_OK)
        return result;
    if (!sv32_allows(space, walk->pte, access))
        return SV32_PAGE_FAULT;
    if (walk->level && (PTE_PPN(walk->pte) & (SV32_ENTRIES - 1)))
        return SV32_PAGE_FAULT; /* step 6: a misaligned superpage */
    walk->pa = leaf_pa(walk, va);
    return SV32_OK;
}

/* Step 7: sets A, and D for a store, as hardware that updates them does. */
static enum sv32_result update_ad(const struct sv32_space *space, enum access access,
                                  struct sv32_walk *walk)
{
    uint32_t wanted = PTE_A | (access == ACCESS_STORE ? PTE_D : 0);
    uint8_t *host;

    if ((walk->pte & wanted) == wanted)
        return SV32_OK;
    host = phys_host(space->phys, walk->pte_pa, true);
    if (!host)
        return SV32_ACCESS_FAULT;
    walk->pte |= wanted;
    store_le32(host, walk->pte);
    if (space->phys->wrote)
        space->phys->wrote(space->phys, walk->pte_pa, 4);
    return SV32_OK;
}

enum sv32_result sv32_translate(const struct sv32_space *space, uint32_t va, enum access access,
                                struct sv32_walk *walk)
{
    enum sv32_result result = sv32_probe(space, va, access, walk);

    if (result != SV32_OK || !(space->satp & SATP_SV32))
        return result;
    return update_ad(space, access, walk);
}

uint32_t sv32_cause(enum sv32_result result, enum access access)
{
    static const uint8_t page_fault[] = {CAUSE_INSN_PAGE_FAULT, CAUSE_LOAD_PAGE_FAULT,
                                         CAUSE_STORE_PAGE_FAULT};
    static const uint8_t access_fault[] = {CAUSE_INSN_ACCESS, CAUSE_LOAD_ACCESS,
                                           CAUSE_STORE_ACCESS};

    return result == SV32_PAGE_FAULT ? page_fault[access] : access_fault[access];
}
