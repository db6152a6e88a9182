/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sv32.c - the page-table walk, with the step numbers of Privileged ISA 4.3.2, and the second stage
 * of 8.5. It has no caches, but for what its caller keeps of the second stage: it is the
 * specification with which every TLB and shadow table is compared.
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

/*
 * Most walks have one stage. All that is in line here lets the compiler know that, and leave the
 * second out.
 */
static PZ_APART_IF_FAST enum sv32_result second_stage(const struct sv32_space *space,
                                                      enum access access, bool update,
                                                      uint64_t *pa);

static PZ_IN_LINE_IF_FAST struct sv32_kept_page *kept_at(const struct sv32_space *space,
                                                         uint64_t of)
{
    return &space->kept->pages[(of ^ of >> 32) % SV32_KEPT];
}

/* What a guest-physical page is kept by. */
static inline uint64_t page_of(const struct sv32_space *space, uint64_t gpa)
{
    return (uint64_t)space->hgatp << 32 | gpa >> PAGE_SHIFT;
}

/* The second stage, if it has been asked for this before. False: it has to be walked. */
static PZ_IN_LINE_IF_FAST bool find_kept(const struct sv32_space *space, enum access access,
                                         uint64_t *pa)
{
    uint64_t of = page_of(space, *pa);
    const struct sv32_kept_page *entry;

    if (PZ_SMALL || !space->kept)
        return false;
    entry = kept_at(space, of);
    if (entry->of != of || !(entry->rights & 1u << access))
        return false;
    *pa = (uint64_t)entry->page << PAGE_SHIFT | (*pa & PAGE_MASK);
    return true;
}

static void keep(const struct sv32_space *space, enum access access, uint64_t gpa, uint64_t pa)
{
    uint64_t of = page_of(space, gpa);
    struct sv32_kept_page *entry = kept_at(space, of);

    if (entry->of != of)
        *entry = (struct sv32_kept_page){.of = of, .page = (uint32_t)(pa >> PAGE_SHIFT)};
    entry->rights |= 1u << access;
    space->kept->any = true;
}

void sv32_forget(struct sv32_kept *kept)
{
    if (kept->any)
        memset(kept, 0, sizeof *kept);
}

/* The second stage of *pa, in whichever way. */
static PZ_IN_LINE_IF_FAST enum sv32_result pass_second(const struct sv32_space *space,
                                                       enum access access, bool update,
                                                       struct sv32_walk *walk, uint64_t *pa)
{
    uint64_t passed = walk->gpa = *pa; /* of its own, so that *pa may stay in a register */
    enum sv32_result result;

    if (find_kept(space, access, pa))
        return SV32_OK;
    result = second_stage(space, access, update, &passed);
    *pa = passed;
    return result;
}

/*
 * Where the entry of a table is, for the walk's own access to it: in guest-physical memory if there
 * is a second stage, which checks the walk's access, not the original one (8.5.1).
 */
static PZ_IN_LINE_IF_FAST enum sv32_result find_entry(const struct sv32_space *space,
                                                      enum access access, bool update,
                                                      struct sv32_walk *walk, uint64_t *pa,
                                                      uint8_t **host)
{
    enum sv32_result result = SV32_OK;

    *pa = walk->pte_pa;
    if (space->hgatp)
        result = pass_second(space, access, update, walk, pa);
    if (result == SV32_GUEST_PAGE_FAULT)
        walk->tinst = access == ACCESS_STORE ? TINST_WRITE : TINST_READ;
    if (result != SV32_OK)
        return result;
    *host = phys_host(space->phys, *pa, access == ACCESS_STORE);
    return *host ? SV32_OK : SV32_ACCESS_FAULT;
}

/* Only the root of a second stage is larger than a page: an address of 32 bits is below. */
static uint32_t entry_index(uint64_t va, int level)
{
    return level ? SV32X4_INDEX_ROOT(va) : SV32_INDEX((uint32_t)va, 0);
}

