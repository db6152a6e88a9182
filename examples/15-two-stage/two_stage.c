/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * two_stage.c - your work: the page-table walk of a CPU with hardware assistance. README.md
 * describes the task. This starter walks the first stage, as if no second one followed.
 */
#include "isa/csr.h"
#include "vmm/parts.h"

/*
 * What you can use (isa/sv32.h, isa/phys.h, isa/hart.h):
 *
 *   space->satp, ->mode, ->sum, ->mxr
 *                            the guest's first stage, as in exercise 06
 *   space->hgatp             the monitor's second stage: the page number of its root in SATP_PPN,
 *                            of which bits 1 and 0 count as zero
 *   PTE_V PTE_R PTE_W PTE_X PTE_U PTE_G PTE_A PTE_D, PTE_PPN(pte), PTE_LEAF(pte)
 *   SV32_INDEX(va, level)    the index into a table; SV32X4_INDEX_ROOT(gpa): into the root of the
 *                            second stage
 *   phys_read(space->phys, pa, &word, 4), phys_write(space->phys, pa, &word, 4)
 *                            real memory; false: there is none. Set A and D by phys_write(), which
 *                            takes nothing else
 *   TINST_READ, TINST_WRITE  for walk->tinst
 */

static bool is_malformed(uint32_t pte)
{
    if (!(pte & PTE_V))
        return true;
    return PTE_LEAF(pte) ? (pte & PTE_W) && !(pte & PTE_R) : pte & (PTE_A | PTE_D | PTE_U);
}

static bool is_allowed(const struct sv32_space *space, uint32_t pte, enum access access)
{
    bool user = space->mode == HART_USER;

    if (user != !!(pte & PTE_U) && (user || access == ACCESS_FETCH || !space->sum))
        return false;
    if (access == ACCESS_FETCH)
        return pte & PTE_X;
    if (access == ACCESS_STORE)
        return pte & PTE_W;
    return pte & (PTE_R | (space->mxr ? PTE_X : 0));
}

/*
 * Translate va for `access` (ACCESS_FETCH, ACCESS_LOAD or ACCESS_STORE), through both stages:
 *
 *   SV32_OK                allowed; walk->pa is the physical address
 *   SV32_PAGE_FAULT        the first stage does not allow it: cause 12, 13 or 15
 *   SV32_GUEST_PAGE_FAULT  the second stage does not: cause 20, 21 or 23. walk->gpa is the address
 *                          that it refused, and walk->tinst says whose access that was: 0 for the
 *                          access itself, TINST_READ or TINST_WRITE for that of an entry of the
 *                          first stage
 *   SV32_ACCESS_FAULT      a table is not in memory
 */
enum sv32_result part_two_stage(const struct sv32_space *space, uint32_t va, enum access access,
                                struct sv32_walk *walk)
{
    uint64_t table = (uint64_t)(space->satp & SATP_PPN) << PAGE_SHIFT, entry;
    uint32_t pte, in_page, wanted;
    unsigned level = SV32_LEVELS;

    *walk = (struct sv32_walk){.pa = va};
    if (!(space->satp & SATP_SV32))
        return SV32_OK;
    do {
        if (!level--)
            return SV32_PAGE_FAULT;
        entry = table + 4 * SV32_INDEX(va, level);
        if (!phys_read(space->phys, entry, &pte, 4))
            return SV32_ACCESS_FAULT;
        if (is_malformed(pte))
            return SV32_PAGE_FAULT;
        table = (uint64_t)PTE_PPN(pte) << PAGE_SHIFT;
    } while (!PTE_LEAF(pte));
    in_page = (1u << (PAGE_SHIFT + 10 * level)) - 1;
    if (!is_allowed(space, pte, access) || (level && PTE_PPN(pte) % SV32_ENTRIES))
        return SV32_PAGE_FAULT;
    walk->pa = table | (va & in_page);
    wanted = pte | PTE_A | (access == ACCESS_STORE ? PTE_D : 0);
    if (wanted != pte && !phys_write(space->phys, entry, &wanted, 4))
        return SV32_ACCESS_FAULT;
    return SV32_OK;
}
