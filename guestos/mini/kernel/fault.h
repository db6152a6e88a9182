/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fault.h - what a user address may be used for.
 */
#ifndef MINI_FAULT_H
#define MINI_FAULT_H

#include <stdint.h>

/*
 * Make the current process's page at va present with this right (PTE_R, PTE_W or PTE_X), by
 * demand-zero or by copy-on-write if need be. -EFAULT: it has no such right. -ENOMEM.
 */
int fault_resolve(uint32_t va, uint32_t right);

#endif
