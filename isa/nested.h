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

/*
 * The guest may be a monitor, too, that enters guests by the same call. When they trap to it, and
 * when it enters them, the supervisor would only exchange the two worlds, and go on. With what it
 * names here the firmware does that, and the supervisor hears of it when there is something else to
 * do.
 */
#define NESTED_WORLDS 16u

struct nested_world {
    uint32_t satp;  /* of the guest's guest, as the guest says it */
    uint32_t enter; /* what the hart's has to be for it */
};

struct nested_relay {
    uint32_t inner;  /* physical address of the memory that the guest shares; 0: none, now */
    uint32_t home;   /* what the hart's satp has to be for the guest itself */
    uint32_t inside; /* 1: its guest is on the hart, 0: it is. Kept up to date, as all below: */
    uint32_t satps[2];   /* its own, as it says it; and of its guest that was entered last */
    uint32_t entered[2]; /* when that was: instructions after the supervisor's call */
    uint32_t due[2];     /* the guest's timer: instructions after the call; all ones: off */
    uint32_t own[2];     /* the supervisor's, from its call on: `time` */
    uint32_t traps, entries; /* so many, since the supervisor has set them to 0 */
    struct nested_world worlds[NESTED_WORLDS]; /* satp 0: no more of them */
};

/* x, pc and satp are of the world that is not on the hart. x[0] is neither read nor written. */
struct nested {
    uint32_t x[32];
    uint32_t pc, satp;
    uint32_t ticks[2];    /* read on the way in: the hart's timer is set so far from now */
    uint32_t cause, tval; /* written at the trap, as scause and stval would be */
    uint32_t retired[2];  /* the same: instructions that the guest has retired */

    /* Where the firmware fills. If it also relays, these follow the world that is on the hart. */
    uint32_t guest_satp, hgatp, rules; /* hgatp 0: it does not, now */
    uint32_t filled;                   /* how many since the supervisor has set it to 0 */
    struct nested_fill fills[NESTED_FILLS];

    struct nested_relay relay; /* where it relays */
};

static inline uint64_t nested_number(const uint32_t halves[2])
{
    return halves[0] | (uint64_t)halves[1] << 32;
}

static inline void nested_put(uint32_t halves[2], uint64_t number)
{
    halves[0] = (uint32_t)number;
    halves[1] = (uint32_t)(number >> 32);
}

#endif
