/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * devices.h - the devices in the slots of each machine, according to the options: disks first, from
 * slot 0 on, then a network card, a console, random numbers. Opens the disks' files, and serves the
 * boards' requests for their bytes.
 */
#ifndef PZ_TOOLS_HOST_DEVICES_H
#define PZ_TOOLS_HOST_DEVICES_H

#include "tools/host/disk.h"
#include "tools/host/options.h"

/* The devices of one machine. Must not move. */
struct devices {
    struct disk disks[BOARD_SLOTS]; /* those of slots 0 to disk_count - 1 */
    unsigned disk_count;
    uint64_t bytes_read, bytes_written; /* by guests, so far */
};

/*
 * Open what machine `vm` of the options has; and then take it for this process. To be closed
 * whatever comes back.
 */
enum pz_err devices_open(struct devices *devices, const struct options *options, unsigned vm,
                         enum disk_keep keep, struct problem *problem) PZ_MUST_CHECK;

enum pz_err devices_start(struct devices *devices, struct problem *problem) PZ_MUST_CHECK;

/* Other processes may take its disks, until devices_start(). False: errno says why. */
bool devices_yield(struct devices *devices) PZ_MUST_CHECK;

/* False: what was written last is not all in a disk's file; errno says why. */
bool devices_close(struct devices *devices) PZ_MUST_CHECK;

/* Fit out a board: before its guest boots. */
void devices_fit(struct devices *devices, const struct options *options, unsigned vm,
                 struct board *board);

/* What is on the disks at a moment, of those that keep a log; and how to be there again. */
struct devices_moment {
    uint64_t at[BOARD_SLOTS];
};
struct devices_moment devices_now(const struct devices *devices);
void devices_go(struct devices *devices, const struct devices_moment *moment);

/* Do two machines use one file in a way that neither could rely on? */
enum pz_err devices_conflict(const struct devices *a, const struct devices *b,
                             struct problem *problem) PZ_MUST_CHECK;

/* Does this option, of several for all VMs, count for machine `vm`? */
bool devices_option_is_for(const struct words *words, unsigned index, uint64_t vms,
                           unsigned vm);

#endif
