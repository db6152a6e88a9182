/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrong6.c - bits 1 and 0 of hgatp count. */
#include "isa/csr.h"
#include "vmm/parts.h"

/* The two are mutually recursive: a table of the first stage lies in guest-physical memory. */
static enum sv32_result second_stage(const struct sv32_space *space, uint64_t gpa,
                                     enum access access, struct sv32_walk *walk, uint64_t *pa);

/* Where an entry is, for the walk's own access to it. */
static enum sv32_result find_entry(const struct sv32_space *space, bool first, uint64_t entry,
                                   enum access access, struct sv32_walk *walk, uint64_t *pa)
{
    enum sv32_result result;

    *pa = entry;
    if (!first)
        return SV32_OK;
    result = second_stage(space, entry, access, walk, pa);
    if (result == SV32_GUEST_PAGE_FAULT)
        walk->tinst = access == ACCESS_STORE ? TINST_WRITE : TINST_READ;
    return result;
}

static bool is_malformed(uint32_t pte)
{
    if (!(pte & PTE_V))
        return true;
    return PTE_LEAF(pte) ? (pte & PTE_W) && !(pte & PTE_R) : pte & (PTE_A | PTE_D | PTE_U);
}

/* To the second stage all accesses are those of user mode, and MXR is the first's. */
static bool is_allowed(const struct sv32_space *space, bool first, uint32_t pte,
                       enum access access)
{
    bool user = !first || space->mode == HART_USER;

    if (user != !!(pte & PTE_U) && (user || access == ACCESS_FETCH || !space->sum))
        return false;
    if (access == ACCESS_FETCH)
        return pte & PTE_X;
    if (access == ACCESS_STORE)
        return pte & PTE_W;
    return pte & (PTE_R | (first && space->mxr ? PTE_X : 0));
}

static uint32_t index_of(bool first, uint64_t va, unsigned level)
{
    return !first && level == 1 ? SV32X4_INDEX_ROOT(va) : SV32_INDEX((uint32_t)va, level);
}

static enum sv32_result set_ad(const struct sv32_space *space, bool first, uint64_t entry,
                               uint32_t pte, enum access access, struct sv32_walk *walk)
{
    uint32_t wanted = pte | PTE_A | (access == ACCESS_STORE ? PTE_D : 0);
    enum sv32_result result;
    uint64_t pa;

    if (wanted == pte)
        return SV32_OK;
    result = find_entry(space, first, entry, ACCESS_STORE, walk, &pa);
    if (result != SV32_OK)
        return result;
    return phys_write(space->phys, pa, &wanted, 4) ? SV32_OK : SV32_ACCESS_FAULT;
}

static enum sv32_result one_stage(const struct sv32_space *space, bool first, uint64_t va,
                                  enum access access, struct sv32_walk *walk, uint64_t *pa)
{
    uint32_t atp = first ? space->satp : space->hgatp, pte, in_page;
    uint64_t table = (uint64_t)(atp & SATP_PPN) << PAGE_SHIFT, entry, at;
    unsigned level = SV32_LEVELS;
    enum sv32_result result;

    *pa = va;
    if (!(atp & SATP_SV32))
        return SV32_OK;
    do {
        if (!level--)
            return SV32_PAGE_FAULT;
        entry = table + 4 * index_of(first, va, level);
        result = find_entry(space, first, entry, ACCESS_LOAD, walk, &at);
        if (result != SV32_OK)
            return result;
        if (!phys_read(space->phys, at, &pte, 4))
            return SV32_ACCESS_FAULT;
        if (is_malformed(pte))
            return SV32_PAGE_FAULT;
        table = (uint64_t)PTE_PPN(pte) << PAGE_SHIFT;
    } while (!PTE_LEAF(pte));
    in_page = (1u << (PAGE_SHIFT + 10 * level)) - 1;
    if (!is_allowed(space, first, pte, access) || (level && PTE_PPN(pte) % SV32_ENTRIES))
        return SV32_PAGE_FAULT;
    *pa = table | (va & in_page);
    return set_ad(space, first, entry, pte, access, walk);
}

static enum sv32_result second_stage(const struct sv32_space *space, uint64_t gpa,
                                     enum access access, struct sv32_walk *walk, uint64_t *pa)
{
    enum sv32_result result = one_stage(space, false, gpa, access, walk, pa);

    walk->gpa = gpa;
    return result == SV32_PAGE_FAULT ? SV32_GUEST_PAGE_FAULT : result;
}

enum sv32_result part_two_stage(const struct sv32_space *space, uint32_t va, enum access access,
                                struct sv32_walk *walk)
{
    enum sv32_result result;
    uint64_t gpa;

    *walk = (struct sv32_walk){.tinst = 0};
    result = one_stage(space, true, va, access, walk, &gpa);
    return result == SV32_OK ? second_stage(space, gpa, access, walk, &walk->pa) : result;
}
