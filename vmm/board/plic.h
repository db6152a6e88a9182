/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plic.h - the platform-level interrupt controller (RISC-V PLIC specification 1.0.0): it routes
 * device interrupts to harts. Contexts are numbered as on QEMU's `virt`: 2h is machine mode of hart
 * h, which PZ32 does not have, 2h+1 its supervisor mode. Each device drives a level-triggered line.
 */
#ifndef PZ_VMM_BOARD_PLIC_H
#define PZ_VMM_BOARD_PLIC_H

#include <stdbool.h>
#include <stdint.h>

#include "vmm/board/state.h"

#define PLIC_SOURCES 96u /* 0 is none; the tree's riscv,ndev is one less */
#define PLIC_WORDS (PLIC_SOURCES / 32)
#define PLIC_HARTS 8u
#define PLIC_PRIORITY_MOST 7u
#define PLIC_CONTEXT(hart) (2 * (hart) + 1)
/*
 * A line still high at completion makes a new request after this many ticks, 0.1 ms. Not at once,
 * because kernels with drivers in user mode (seL4) complete the interrupt before the driver runs,
 * which would then be interrupted forever before its first instruction.
 */
#define PLIC_AGAIN_TICKS 10000u
#define PLIC_NEVER UINT64_MAX

/* Registers of one hart's supervisor mode. */
struct plic_context {
    uint32_t enable[PLIC_WORDS];
    uint32_t threshold;
};

struct plic {
    uint8_t priority[PLIC_SOURCES];
    uint32_t level[PLIC_WORDS];   /* the devices' lines */
    uint32_t pending[PLIC_WORDS]; /* requests not claimed yet */
    uint32_t claimed[PLIC_WORDS]; /* ...and those claimed but not completed */
    uint32_t held[PLIC_WORDS];    /* lines still high since a completion... */
    uint64_t again;               /* ...and the `time` of their next request */
    struct plic_context contexts[PLIC_HARTS];
    uint8_t notify; /* bit h: an interrupt for hart h; derived from the rest */
};

extern const struct state_field plic_state[];

void plic_reset(struct plic *plic);

/* Set a device's line, `source` 1 to PLIC_SOURCES - 1. */
void plic_set_level(struct plic *plic, unsigned source, bool level);

/* Make the repeated requests due by `now`; returns the time of the next, or PLIC_NEVER. */
uint64_t plic_advance(struct plic *plic, uint64_t now);

/* Registers: words at multiples of 4 below PLIC_SIZE. Other offsets read as 0. */
uint32_t plic_load(struct plic *plic, uint32_t offset);
void plic_store(struct plic *plic, uint32_t offset, uint32_t value, uint64_t now);

/* Is an external interrupt pending for the supervisor mode of a hart? */
static inline bool plic_pending(const struct plic *plic, unsigned hart)
{
    return plic->notify >> hart & 1;
}

/* Recompute derived state after the fields were restored. */
void plic_restored(struct plic *plic);

#endif
