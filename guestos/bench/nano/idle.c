/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * idle.c - a guest that sleeps: it wakes every ten seconds of its own time, and sleeps again.
 * What many of them cost is a figure of `pz bench`.
 */
#include "kernel.h"

enum { SECONDS = 10 };

void bench_start(uint32_t count)
{
    csr_set(sie, SIE_STIE); /* wakes WFI; not taken, since SIE is clear */
    for (uint32_t i = 0; i < count; i++) {
        sbi_set_timer(read_time() + SECONDS * (uint32_t)TIMEBASE_HZ);
        wfi();
    }
}
