/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tax.h - whose memory is taken when memory is short: the idle-memory tax (Waldspurger, Memory
 * Resource Management in VMware ESX Server, 2002, section 5.2). Memory goes from the VM that pays
 * least for it: per page so many shares, where an idle page costs more than one in use.
 */
#ifndef PZ_VMM_TAX_H
#define PZ_VMM_TAX_H

#include <stdbool.h>
#include <stdint.h>

#define TAX_RATE_DEFAULT 75u /* percent, as in ESX Server: of idle memory, 1/4 may be kept */
#define TAX_RATE_MOST 99u

struct tax_claim {
    uint32_t shares; /* 1 or more */
    uint32_t pages;  /* that it has... */
    uint32_t active; /* ...of which it uses so many */
};

#define TAX_NOBODY UINT32_MAX

/* Which of them loses a page next, with a tax of `rate` percent; TAX_NOBODY: none has any. */
uint32_t tax_next(const struct tax_claim *claims, uint32_t count, uint32_t rate);

#endif
