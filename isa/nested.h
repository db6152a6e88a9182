/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nested.h - a guest of a supervisor whose firmware changes worlds for it: the memory that the two
 * share for that. The firmware's side is vmm/board/sbi_nested.c, a supervisor's isa/engine/cpu/.
 */
#ifndef PZ_ISA_NESTED_H
#define PZ_ISA_NESTED_H

#include <stdint.h>

/*
 * The guest's own page table, and the second stage that its addresses pass: with them the firmware
 * can do what the supervisor would do at most page faults, which is to make an entry of the shadow
 * table that nested.satp names. It tells of each.
 */
#define NESTED_FILLS 32u
enum {
    NESTED_SUPERVISOR = 1,
    NESTED_SUM = 2,
    NESTED_MXR = 4
}; /* of the guest, by its own account */

struct nested_fill {
    uint32_t va;    /* of the page; bit 0: the guest's entry is a superpage */
    uint32_t entry; /* that was written */
};

/* x, pc and satp are of the world that is not on the hart. x[0] is neither read nor written. */
struct nested {
    uint32_t x[32];
    uint32_t pc, satp;
    uint32_t ticks[2];    /* read on the way in: the hart's timer is set so far from now */
    uint32_t cause, tval; /* written at the trap, as scause and stval would be */
    uint32_t retired[2];  /* the same: instructions that the guest has retired */

    /* Where the firmware fills. */
    uint32_t guest_satp, hgatp, rules; /* hgatp 0: it does not, now */
    uint32_t filled;                   /* how many since the supervisor has set it to 0 */
    struct nested_fill fills[NESTED_FILLS];
};

#endif
