/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.h - a machine in a file: all that its guests can see, and whose turn it is. Nothing of the
 * monitor is in it, so that it goes on under any engine, shadow policy and technique. A line that
 * identifies the file, then sections, which are frames as in a recording
 * (tools/travel/recording_file.h):
 *
 *    "pz-saved 1\n"  head  turn  (vmst inpt)*  page*  indx*  done
 *
 *    head   the machine: options, what identifies its kernels, what is on its disks
 *    turn   whose turn it is
 *    vmst   a VM's registers and devices (state.h)
 *    inpt   what it has not read yet of its console's input
 *    page   up to 64 pages, none of them zero, no two in the file equal
 *    indx   of a VM: which of these pages is where in its memory; the others are zero
 *    done   a hash of all that guests can see
 */
#ifndef PZ_TOOLS_SNAPSHOT_FILE_H
#define PZ_TOOLS_SNAPSHOT_FILE_H

#include "tools/host/host.h"
#include "tools/travel/travel.h"

#define SNAPSHOT_MAGIC "pz-saved 1\n"

/* A snapshot that has been opened: what machine it is, and the rest of the file. */
struct snapshot_file {
    struct recording head; /* of which options, VMs and hashes count */
    struct frames frames;
};

/* Figures of one that was written or read, for people. */
struct snapshot_figures {
    uint64_t pages;   /* attached to guests */
    uint64_t stored;  /* of these, in the file */
    uint64_t bytes;   /* of the file */
    uint64_t took_ns; /* host time */
};

/*
 * Write the machine, between two turns or within one, under a temporary name; and only when all of
 * it has reached the disk does it get its own. `session` has the consoles' input. A file that was
 * there before stays if anything fails.
 */
enum pz_err snapshot_save(const char *path, const struct options *options,
                          struct machine *machine, const struct session *session,
                          struct snapshot_figures *figures,
                          struct problem *problem) PZ_MUST_CHECK;

/*
 * Read what machine it is: file->head.options are those of machine_open(). To be closed whatever
 * comes back.
 */
enum pz_err snapshot_open(struct snapshot_file *file, const char *path,
                          struct problem *problem) PZ_MUST_CHECK;
void snapshot_close(struct snapshot_file *file);

/*
 * Bring a machine made of these options, not yet run, to the saved state. Whatever the file says is
 * checked before it counts. `session`: its consoles' input goes on, unless `inputs` are given anew;
 * NULL: it is dropped.
 */
enum pz_err snapshot_restore(struct snapshot_file *file, struct machine *machine,
                             struct session *session, bool inputs,
                             struct snapshot_figures *figures,
                             struct problem *problem) PZ_MUST_CHECK;

#endif
