/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check.c - checks the shadow's invariant, entry by entry, against the guest's own tables.
 * Changes nothing: neither A and D bits nor the pmap.
 */
#include "isa/csr.h"
#include "vmm/shadow_leaf.h"
#include "vmm/vmm.h"

static struct sv32_space space_of(struct vm *vm, const struct shadow_key *key)
{
    return (struct sv32_space){.phys = &vm->phys,
                               .satp = key->satp,
                               .mode = key->mode,
                               .sum = key->sum,
                               .mxr = key->mxr};
}

/* The guest's own entry grants at least these rights, and maps the same page. */
static bool guest_agrees(struct vm *vm, const struct shadow_key *key, uint32_t va,
                         uint32_t entry)
{
    static const uint32_t right[] = {
        [ACCESS_FETCH] = PTE_X, [ACCESS_LOAD] = PTE_R, [ACCESS_STORE] = PTE_W};
    struct sv32_space space = space_of(vm, key);

    for (int access = ACCESS_FETCH; access <= ACCESS_STORE; access++) {
        struct sv32_walk walk;

        if (!(entry & right[access]))
            continue;
        if (sv32_probe(&space, va, (enum access)access, &walk) != SV32_OK)
            return false;
        if (access == ACCESS_STORE && !(walk.pte & PTE_D))
            return false;
        if (pmap_lookup(&vm->pmap, (struct gpa){walk.pa}).v >> PAGE_SHIFT != PTE_PPN(entry))
            return false;
    }
    return true;
}

/* A wrong entry may map any page, even one beyond machine memory. */
static bool may_have(const struct vm *vm, uint32_t entry)
{
    const struct allocator *allocator = vm->shadow.allocator;
    uint32_t number = PTE_PPN(entry) - (allocator->base >> PAGE_SHIFT);
    const struct page *info;

    if (number >= allocator->count)
        return false;
    info = &allocator->pages[number];
    if (info->kind == PAGE_SHARED)
        return !(entry & PTE_W);
    return info->owner == vm->id && info->kind == PAGE_GUEST;
}

/* A stale entry for a shared page: at least, the page is shared with this VM. */
static bool still_has(const struct vm *vm, uint32_t entry)
{
    struct mpa page = shadow_target(entry);

    return allocate_info(vm->shadow.allocator, page)->kind != PAGE_SHARED ||
           share_has(vm, page);
}

/* Entries under `trace` are never stale, nor are those made with translation off. */
static bool may_be_stale(const struct vm *vm, const struct shadow_key *key)
{
    return !shadow_traces(&vm->shadow) && key->satp;
}

static unsigned check_entry(struct vm *vm, const struct shadow_key *key, uint32_t va,
                            uint32_t entry, unsigned *stale)
{
    if (!may_have(vm, entry))
        return 1;
    if (guest_agrees(vm, key, va, entry))
        return 0;
    if (!may_be_stale(vm, key) || !still_has(vm, entry))
        return 1;
    if (stale)
        ++*stale;
    return 0;
}

/* Every check reads all entries, most of which are empty, so it reads them in place. */
static unsigned check_leaf(struct vm *vm, const struct shadow_key *key, uint32_t slot,
                           struct mpa leaf, unsigned *stale)
{
    const uint8_t *entries = allocate_host(vm->shadow.allocator, leaf);
    unsigned wrong = 0;

    for (uint32_t i = 0; i < SV32_ENTRIES; i++) {
        uint32_t entry = load_le32(entries + 4 * i);

        if (entry)
            wrong += check_entry(vm, key, slot << 22 | i << PAGE_SHIFT, entry, stale);
    }
    return wrong;
}

static unsigned check_root(struct vm *vm, const struct shadow_root *root, unsigned *stale)
{
    const uint8_t *pointers = allocate_host(vm->shadow.allocator, root->table);
    unsigned wrong = 0;

    for (uint32_t slot = 0; slot < SV32_ENTRIES; slot++) {
        struct mpa leaf = shadow_target(load_le32(pointers + 4 * slot));

        if (leaf.v)
            wrong += check_leaf(vm, &root->key, slot, leaf, stale);
    }
    return wrong;
}

unsigned vm_shadow_check(struct vm *vm, unsigned *stale)
{
    unsigned wrong = 0;

    if (stale)
        *stale = 0;
    for (unsigned root = 0; root < SHADOW_ROOTS; root++)
        if (vm->shadow.roots[root].used)
            wrong += check_root(vm, &vm->shadow.roots[root], stale);
    return wrong;
}
