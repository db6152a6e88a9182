/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hybrid.c - wrong: a broken instruction set is interpreted as a whole, whether theorem 3 holds
 * or not.
 */
#include "isa/variant.h"
#include "vmm/parts.h"

bool part_interprets(const struct vm *vm)
{
    return vm->variant.set != 0;
}
