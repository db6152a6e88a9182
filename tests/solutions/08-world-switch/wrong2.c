/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrong2.c - exercise 08: every reservation is lost, as where a kernel switches its processes. */
#include "vmm/parts.h"

static void copy(struct hart *to, const struct hart *from)
{
    to->pc = from->pc;
    for (unsigned i = 1; i < 32; i++)
        to->x[i] = from->x[i];
}

void part_load_world(struct hart *cpu, const struct hart *vcpu)
{
    copy(cpu, vcpu);
    cpu->reservation.valid = false;
}

void part_save_world(struct hart *vcpu, const struct hart *cpu)
{
    copy(vcpu, cpu);
}
