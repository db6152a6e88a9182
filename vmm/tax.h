/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tax.h - chooses the VM that loses memory when memory is short: the idle-memory tax (Waldspurger,
 * Memory Resource Management in VMware ESX Server, 2002, section 5.2). Memory is taken from the VM
 * that pays the fewest shares per page, where an idle page costs more than an active one.
 */
#ifndef PZ_VMM_TAX_H
#define PZ_VMM_TAX_H

#include <stdbool.h>
#include <stdint.h>

#define TAX_RATE_DEFAULT 75u /* percent, as in ESX Server: a VM keeps 1/4 of its idle memory */
#define TAX_RATE_MOST 99u

struct tax_claim {
    uint32_t shares; /* 1 or more */
    uint32_t pages;  /* that it holds... */
    uint32_t active; /* ...and those of them in use */
};

#define TAX_NOBODY UINT32_MAX

/* The claim that loses a page next, with a tax of `rate` percent; TAX_NOBODY: none holds a page. */
uint32_t tax_next(const struct tax_claim *claims, uint32_t count, uint32_t rate);

#endif
