/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrong3.c - exercise 08: whether there is a reservation, but not what is reserved. */
#include "vmm/parts.h"

static void copy(struct hart *to, const struct hart *from)
{
    to->pc = from->pc;
    to->reservation.valid = from->reservation.valid;
    for (unsigned i = 1; i < 32; i++)
        to->x[i] = from->x[i];
}

void part_load_world(struct hart *cpu, const struct hart *vcpu)
{
    copy(cpu, vcpu);
}

void part_save_world(struct hart *vcpu, const struct hart *cpu)
{
    copy(vcpu, cpu);
}
