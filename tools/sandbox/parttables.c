/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parttables.c - finds the pages of the tables, without writing to them. */
#include "tools/sandbox/parttables.h"

#include "isa/csr.h"

static bool is_named(const struct sv32_space *space, uint64_t page)
{
    uint64_t root = (uint64_t)(space->satp & SATP_PPN) << PAGE_SHIFT;
    const uint8_t *entries = phys_host(space->phys, root, false);

    for (unsigned i = 0; entries && i < SV32_ENTRIES; i++) {
        uint32_t pte = load_le32(entries + 4 * i);

        if ((pte & PTE_V) && !PTE_LEAF(pte) && (uint64_t)PTE_PPN(pte) << PAGE_SHIFT == page)
            return true;
    }
    return page == root;
}

/* Memory handed out page by page, to find out which pages are read. */
struct seen {
    struct phys phys;
    struct phys *memory;
    uint64_t page; /* which is looked for */
    bool found;
};

static uint8_t *see(struct phys *phys, uint64_t pa, bool store)
{
    struct seen *seen = phys->owner;

    seen->found |= pa == seen->page;
    return phys_host(seen->memory, pa, store);
}

static bool is_read(const struct parttables *walk, uint64_t page)
{
    struct seen seen = {.memory = walk->space.phys, .page = page};
    struct sv32_space space = walk->space;
    struct sv32_walk unused;

    seen.phys = (struct phys){.page = see, .owner = &seen};
    space.phys = &seen.phys;
    (void)!sv32_probe(&space, walk->va, walk->access, &unused);
    return seen.found;
}

bool parttables_has(const struct parttables *walk, uint64_t page)
{
    return walk->space.hgatp ? is_read(walk, page) : is_named(&walk->space, page);
}
