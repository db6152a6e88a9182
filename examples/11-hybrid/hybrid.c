/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hybrid.c - your work: which part of a guest runs on the interpreter, and which on the CPU?
 * README.md describes the task. This starter runs everything on the CPU, as the plain monitor
 * does.
 */
#include "isa/variant.h"
#include "vmm/parts.h"

/*
 * Called before every stay of the guest on the CPU, and by the interpreter before every
 * instruction.
 *
 * vm->cpu->hart.mode the virtual mode: HART_SUPERVISOR or HART_USER
 * vm->variant.set    the CPU's broken instruction sets: bit k is set if it has variant k
 * variant_desc(k)    what is known of variant k, for k < VARIANT_COUNT: its name, and theorem1 and
 *                    theorem3, true where the theorem holds
 *
 * True: the next instruction is interpreted, on the virtual CPU. False: the guest runs on the
 * real CPU.
 */
bool part_interprets(const struct vm *vm)
{
    (void)vm;
    return false;
}
