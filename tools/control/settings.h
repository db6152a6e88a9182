/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * settings.h - what can be changed of a VM while it runs: its part of the machine, how fast its
 * devices are, and how much of its memory and of its CPUs the guest is asked to make do with.
 */
#ifndef PZ_TOOLS_CONTROL_SETTINGS_H
#define PZ_TOOLS_CONTROL_SETTINGS_H

#include "tools/host/host.h"

/*
 * Change VM `k`, or all VMs, as the fields of a request say. What is wrong, and nothing changed;
 * NULL: nothing is.
 */
const char *settings_change(struct machine *machine, bool all, unsigned k,
                            const json_t *fields);

/* What they are, added to an object. */
void settings_put(const struct vm *vm, json_t *object);

/* Add the words KEY=VALUE of a command line to a request. */
enum pz_err settings_read(const struct words *words, unsigned first, json_t *request,
                          struct problem *problem) PZ_MUST_CHECK;

#endif
