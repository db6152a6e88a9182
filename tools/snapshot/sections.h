/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sections.h - what file.c, restore.c, clone.c and save.c share: reading sections, and bringing
 * them into VMs.
 */
#ifndef PZ_TOOLS_SNAPSHOT_SECTIONS_H
#define PZ_TOOLS_SNAPSHOT_SECTIONS_H

#include "tools/snapshot/format.h"

/* Registers and devices of VM `k` of the file, for a VM that has not run. */
enum pz_err section_state(struct snapshot_file *file, unsigned k, struct vm *vm,
                          struct problem *problem) PZ_MUST_CHECK;

/* Its network card's part of the host, for VM `vm` of the networks; NULL: passed over. */
enum pz_err section_net(struct snapshot_file *file, unsigned k, struct nets *nets, unsigned vm,
                        struct problem *problem) PZ_MUST_CHECK;

/* Whose turn it is, and the VMs; head.count says how many. To be given up whatever comes back. */
enum pz_err section_read_states(struct snapshot_file *file) PZ_MUST_CHECK;
void section_free_states(struct snapshot_file *file);

/* What is not in the file has to be what it was: disks of the first `vms` VMs. */
enum pz_err section_disks(const struct snapshot_file *file, struct machine *machine,
                          unsigned vms, struct problem *problem) PZ_MUST_CHECK;

/* The problem of saving clones whose writes to disks are nowhere. */
enum pz_err section_no_disks(struct problem *problem);

/* The machine has its state: clocks, counts and limits go on from there. */
void section_go_on(struct machine *machine, struct session *session);

#endif
