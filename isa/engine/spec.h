/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spec.h - the engine `spec`: isa/exec.c in a loop. The reference for all other engines, which also
 * use it where their own CPU cannot run (tails of budgets, rare instructions).
 */
#ifndef PZ_ISA_ENGINE_SPEC_H
#define PZ_ISA_ENGINE_SPEC_H

#include "isa/decode.h"
#include "isa/engine/ops.h"

#define SPEC_MEMO 1024u /* a power of two */

struct spec {
    struct engine engine;
    struct insn memo[SPEC_MEMO]; /* cache of decoded instructions, by their bits */
};

/*
 * Make the engine for RAM of `size` bytes, a multiple of the page size, at physical address `base`.
 */
void spec_init(struct spec *spec, uint8_t *ram, uint64_t base, uint64_t size);

/* decode_insn(), cached. */
static inline const struct insn *spec_decode(struct spec *spec, uint32_t raw)
{
    uint32_t key = insn_is_wide(raw) ? raw : raw & 0xffff;
    struct insn *slot = &spec->memo[(key >> 2 ^ key >> 12 ^ key >> 20) & (SPEC_MEMO - 1)];

    if (slot->raw != key || slot->len == 0)
        *slot = decode_insn(key);
    return slot;
}

#endif
