/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bill.h - prices, and what a VM owes by them. A file of prices, by the names of meters:
 *
 *     {"currency": "EUR", "prices": {"instructions": 2e-10, "page_virtual_seconds": 1e-9}}
 */
#ifndef PZ_TOOLS_CONTROL_BILL_H
#define PZ_TOOLS_CONTROL_BILL_H

#include "tools/control/meter.h"

#define BILL_CURRENCY 16u

struct bill {
    bool has; /* there are prices */
    char currency[BILL_CURRENCY];
    double prices[METER_FIGURES]; /* of one unit; 0: nothing is charged */
};

/* `path` NULL: no prices, and so no bills. */
enum pz_err bill_read(struct bill *bill, const char *path,
                      struct problem *problem) PZ_MUST_CHECK;

/* What a VM owes: for what is the same in every run, or for what the host measured. */
double bill_sum(const struct bill *bill, const struct meters *meters, unsigned vm, bool host);

/* The bill of one VM, item by item; NULL: there are no prices. */
json_t *bill_json(const struct bill *bill, const struct meters *meters, unsigned vm);

/* Those of all VMs, as a table. */
void bill_print(FILE *out, const struct bill *bill, const struct meters *meters);

#endif
