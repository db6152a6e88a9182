/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pv.c - the operations of pv.h on a computer, or what must be taken for one.
 */
#include "pv.h"

#include "memlayout.h"
#include "riscv.h"

void process_start(void); /* trapentry.S */

static void start(void)
{
}

/*
 * All address spaces share ASID 0, so what the old one left in the TLB must go (section 4.2.1).
 * The fence also orders every earlier change of the new tables.
 */
static void activate(pte_t *root)
{
    csr_write(satp, SATP_SV32 | virt_to_phys(root) >> PAGE_SHIFT);
    sfence_vma_all();
}

static void change(pte_t *pte, pte_t value, uint32_t va)
{
    (void)va;
    *pte = value;
}

static void map(pte_t *pte, pte_t value, uint32_t va)
{
    *pte = value;
    sfence_vma_page(va);
}

/*
 * WFI returns when an interrupt is pending even while SIE masks it (section 3.3.3), so one that
 * arrives after the scheduler looked is not lost: it is taken in the open window below.
 */
static void idle(void)
{
    wfi();
    csr_set(sstatus, SSTATUS_SIE);
    csr_clear(sstatus, SSTATUS_SIE);
}

struct pv_ops pv = {start, activate, change, sfence_vma_all, map, idle, process_start};

void pv_init(bool offered)
{
    if (offered)
        pv = para_ops;
}
