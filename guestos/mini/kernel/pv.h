/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pv.h - what the kernel does differently when it knows that it runs in a virtual machine: a table
 * of operations, chosen at boot. Those of a computer are in pv.c, privileged instructions; those
 * of Page Zero's monitor in para.c, hypercalls.
 */
#ifndef MINI_PV_H
#define MINI_PV_H

#include <stdbool.h>
#include <stdint.h>

#include "riscv.h"

struct pv_ops {
    void (*start)(void); /* on each CPU, before its first process */

    /* Translate by this table, and forget what was kept of another in its place. */
    void (*activate)(pte_t *root);

    /*
     * Write the entry of the page at va, in the table that we translate by. Until the next fence it
     * may be that nobody sees it, us included.
     */
    void (*change)(pte_t *pte, pte_t value, uint32_t va);
    void (*fence)(void);

    /* Write the entry of the page at va, and forget what was kept of it. */
    void (*map)(pte_t *pte, pte_t value, uint32_t va);

    /* Wait for an interrupt, and take those that are pending: else they are off. */
    void (*idle)(void);

    void (*process_start)(void); /* where a new process starts: trapentry.S, paraentry.S */
};

extern struct pv_ops pv;
extern const struct pv_ops para_ops; /* para.c */

/* The monitor's operations, if it offers them. */
void pv_init(bool offered);

#endif
