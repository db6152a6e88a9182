/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * planted.h - an engine with a fault in one row of its instruction set: encodings of that row do
 * something sensitive in user mode, and do not trap. What a classifier has to find. With hardware
 * assistance they do it in non-root mode, and do not leave; what shows something, in root mode too.
 */
#ifndef PZ_TESTS_SUPPORT_PLANTED_H
#define PZ_TESTS_SUPPORT_PLANTED_H

#include "isa/engine/engine.h"

enum planted_fault {
    PLANTED_MODE,                     /* shows the mode */
    PLANTED_SATP,                     /* shows satp */
    PLANTED_PHYSICAL,                 /* shows where the program is */
    PLANTED_SSTATUS,                  /* shows sstatus */
    PLANTED_SCAUSE,                   /* shows scause */
    PLANTED_TIME,                     /* shows the time */
    PLANTED_RAISE,                    /* becomes supervisor */
    PLANTED_SIE,                      /* toggles sstatus.SIE */
    PLANTED_SIE_PAGED,                /* the same, but only when addresses are translated */
    PLANTED_REMAP,                    /* changes satp */
    PLANTED_ENABLE,                   /* toggles sie.STIE */
    PLANTED_WAIT,                     /* waits */
    PLANTED_FENCE,                    /* drops translations */
    PLANTED_POKE,                     /* writes to memory that is not the program's */
    PLANTED_NOTHING,                  /* if privileged: a silent no-operation */
    PLANTED_FAULTS,                   /* the following with assistance only */
    PLANTED_VIRTUAL = PLANTED_FAULTS, /* shows whether it is in non-root mode */
    PLANTED_HGATP,                    /* shows hgatp */
    PLANTED_RAW,   /* loads from the machine's memory, without the second stage */
    PLANTED_CLOCK, /* shows a clock of the host's */
    PLANTED_ALL,
};
const char *planted_name(enum planted_fault fault);

struct planted {
    struct engine engine;
    struct engine *inner;
    uint32_t match, mask;
    enum planted_fault fault;
    bool assist;
    bool worked; /* it has come to the fault */
    uint32_t clock;
    struct trap taken; /* by the guest itself, in the run under way ... */
    bool took;         /* ... if it has */
};

void planted_init(struct planted *planted, struct engine *inner);

#endif