/* Steps 1 to 4: walk down to the leaf. Does not set walk->pa. */
static PZ_IN_LINE_IF_FAST enum sv32_result descend(const struct sv32_space *space, uint64_t va,
                                                   bool update, struct sv32_walk *walk)
{
    uint64_t table = (uint64_t)(space->satp & SATP_PPN) << PAGE_SHIFT, pa;

    for (int level = SV32_LEVELS - 1; level >= 0; level--) {
        uint8_t *host;
        enum sv32_result result;

        walk->level = (unsigned)level;
        walk->table[level] = table;
        walk->pte_pa = table + 4 * entry_index(va, level);
        result = find_entry(space, ACCESS_LOAD, update, walk, &pa, &host);
        if (result != SV32_OK)
            return result;
        walk->pte = load_le32(host);
        if (sv32_malformed(walk->pte))
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
static uint64_t leaf_pa(const struct sv32_walk *walk, uint64_t va)
{
    uint32_t offset_mask = (1u << (PAGE_SHIFT + 10 * walk->level)) - 1;

    return ((uint64_t)PTE_PPN(walk->pte) << PAGE_SHIFT) | (va & offset_mask);
}

/* Step 7: sets A, and D for a store, as hardware that updates them does. */
static PZ_IN_LINE_IF_FAST enum sv32_result update_ad(const struct sv32_space *space,
                                                     enum access access, struct sv32_walk *walk)
{
    uint32_t wanted = PTE_A | (access == ACCESS_STORE ? PTE_D : 0);
    enum sv32_result result;
    uint8_t *host;
    uint64_t pa;

    if ((walk->pte & wanted) == wanted)
        return SV32_OK;
    result = find_entry(space, ACCESS_STORE, true, walk, &pa, &host);
    if (result != SV32_OK)
        return result;
    walk->pte |= wanted;
    store_le32(host, walk->pte);
    if (space->phys->wrote)
        space->phys->wrote(space->phys, pa, 4);
    return SV32_OK;
}

/* One stage, by the table of satp. */
static PZ_IN_LINE_IF_FAST enum sv32_result translate(const struct sv32_space *space,
                                                     uint64_t va, enum access access,
                                                     bool update, struct sv32_walk *walk)
{
    enum sv32_result result;

    *walk = (struct sv32_walk){.pa = va};
    if (!(space->satp & SATP_SV32)) {
        walk->pte = PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D;
        return SV32_OK;
    }
    result = descend(space, va, update, walk);
    if (result != SV32_OK)
        return result;
    if (!sv32_allows(space, walk->pte, access))
        return SV32_PAGE_FAULT;
    if (walk->level && (PTE_PPN(walk->pte) & (SV32_ENTRIES - 1)))
        return SV32_PAGE_FAULT; /* step 6: a misaligned superpage */
    walk->pa = leaf_pa(walk, va);
    return update ? update_ad(space, access, walk) : SV32_OK;
}

/*
 * The second stage, of *pa: always as in user mode, and MXR of the first has no say (8.5.1). Bits 1
 * and 0 of its root's page number are zero.
 */
static PZ_APART_IF_FAST enum sv32_result second_stage(const struct sv32_space *space,
                                                      enum access access, bool update,
                                                      uint64_t *pa)
{
    const struct sv32_space stage = {
        .phys = space->phys,
        .satp = space->hgatp & ~(SV32X4_ROOT_PAGES - 1),
        .mode = HART_USER,
    };
    struct sv32_walk second;
    enum sv32_result result = translate(&stage, *pa, access, update, &second);

    if (!PZ_SMALL && space->kept && update && result == SV32_OK)
        keep(space, access, *pa, second.pa);
    *pa = second.pa;
    return result == SV32_PAGE_FAULT ? SV32_GUEST_PAGE_FAULT : result;
}

/* All stages there are. */
static PZ_IN_LINE_IF_FAST enum sv32_result translate_all(const struct sv32_space *space,
                                                         uint32_t va, enum access access,
                                                         bool update, struct sv32_walk *walk)
{
    enum sv32_result result = translate(space, va, access, update, walk);

    if (result != SV32_OK)
        return result;
    if (space->hgatp)
        return pass_second(space, access, update, walk, &walk->pa);
    walk->gpa = walk->pa;
    return SV32_OK;
}

/* The same space; but that it has no second stage can be seen. */
static inline struct sv32_space one_stage(const struct sv32_space *space)
{
    return (struct sv32_space){.phys = space->phys,
                               .satp = space->satp,
                               .mode = space->mode,
                               .sum = space->sum,
                               .mxr = space->mxr};
}

enum sv32_result sv32_probe(const struct sv32_space *space, uint32_t va, enum access access,
                            struct sv32_walk *walk)
{
    return translate_all(space, va, access, false, walk);
}

enum sv32_result sv32_translate(const struct sv32_space *space, uint32_t va, enum access access,
                                struct sv32_walk *walk)
{
    const struct sv32_space one = one_stage(space);
    enum sv32_result result;

    if (PZ_SMALL || space->hgatp)
        return translate_all(space, va, access, true, walk);
    result = translate(&one, va, access, true, walk);
    if (result == SV32_OK)
        walk->gpa = walk->pa;
    return result;
}

static inline uint64_t place_of(const struct sv32_walk *walk)
{
    return walk->pa | (walk->level ? SV32_SUPER : 0);
}

static PZ_APART_IF_FAST uint64_t locate_all(const struct sv32_space *space, uint32_t va,
                                            enum access access)
{
    struct sv32_walk walk;

    return translate_all(space, va, access, true, &walk) == SV32_OK ? place_of(&walk)
                                                                    : SV32_NOWHERE;
}

/* The walk stays in registers: nobody else is given it. */
uint64_t sv32_locate(const struct sv32_space *space, uint32_t va, enum access access)
{
    const struct sv32_space one = one_stage(space);
    struct sv32_walk walk;

    if (PZ_SMALL || space->hgatp)
        return locate_all(space, va, access);
    return translate(&one, va, access, true, &walk) == SV32_OK ? place_of(&walk) : SV32_NOWHERE;
}

uint32_t sv32_rights(const struct sv32_space *space, uint32_t pte)
{
    uint32_t rights = 0;

    if (sv32_allows(space, pte, ACCESS_LOAD))
        rights |= PTE_R;
    if (sv32_allows(space, pte, ACCESS_FETCH))
        rights |= PTE_X;
    if (sv32_allows(space, pte, ACCESS_STORE) && (pte & PTE_D))
        rights |= PTE_W;
    return rights;
}

uint32_t sv32_cause(enum sv32_result result, enum access access)
{
    static const uint8_t causes[][3] = {
        [SV32_PAGE_FAULT] = {CAUSE_INSN_PAGE_FAULT, CAUSE_LOAD_PAGE_FAULT,
                             CAUSE_STORE_PAGE_FAULT},
        [SV32_ACCESS_FAULT] = {CAUSE_INSN_ACCESS, CAUSE_LOAD_ACCESS, CAUSE_STORE_ACCESS},
        [SV32_GUEST_PAGE_FAULT] = {CAUSE_INSN_GUEST_PAGE_FAULT, CAUSE_LOAD_GUEST_PAGE_FAULT,
                                   CAUSE_STORE_GUEST_PAGE_FAULT},
    };

    return causes[result][access];
}

struct trap sv32_trap(enum sv32_result result, enum access access, uint32_t va,
                      const struct sv32_walk *walk)
{
    struct trap trap = {.cause = sv32_cause(result, access), .tval = va};

    if (result == SV32_GUEST_PAGE_FAULT) {
        trap.tval2 = (uint32_t)(walk->gpa >> 2);
        trap.tinst = walk->tinst;
    }
    return trap;
}
