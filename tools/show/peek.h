/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * peek.h - a hart's memory as the hart itself would see it now, for tools that observe it: reading
 * has no side effects, sets no accessed bit and attaches no page.
 */
#ifndef PZ_TOOLS_SHOW_PEEK_H
#define PZ_TOOLS_SHOW_PEEK_H

#include "vmm/board/bare.h"
#include "vmm/vmm.h"

struct peek {
    const struct hart *hart;
    struct phys phys;
};

struct peek peek_vm(struct vm *vm);
struct peek peek_bare(const struct bare *bare);

/* The byte at a virtual address, and what follows up to its page's end; NULL: none there. */
const uint8_t *peek_at(struct peek *peek, uint32_t va, enum access access);

/* A word of data at any address. False: not all of it is there. */
bool peek_word(struct peek *peek, uint32_t va, uint32_t *word) PZ_MUST_CHECK;

/* The bits of an instruction. False: not all of it is there. */
bool peek_insn(struct peek *peek, uint32_t va, uint32_t *raw) PZ_MUST_CHECK;

#endif
