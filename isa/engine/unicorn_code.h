/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unicorn_code.h - a copy of the code that the library has translated. The library does not
 * notice every store to such code (2.1.4: of several stores to a page it reliably sees only the
 * first), so the bytes it was translated from are kept, and compared after FENCE.I. Blocks are in
 * unicorn_blocks.h.
 */
#ifndef PZ_ISA_ENGINE_UNICORN_CODE_H
#define PZ_ISA_ENGINE_UNICORN_CODE_H

#include "isa/phys.h"

#define CODE_LINE 64u /* bytes: code is kept and compared in lines of this size */

struct code_page {
    struct code_page *next;
    uint64_t pa;
    uint64_t kept; /* a bit per line: something was translated from it */
    uint8_t was[PAGE_SIZE];
};

struct code {
    struct phys *phys;
    struct code_page **pages; /* by physical page; NULL where no code has been */
    struct code_page *list;   /* all of them */
};

/* False: out of memory. */
bool code_init(struct code *code, struct phys *phys) PZ_MUST_CHECK;
void code_fini(struct code *code);

/*
 * [pa, pa + len), which lies in one page of RAM, is being translated. False: something else was
 * translated from these lines before, which has to go, or there is no memory to keep them.
 */
bool code_note(struct code *code, uint64_t pa, uint32_t len) PZ_MUST_CHECK;

/* Has anything been translated from the lines of [pa, pa + len)? All of it is RAM. */
bool code_holds(const struct code *code, uint64_t pa, uint64_t len);

/* Nothing translated from the lines of [pa, pa + len) remains. */
void code_forgotten(struct code *code, uint64_t pa, uint64_t len);

/* Find a line that has changed since it was translated. False: there is none. */
bool code_find_changed(const struct code *code, uint64_t *pa) PZ_MUST_CHECK;

#endif
