/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hybrid.c - wrong: only the first variant of the set is looked at.
 */
#include "isa/variant.h"
#include "vmm/parts.h"

bool part_interprets(const struct vm *vm)
{
    for (unsigned k = 0; k < VARIANT_COUNT; k++)
        if (vm->variant.set >> k & 1)
            return vm->cpu->hart.mode == HART_SUPERVISOR ||
                   !variant_desc((enum variant_id)k)->theorem3;
    return false;
}
