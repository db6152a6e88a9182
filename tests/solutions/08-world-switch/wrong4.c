/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrong4.c - exercise 08: everything is copied, the CPU's mode too; it is always user mode. */
#include "vmm/parts.h"

void part_load_world(struct hart *cpu, const struct hart *vcpu)
{
    *cpu = *vcpu;
}

void part_save_world(struct hart *vcpu, const struct hart *cpu)
{
    *vcpu = *cpu;
}
