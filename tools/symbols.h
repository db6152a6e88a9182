/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * symbols.h - names for a kernel's addresses, out of its ELF symbol table. A kernel without one,
 * or with a damaged one, simply has no names: nothing depends on them.
 */
#ifndef PZ_TOOLS_SYMBOLS_H
#define PZ_TOOLS_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbol {
    uint32_t address, size;
    const char *name; /* in the file's bytes, terminated */
};

struct symbols {
    struct symbol *list; /* by address */
    size_t count;
};

/* `bytes` must outlive the symbols. */
void symbols_load(struct symbols *symbols, const uint8_t *bytes, size_t len);
void symbols_free(struct symbols *symbols);

/* The function that `address` is in, and how far; NULL for none. */
const char *symbols_find(const struct symbols *symbols, uint32_t address, uint32_t *offset);

#endif
