/* SPDX-License-Identifier: GPL-2.0-or-later */
/* walkdata.c - entries of page tables as data: where each is, what it is, and what it says. */
#include "tools/debug/walkdata.h"

#include <string.h>

#include "tools/debug/memory.h"
#include "tools/debug/steps.h"

static void add_level(json_t *levels, unsigned level, uint32_t index, uint64_t address,
                      uint32_t entry)
{
    char flags[DEBUG_PTE];
    json_t *row = json_object();

    json_put_number(row, "level", level);
    json_put_number(row, "index", index);
    json_put_number(row, "address", address);
    json_put_number(row, "entry", entry);
    json_put_text(row, "flags", debug_pte_flags(entry, flags));
    json_put_number(row, "to", (uint64_t)PTE_PPN(entry) << PAGE_SHIFT);
    (void)json_array_append_new(levels, row);
}

json_t *walkdata_guest(struct phys *eyes, uint32_t satp, const struct sv32_walk *walk,
                       enum sv32_result result, uint32_t va)
{
    static const char *const results[] = {[SV32_OK] = "mapped",
                                          [SV32_PAGE_FAULT] = "page fault",
                                          [SV32_ACCESS_FAULT] = "access fault",
                                          [SV32_GUEST_PAGE_FAULT] = "guest page fault"};
    json_t *object = json_object(), *levels = json_array();

    for (int k = SV32_LEVELS - 1; (satp & SATP_SV32) && k >= (int)walk->level; k--) {
        unsigned level = (unsigned)k;

        add_level(levels, level, SV32_INDEX(va, level),
                  walk->table[level] + 4 * SV32_INDEX(va, level),
                  debug_entry(eyes, walk, va, level));
    }
    json_put_number(object, "satp", satp);
    json_put(object, "on", json_boolean(satp & SATP_SV32));
    json_put(object, "levels", levels);
    json_put_text(object, "result", results[result]);
    return object;
}

/* An entry of a table in machine memory. */
static uint32_t machine_entry(const struct vm *vm, struct mpa at)
{
    uint32_t entry;

    memcpy(&entry, allocate_host(&vm->vmm->allocator, at), sizeof entry);
    return entry;
}

/* Two levels in machine memory: the root at `root`, and what its entry points to. */
static json_t *machine_levels(const struct vm *vm, struct mpa root, uint32_t index1,
                              uint32_t index0)
{
    json_t *object = json_object(), *levels = json_array();
    struct mpa at = {root.v + 4 * index1};
    uint32_t entry = machine_entry(vm, at);

    add_level(levels, 1, index1, at.v, entry);
    if ((entry & PTE_V) && !PTE_LEAF(entry)) {
        at.v = (PTE_PPN(entry) << PAGE_SHIFT) + 4 * index0;
        add_level(levels, 0, index0, at.v, machine_entry(vm, at));
    }
    json_put_number(object, "root", root.v);
    json_put(object, "levels", levels);
    return object;
}

json_t *walkdata_pmap(const struct vm *vm, uint64_t gpa)
{
    return machine_levels(vm, vm->pmap.root, SV32X4_INDEX_ROOT(gpa),
                          SV32_INDEX((uint32_t)gpa, 0));
}

json_t *walkdata_shadow(const struct vm *vm, unsigned root, uint32_t va)
{
    json_t *object =
        machine_levels(vm, vm->shadow.roots[root].table, SV32_INDEX(va, 1), SV32_INDEX(va, 0));

    json_put_number(object, "index", root);
    return object;
}
