/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * para.h - Page Zero's hypercalls (docs/para.md), and the page that a CPU shares with the monitor.
 * Read by paraentry.S too, and by the kernel of the benchmarks (guestos/bench).
 */
#ifndef MINI_PARA_H
#define MINI_PARA_H

#define PARA_EXTENSION 0x0a00505a /* of SBI */
#define PARA_SSTATUS (2 * 4)
#define PARA_SSCRATCH (3 * 4)
#define PARA_SEPC (4 * 4)
#define PARA_SCAUSE (5 * 4)
#define PARA_STVAL (6 * 4)

#ifndef __ASSEMBLER__

#include <stdint.h>

enum {
    PARA_SHARE = 1,
    PARA_ROOT = 3,
    PARA_UPDATE = 4,
    PARA_YIELD = 6,

    FENCE_NONE = 0, /* what of the translations is forgotten */
    FENCE_PAGE = 1,
    FENCE_ROOT = 2,
    YIELD_NOTHING = 0, /* pending interrupts are taken, if they are on */
    YIELD_WAIT = 2,

    REGISTER_SP = 2, /* is exchanged with sscratch at each trap */
};

/* An entry to be written; `fence` has an address and one of FENCE_. */
struct para_update {
    uint64_t address;
    uint32_t value, fence;
};

struct para_page {
    uint32_t version, pending;
    uint32_t sstatus, sscratch, sepc, scause, stval;
    uint32_t registers[4]; /* of a hypercall that we do not use: SRET goes by the page too */
};

#endif
#endif
