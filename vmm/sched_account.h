/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched_account.h - what schedulers know: of the machine, and of each VM. Some fields are one
 * scheduler's own. All of it is state: whose turn is next follows from it.
 */
#ifndef PZ_VMM_SCHED_ACCOUNT_H
#define PZ_VMM_SCHED_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

enum sched_kind {
#define SCHED(id, name, about) SCHED_##id,
#include "vmm/scheds.def"
#undef SCHED
    SCHEDS,
};

/* What a turn costs, besides the instructions that the guest has retired in it. */
enum sched_charge {
    SCHED_CHARGE_INSNS, /* nothing */
    SCHED_CHARGE_EXITS, /* a price for each exit */
    SCHED_CHARGE_HOST,  /* it costs host time instead, that of guest and monitor, in ns */
    SCHED_CHARGES,
};

/* In instructions: what a CSR access that is emulated takes on the engine `jit`, about. */
#define SCHED_EXIT_PRICE 250u
#define SCHED_EXIT_PRICE_MOST 1000000u

struct sched {
    uint8_t kind;        /* enum sched_kind */
    uint8_t charge;      /* enum sched_charge */
    uint32_t exit_price; /* an exit shortens a turn by so many instructions; 0: nothing */
    uint64_t clock; /* the machine's time: what all turns have cost, and how long it idled */
    uint64_t
        host_seen;   /* with SCHED_CHARGE_HOST, the host's clock at the last look; 0: never */
    uint64_t pass;   /* stride: of the VM that ran last; BVT: the smallest of all */
    uint64_t random; /* lottery: the generator */
    uint64_t turns;  /* credit: so many so far */
    uint64_t paid;   /* credit: when credits were given out last */
};

/* With SCHED_CHARGE_HOST: a turn that would take longer has fewer instructions the next time. */
#define SCHED_HOST_TURN_NS 2000000u

struct sched_account {
    bool wants;      /* at the last look it could run... */
    bool ready;      /* ...and its cap allowed it */
    uint64_t pass;   /* stride, BVT: virtual time */
    uint64_t favour; /* BVT: what it may still run on borrowed time; credit: 1: it goes first */
    uint64_t
        tickets;     /* lottery: each share counts so many times more, in 1/1024; 0: as it is */
    int64_t credit;  /* credit */
    uint64_t turn;   /* credit: the number of its last turn */
    uint64_t capped; /* the machine's time from which on its cap lets it run */
    uint64_t reserved; /* before that time its reservation has been met */
    uint64_t paced;    /* instructions that its next turn may have, by its last; 0: a slice */
};

#endif
