/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow.c - your work: how shadow page table entries are made. README.md describes the task.
 * This starter finds the guest's entry, and allows every access.
 */
#include "isa/csr.h"
#include "vmm/parts.h"

/*
 * What you can use (isa/sv32.h, isa/phys.h, vmm/shadow.h):
 *
 *   space->satp, ->mode, ->sum, ->mxr
 *                            the address space: the guest's satp, its mode (HART_USER or
 *                            HART_SUPERVISOR), and two bits of its sstatus
 *   PTE_V PTE_R PTE_W PTE_X PTE_U PTE_G PTE_A PTE_D
 *                            the bits of a page-table entry
 *   PTE_PPN(pte), PTE_LEAF(pte)
 *                            its page number; is it a leaf (R, W or X)?
 *   SV32_INDEX(va, level)    the index into the table of that level: 1 is the root
 *   phys_read(space->phys, pa, &word, 4), phys_write(space->phys, pa, &word, 4)
 *                            the guest's physical memory; false: it has no RAM there.
 *                            Stores must use phys_write(), so that the monitor notices them
 */

/*
 * The hardware has found no shadow entry, or one without the necessary right, for an access
 * (ACCESS_FETCH, ACCESS_LOAD or ACCESS_STORE) to `va`. Walk the guest's own table as the bare
 * machine would:
 *
 *   SV32_OK             the access is allowed. The monitor fills the shadow; the guest resumes.
 *   SV32_PAGE_FAULT     its table does not allow it: the monitor injects the page fault.
 *   SV32_ACCESS_FAULT   one of its tables is not in RAM: likewise.
 *
 * `walk`: `pa` is the physical address of va; `pte` the leaf entry, as it is now, `pte_pa` where it
 * is, and `level` its level; `table[level]` the address of each table that was read.
 */
enum sv32_result part_walk(const struct sv32_space *space, uint32_t va, enum access access,
                           struct sv32_walk *walk)
{
    uint64_t table = (uint64_t)(space->satp & SATP_PPN) << PAGE_SHIFT;

    (void)access;
    *walk = (struct sv32_walk){.pa = va};
    if (!(space->satp & SATP_SV32))
        return SV32_OK; /* no translation: gva is gpa */
    for (unsigned level = SV32_LEVELS; level-- > 0;) {
        uint32_t in_page = (1u << (PAGE_SHIFT + 10 * level)) - 1;

        walk->level = level;
        walk->pte_pa = table + 4 * SV32_INDEX(va, level);
        if (!phys_read(space->phys, walk->pte_pa, &walk->pte, 4))
            return SV32_ACCESS_FAULT;
        if (!(walk->pte & PTE_V))
            return SV32_PAGE_FAULT;
        table = (uint64_t)PTE_PPN(walk->pte) << PAGE_SHIFT;
        walk->pa = table | (va & in_page);
        if (PTE_LEAF(walk->pte))
            break;
    }
    return SV32_OK;
}

/*
 * The walk has said SV32_OK: which of PTE_R, PTE_W and PTE_X may the shadow entry have? From
 * now on the guest uses these rights without an exit to the monitor.
 */
uint32_t part_shadow_rights(const struct sv32_space *space, uint32_t pte)
{
    (void)space;
    (void)pte;
    return PTE_R | PTE_W | PTE_X;
}

/*
 * A VM has many shadows, and uses the one for its virtual CPU's current key. What must be in
 * the key? Its fields are satp, mode, sum and mxr. Ignore `policy`.
 */
struct shadow_key part_shadow_key(const struct hart *hart, enum shadow_policy policy)
{
    struct shadow_key key = {.satp = hart->satp};

    (void)policy;
    return key;
}
