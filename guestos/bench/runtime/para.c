/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * para.c - a benchmark kernel with processes knows Page Zero's monitor when it finds it, by SBI's
 * probe, and makes its hypercalls (docs/para.md, para.h): its traps go by the page that both share
 * (traps of a program only: there are no others), and entries change together with their fences.
 * Without, all is as on a computer.
 */
#include "para.h"

#include "kernel.h"

enum { EXT_BASE = 0x10, BASE_PROBE_EXTENSION = 3 };

static bool shares;
char para_shared[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

static bool is_offered(void)
{
    struct sbi_result r = sbi_call(EXT_BASE, BASE_PROBE_EXTENSION, PARA_EXTENSION, 0, 0);

    return !r.error && r.value;
}

void para_start(void)
{
    if (!is_offered() ||
        sbi_call(PARA_EXTENSION, PARA_SHARE, virt_to_phys(para_shared), 0, REGISTER_SP).error)
        return;
    csr_write(stvec, trap_entry_para);
    shares = true;
}

bool para_shares(void)
{
    return shares;
}

void para_write(pte_t *const entry[], const pte_t value[], const uint32_t va[], uint32_t count)
{
    struct para_update update[PARA_WRITES];

    for (uint32_t i = 0; i < count; i++)
        update[i] = (struct para_update){virt_to_phys(entry[i]), value[i],
                                         page_round_down(va[i]) | FENCE_PAGE};
    if (sbi_call(PARA_EXTENSION, PARA_UPDATE, virt_to_phys(update), 0, count).error)
        panic("bad update", va[0], count);
}
