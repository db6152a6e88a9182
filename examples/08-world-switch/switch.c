/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * switch.c - a faulty world switch. Guests run, most of the time. README.md says what to look
 * for.
 *
 * `cpu` is the CPU that all VMs share; `vcpu` is one VM's virtual CPU, where the monitor keeps
 * its state while the guest does not run. The two functions are called before and after every
 * stay on the CPU, also when the same VM resumes after an exit: in between, the monitor may
 * have changed the virtual CPU, and another VM may have used the real one.
 */
#include "vmm/parts.h"

#define REGISTERS 31 /* x1 to x31; x0 needs no copy */

static void copy(struct hart *to, const struct hart *from)
{
    to->pc = from->pc;
    for (unsigned i = 1; i < REGISTERS; i++)
        to->x[i] = from->x[i];
}

/* The guest is about to run. */
void part_load_world(struct hart *cpu, const struct hart *vcpu)
{
    copy(cpu, vcpu);
}

/* The guest has run. */
void part_save_world(struct hart *vcpu, const struct hart *cpu)
{
    copy(vcpu, cpu);
}
