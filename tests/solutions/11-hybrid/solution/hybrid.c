/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hybrid.c - the interpreter's share: the least that the worst of the CPU's variants allows.
 */
#include "isa/variant.h"
#include "vmm/parts.h"

bool part_interprets(const struct vm *vm)
{
    bool theorem1 = true, theorem3 = true;

    for (unsigned k = 0; k < VARIANT_COUNT; k++) {
        if (!(vm->variant.set >> k & 1))
            continue;
        theorem1 &= variant_desc((enum variant_id)k)->theorem1;
        theorem3 &= variant_desc((enum variant_id)k)->theorem3;
    }
    if (theorem1)
        return false;
    return !theorem3 || vm->cpu->hart.mode == HART_SUPERVISOR;
}
