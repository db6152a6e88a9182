/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched_account.h - the state of schedulers: for the machine, and for each VM. Some fields belong
 * to one scheduler. This state alone determines whose turn is next.
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

/* What a turn is charged, besides the instructions that the guest has retired in it. */
enum sched_charge {
    SCHED_CHARGE_INSNS, /* nothing */
    SCHED_CHARGE_EXITS, /* a price for each exit */
    SCHED_CHARGE_HOST,  /* instead of instructions: host time of guest and monitor, in ns */
    SCHED_CHARGES,
};

/* In instructions: roughly the cost of an emulated CSR access on the engine `jit`. */
#define SCHED_EXIT_PRICE 250u
#define SCHED_EXIT_PRICE_MOST 1000000u

struct sched {
    uint8_t kind;        /* enum sched_kind */
    uint8_t charge;      /* enum sched_charge */
    uint32_t exit_price; /* instructions by which an exit shortens a turn; may be 0 */
    uint64_t clock;      /* the machine's time: the cost of all turns, plus idle time */
    uint64_t host_seen;  /* SCHED_CHARGE_HOST: the host's clock when last read; 0: never */
    uint64_t pass;       /* stride: of the VM that ran last; BVT: the smallest of all */
    uint64_t random;     /* lottery: state of the generator */
    uint64_t turns;      /* credit: turns so far */
    uint64_t paid;       /* credit: when credits were given out last */
};

/* With SCHED_CHARGE_HOST: a turn that takes longer makes the VM's next turn shorter. */
#define SCHED_HOST_TURN_NS 2000000u
/* The monitor never works longer without reading the clock, unless this process is stopped. */
#define SCHED_HOST_STEP_MOST 1000000000u

struct sched_account {
    bool wants;        /* it could run when last checked... */
    bool ready;        /* ...and its cap allowed it */
    uint64_t pass;     /* stride, BVT: virtual time */
    uint64_t favour;   /* BVT: borrowed time left; credit: 1: it goes first */
    uint64_t tickets;  /* lottery: compensation, a factor in 1/1024; 0: none */
    int64_t credit;    /* credit */
    uint64_t turn;     /* credit: the number of its last turn */
    uint64_t capped;   /* its cap tag: the machine's time from which it may run */
    uint64_t reserved; /* its reservation tag: the reservation is met until then */
    uint64_t paced;    /* length of its next turn in instructions; 0: a slice */
};

#endif
