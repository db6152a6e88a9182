/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hybrid.c - wrong: a hybrid monitor for every broken instruction set, and theorem 3 is not asked.
 */
#include "isa/variant.h"
#include "vmm/parts.h"

bool part_interprets(const struct vm *vm)
{
    return vm->variant.set && vm->cpu->hart.mode == HART_SUPERVISOR;
}
