/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wrong11.c - exercise 06: the walk knows of MXR, the rights do not: the guest faults without
 * end.
 */
#include "isa/csr.h"
#include "vmm/parts.h"

static bool allows(const struct sv32_space *space, uint32_t pte, enum access access)
{
    bool user = pte & PTE_U;

    if (space->mode == HART_USER && !user)
        return false;
    if (space->mode == HART_SUPERVISOR && user && !(space->sum && access != ACCESS_FETCH))
        return false;
    if (access == ACCESS_FETCH)
        return pte & PTE_X;
    if (access == ACCESS_STORE)
        return pte & PTE_W;
    return (pte & PTE_R) || (space->mxr && (pte & PTE_X));
}

static bool reserved(uint32_t pte)
{
    if (!PTE_LEAF(pte))
        return !(pte & PTE_V) || (pte & (PTE_D | PTE_A | PTE_U));
    return !(pte & PTE_V) || ((pte & PTE_W) && !(pte & PTE_R));
}

static enum sv32_result use(const struct sv32_space *space, enum access access,
                            struct sv32_walk *walk)
{
    uint32_t bits = access == ACCESS_STORE ? PTE_A | PTE_D : PTE_A;

    if (!PTE_LEAF(walk->pte) || !allows(space, walk->pte, access))
        return SV32_PAGE_FAULT;
    if (walk->level && PTE_PPN(walk->pte) % SV32_ENTRIES)
        return SV32_PAGE_FAULT;
    if ((walk->pte & bits) == bits)
        return SV32_OK;
    walk->pte |= bits;
    return phys_write(space->phys, walk->pte_pa, &walk->pte, 4) ? SV32_OK : SV32_ACCESS_FAULT;
}

enum sv32_result part_walk(const struct sv32_space *space, uint32_t va, enum access access,
                           struct sv32_walk *walk)
{
    uint64_t table = (uint64_t)(space->satp & SATP_PPN) << PAGE_SHIFT;

    *walk = (struct sv32_walk){.pa = va};
    if (!(space->satp & SATP_SV32))
        return SV32_OK;
    for (unsigned level = SV32_LEVELS; level-- > 0;) {
        uint32_t in_page = (1u << (PAGE_SHIFT + 10 * level)) - 1;

        walk->level = level;
        walk->table[level] = table;
        walk->pte_pa = table + 4 * SV32_INDEX(va, level);
        if (!phys_read(space->phys, walk->pte_pa, &walk->pte, 4))
            return SV32_ACCESS_FAULT;
        if (reserved(walk->pte))
            return SV32_PAGE_FAULT;
        table = (uint64_t)PTE_PPN(walk->pte) << PAGE_SHIFT;
        walk->pa = table | (va & in_page);
        if (PTE_LEAF(walk->pte))
            break;
    }
    return use(space, access, walk);
}

uint32_t part_shadow_rights(const struct sv32_space *space, uint32_t pte)
{
    uint32_t rights = 0;

    if (allows(space, pte, ACCESS_LOAD) && (pte & PTE_R))
        rights |= PTE_R;
    if (allows(space, pte, ACCESS_STORE) && (pte & PTE_D))
        rights |= PTE_W;
    if (allows(space, pte, ACCESS_FETCH))
        rights |= PTE_X;
    return rights;
}

struct shadow_key part_shadow_key(const struct hart *hart, enum shadow_policy policy)
{
    (void)policy;
    return (struct shadow_key){
        .satp = hart->satp,
        .mode = hart->mode,
        .sum = hart->sstatus & SSTATUS_SUM,
        .mxr = hart->sstatus & SSTATUS_MXR,
    };
}
