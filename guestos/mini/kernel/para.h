/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * para.h - Page Zero's hypercalls (docs/para.md): the page that a CPU shares with the monitor. Read
 * by paraentry.S too.
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

#include "pv.h"

struct para_page {
    uint32_t version, pending;
    uint32_t sstatus, sscratch, sepc, scause, stval;
    uint32_t registers[4]; /* of a hypercall that we do not use: SRET goes by the page too */
};

extern const struct pv_ops para_ops;

#endif
#endif
