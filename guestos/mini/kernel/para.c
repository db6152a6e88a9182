/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * para.c - the operations of pv.h as calls to Page Zero's monitor. It has the translations of all
 * CPUs in one place, and forgets nothing that it is not told to: so a process finds those of its
 * last turn again, and only what changes is fenced, once for all CPUs.
 */
#include "para.h"

#include <stddef.h>

#include "cpu.h"
#include "memlayout.h"
#include "page.h"
#include "panic.h"
#include "pv.h"
#include "riscv.h"
#include "sbi.h"

enum {
    UPDATES = 64,
    LAST_ENTRY = PTES_PER_TABLE - 1,
    SEEN = PTE_R, /* without V, so for the hardware still nothing */
};

/* What we share with the monitor; it leaves the rest of the page to us. */
struct page {
    struct para_page shared;
    uint32_t count;
    struct para_update queue[UPDATES];
};

_Static_assert(sizeof(struct page) <= PAGE_SIZE, "it is one page");
_Static_assert(offsetof(struct cpu, para) == CPU_PARA, "paraentry.S relies on this");
_Static_assert(offsetof(struct para_page, stval) == PARA_STVAL, "paraentry.S relies on this");

void trap_entry_para(void), process_start_para(void); /* paraentry.S */

static void call(uint32_t function, uint32_t arg0, uint32_t arg1, uint32_t arg2)
{
    int32_t error = sbi_call(PARA_EXTENSION, function, arg0, arg1, arg2).error;

    if (error)
        panic("hypercall %u gives %d", function, error);
}

/* Share a page, and take traps by paraentry.S from now on. A CPU that starts again has one. */
static void start(void)
{
    struct page *page = cpu_this()->para ? cpu_this()->para : page_alloc_zeroed();

    if (!page)
        panic("no memory for a page to share");
    cpu_this()->para = page;
    call(PARA_SHARE, virt_to_phys(page), 0, REGISTER_SP);
    csr_write(stvec, (uint32_t)trap_entry_para);
}

/*
 * A root that is new may lie where another was: then what was kept of that one must go. The last
 * entry, which is never valid, remembers that it is not new. The kernel's own root, in which
 * there is nothing for programs, never changes.
 */
static void activate(pte_t *root)
{
    uint32_t fence = FENCE_NONE;

    if (root[0] && !root[LAST_ENTRY]) {
        fence = FENCE_ROOT;
        root[LAST_ENTRY] = SEEN;
    }
    call(PARA_ROOT, SATP_SV32 | virt_to_phys(root) >> PAGE_SHIFT, fence, 0);
}

static void send(const struct para_update *updates, uint32_t count)
{
    call(PARA_UPDATE, virt_to_phys(updates), 0, count);
}

/* All that is queued is in force, each entry with the fence that it needs. */
static void fence(void)
{
    struct page *page = cpu_this()->para;

    if (page->count)
        send(page->queue, page->count);
    page->count = 0;
}

static void change(pte_t *pte, pte_t value, uint32_t va)
{
    struct page *page = cpu_this()->para;

    if (page->count == UPDATES)
        fence();
    page->queue[page->count++] =
        (struct para_update){virt_to_phys(pte), value, va | FENCE_PAGE};
}

static void map(pte_t *pte, pte_t value, uint32_t va)
{
    struct para_update one = {virt_to_phys(pte), value, page_round_down(va) | FENCE_PAGE};

    send(&one, 1);
}

/*
 * An interrupt that is pending when SIE is set in the page is not taken before the monitor hears of
 * it. One that becomes so later is.
 */
static void idle(void)
{
    volatile struct para_page *page = &((struct page *)cpu_this()->para)->shared;

    call(PARA_YIELD, YIELD_WAIT, 0, 0);
    page->sstatus |= SSTATUS_SIE;
    if (page->pending)
        call(PARA_YIELD, YIELD_NOTHING, 0, 0);
    page->sstatus &= ~SSTATUS_SIE;
}

const struct pv_ops para_ops = {start, activate, change, fence, map, idle, process_start_para};
