/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * symbols.h - names for a kernel's addresses, out of its ELF symbol table. A kernel without one,
 * or with a damaged one, simply has no names: nothing depends on them.
 */
#ifndef PZ_TOOLS_HOST_SYMBOLS_H
#define PZ_TOOLS_HOST_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbol {
    uint32_t address, size;
    const char *name; /* in the file's bytes, terminated */
    bool runs;        /* it is in a section of code: linkers' labels may be anywhere */
};

struct symbols {
    struct symbol *list; /* of code, by address */
    size_t count;
    struct symbol *data; /* objects, by address: they have names, but name no code */
    size_t data_count;
};

#define SYMBOLS_PARTS 8u

/* Code of an ELF file, in its bytes. */
struct symbols_part {
    uint32_t address, len;
    const uint8_t *bytes;
};

/* The sections that hold code, SYMBOLS_PARTS at the most; how many. */
unsigned symbols_code(const uint8_t *bytes, size_t len,
                      struct symbols_part parts[SYMBOLS_PARTS]);

/* An absolute symbol: a number that a linker script has named. False: there is none. */
bool symbols_number(const uint8_t *bytes, size_t len, const char *name, uint32_t *value);

/* `bytes` must outlive the symbols. */
void symbols_load(struct symbols *symbols, const uint8_t *bytes, size_t len);
/* The kernel is not where it was linked: all addresses are `by` higher, modulo 2^32. */
void symbols_move(struct symbols *symbols, uint32_t by);
void symbols_free(struct symbols *symbols);

/* The function that `address` is in, and how far; NULL for none. */
const char *symbols_find(const struct symbols *symbols, uint32_t address, uint32_t *offset);

/* Is there code at the address: in a section of it, by the symbol that it is in? */
bool symbols_runs(const struct symbols *symbols, uint32_t address);

/* The symbol of this name, a function's or else an object's; NULL for none. */
const struct symbol *symbols_named(const struct symbols *symbols, const char *name, size_t len);

#endif
