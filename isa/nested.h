/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nested.h - a guest of a supervisor whose firmware changes worlds for it: the memory that the two
 * share for that. The firmware's side is vmm/board/sbi_nested.c, a supervisor's isa/engine/cpu/.
 */
#ifndef PZ_ISA_NESTED_H
#define PZ_ISA_NESTED_H

#include <stdint.h>

/* x, pc and satp are of the world that is not on the hart. x[0] is neither read nor written. */
struct nested {
    uint32_t x[32];
    uint32_t pc, satp;
    uint32_t ticks[2];    /* read on the way in: the hart's timer is set so far from now */
    uint32_t cause, tval; /* written at the trap, as scause and stval would be */
    uint32_t retired[2];  /* the same: instructions that the guest has retired */
};

#endif
