/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sret.c - your work: what the monitor does when its guest executes SRET. README.md describes
 * the task. This starter returns from every trap, but always in the same mode.
 */
#include "isa/csr.h"
#include "vmm/parts.h"

/*
 * `hart` is the virtual CPU. True: it has returned from its trap, and hart->pc is where it
 * went. False: SRET itself traps, and `*trap` is the trap to inject into the guest.
 */
bool part_sret(struct hart *hart, const struct insn *insn, struct trap *trap)
{
    (void)insn;
    (void)trap;
    hart->pc = hart->sepc;
    return true;
}
