/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory.c - reads a guest's memory without side effects: the monitor's own access would attach
 * a page to untouched memory, and so change the state.
 */
#include "tools/debug/memory.h"

#include "isa/csr.h"

const uint8_t debug_untouched[PAGE_SIZE];

static const uint8_t *page_of(const struct vm *vm, uint64_t gpa)
{
    struct mpa mpa;

    if (gpa - vm->pmap.base >= vm->pmap.size)
        return NULL;
    mpa = pmap_lookup(&vm->pmap, (struct gpa){gpa & ~(uint64_t)PAGE_MASK});
    return mpa.v ? allocate_host(vm->pmap.allocator, mpa) : debug_untouched;
}

/* Used only for reading; struct phys has no read-only variant. */
static uint8_t *look_page(struct phys *phys, uint64_t pa, bool store)
{
    const struct vm *vm = phys->owner;

    return store ? NULL : (uint8_t *)(uintptr_t)page_of(vm, pa);
}

struct phys debug_eyes(struct vm *vm)
{
    return (struct phys){.page = look_page, .owner = vm};
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

bool debug_look_gpa(struct phys *eyes, uint64_t gpa, void *buffer, uint32_t len)
{
    uint8_t *to = buffer;

    while (len) {
        uint32_t part = smaller(len, PAGE_SIZE - (uint32_t)(gpa & PAGE_MASK));
        const uint8_t *from = phys_host(eyes, gpa, false);

        if (!from)
            return false;
        memcpy(to, from, part);
        to += part;
        gpa += part;
        len -= part;
    }
    return true;
}

enum sv32_result debug_look_walk(struct phys *eyes, uint32_t satp, uint32_t gva,
                                 struct sv32_walk *walk)
{
    static const enum hart_mode modes[] = {HART_SUPERVISOR, HART_USER};
    static const enum access accesses[] = {ACCESS_LOAD, ACCESS_FETCH};
    enum sv32_result result = SV32_PAGE_FAULT;

    /* Try other modes and accesses as well: even SUM and MXR do not let a load read all pages. */
    for (unsigned i = 0; i < 2; i++) {
        struct sv32_space space = {
            .phys = eyes, .satp = satp, .mode = modes[i], .sum = true, .mxr = true};

        result = sv32_probe(&space, gva, accesses[i], walk);
        if (result == SV32_OK)
            return result;
    }
    return result;
}

bool debug_look_gva(struct phys *eyes, uint32_t satp, uint32_t gva, void *buffer, uint32_t len)
{
    uint8_t *to = buffer;

    while (len) {
        uint32_t part = smaller(len, PAGE_SIZE - (gva & PAGE_MASK));
        struct sv32_walk walk;

        if (debug_look_walk(eyes, satp, gva, &walk) != SV32_OK ||
            !debug_look_gpa(eyes, walk.pa, to, part))
            return false;
        to += part;
        gva += part;
        len -= part;
    }
    return true;
}

uint32_t debug_entry(struct phys *eyes, const struct sv32_walk *walk, uint32_t gva,
                     unsigned level)
{
    uint32_t entry;

    /* The walk begins with the root; a leaf table was read only if the walk got that far. */
    if (!walk->pte_pa || (level < walk->level))
        return 0;
    if (!debug_look_gpa(eyes, walk->table[level] + 4 * SV32_INDEX(gva, level), &entry, 4))
        return 0;
    return entry;
}

/* ---- The memory of a VM ---- */

bool debug_read_gpa(const struct vm *vm, uint64_t gpa, void *buffer, uint32_t len)
{
    struct phys eyes = debug_eyes((struct vm *)(uintptr_t)vm); /* used only for reading */

    return debug_look_gpa(&eyes, gpa, buffer, len);
}

enum sv32_result debug_walk(struct vm *vm, uint32_t satp, uint32_t gva, struct sv32_walk *walk)
{
    struct phys eyes = debug_eyes(vm);

    return debug_look_walk(&eyes, satp, gva, walk);
}

bool debug_read_gva(struct vm *vm, uint32_t satp, uint32_t gva, void *buffer, uint32_t len)
{
    struct phys eyes = debug_eyes(vm);

    return debug_look_gva(&eyes, satp, gva, buffer, len);
}

static bool key_equal(const struct shadow_key *a, const struct shadow_key *b)
{
    return a->satp == b->satp && a->mode == b->mode && a->sum == b->sum && a->mxr == b->mxr;
}

int debug_shadow_root(const struct vm *vm, const struct hart *hart)
{
    struct shadow_key key = shadow_key_for(&vm->shadow, hart);

    for (unsigned i = 0; i < SHADOW_ROOTS; i++)
        if (vm->shadow.roots[i].used && key_equal(&vm->shadow.roots[i].key, &key))
            return (int)i;
    return -1;
}
