/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vm.h - Sv32 page tables: the kernel's own half, and user halves that come and go.
 * A table is named by the kernel's address of its root.
 */
#ifndef MINI_VM_H
#define MINI_VM_H

#include <stdbool.h>
#include <stdint.h>

#include "riscv.h"

/* Replace the boot code's rough mapping by the kernel's own; ram_end is a physical address. */
void vm_init(uint32_t ram_end);

/*
 * Map a page of a device's registers, for all address spaces: before there are any. NULL: no
 * memory, or RAM is where they would be.
 */
volatile uint8_t *vm_map_device(uint32_t pa);

/* An address space with nothing but the kernel in it, or NULL. */
pte_t *vm_new(void);

/* Free the user half: its pages, tables and root. It must not be in use (vm_activate). */
void vm_free(pte_t *root);

/* Translate by this table from now on; NULL means by the kernel's own. */
void vm_activate(pte_t *root);

/* The entry for a user page; NULL if there is no table for it, or no memory to make one. */
pte_t *vm_find(pte_t *root, uint32_t va);
pte_t *vm_find_or_make(pte_t *root, uint32_t va);

/* The page that a valid entry maps. */
void *pte_page(pte_t pte);
pte_t pte_make(const void *page, uint32_t flags);

/*
 * Give `to` the pages that `from` has in [start, end), copy on write. The caller fences (pv.h).
 * False: out of memory.
 */
bool vm_share(pte_t *from, pte_t *to, uint32_t start, uint32_t end);

/* Free the user pages in [start, end). The caller fences. */
void vm_unmap(pte_t *root, uint32_t start, uint32_t end);

/* How many user pages are present. */
uint32_t vm_count_pages(pte_t *root);

#endif
