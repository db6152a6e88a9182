/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * smp.h - the other CPUs of the computer.
 */
#ifndef MINI_SMP_H
#define MINI_SMP_H

#include <stdint.h>

struct machine;

/* Find the others in the device tree's list, and start them: each enters the scheduler. */
void smp_init(const struct machine *m, uint32_t boot_hart);
void smp_start_others(void);

/* At each tick: how many does the host want? Those that it wants again are started. */
void smp_tick(void);

#endif
