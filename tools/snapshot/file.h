/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.h - a machine in a file: all that its guests can see, and whose turn it is. Nothing of the
 * monitor is in it, so that it goes on under any engine, shadow policy and technique. The file
 * itself is described in format.h.
 */
#ifndef PZ_TOOLS_SNAPSHOT_FILE_H
#define PZ_TOOLS_SNAPSHOT_FILE_H

#include "tools/snapshot/format.h"

/* Figures of one that was written or read, for people. */
struct snapshot_figures {
    uint64_t pages;   /* attached to guests */
    uint64_t stored;  /* of these, in the file */
    uint64_t bytes;   /* of the file */
    uint64_t took_ns; /* host time; of one that was read, since it was opened... */
    uint64_t work_ns; /* ...and the CPU's */
};

/* Does a file begin as a snapshot does, of whatever version? */
bool snapshot_is(const char *path);

/*
 * Write the machine, between two turns or within one, under a temporary name; and only when all of
 * it has reached the disk does it get its own. `session` has the consoles' input. A file that was
 * there before stays if anything fails. If `recorder` (may be NULL) records, the recording goes
 * along. With options->since only those pages are written that the
 * snapshot of that name has not.
 */
enum pz_err snapshot_save(const char *path, const struct options *options,
                          struct machine *machine, const struct session *session,
                          struct recorder *recorder, struct snapshot_figures *figures,
                          struct problem *problem) PZ_MUST_CHECK;

/*
 * Read what machine it is: file->head.options are those of machine_open(). To be closed whatever
 * comes back, after the machine that it was restored to.
 */
enum pz_err snapshot_open(struct snapshot_file *file, const char *path,
                          struct problem *problem) PZ_MUST_CHECK;
void snapshot_close(struct snapshot_file *file);

/*
 * Bring a machine made of these options, not yet run, to the saved state. Whatever the file says is
 * checked before it counts. `session`: its networks go on, and its consoles' input, unless `inputs`
 * are given anew; NULL: both are dropped.
 */
enum pz_err snapshot_restore(struct snapshot_file *file, struct machine *machine,
                             struct session *session, bool inputs,
                             struct snapshot_figures *figures,
                             struct problem *problem) PZ_MUST_CHECK;

/* If it records: the recording goes on with what the file has of it. After snapshot_restore(). */
enum pz_err snapshot_record(const struct snapshot_file *file, struct recorder *recorder,
                            struct machine *machine, struct problem *problem) PZ_MUST_CHECK;

/* The input of VM `k` goes on at a console; the file keeps its own. False: no memory. */
bool snapshot_input(const struct snapshot_file *file, unsigned k, struct input *input,
                    bool keyboard) PZ_MUST_CHECK;

/* If pages that were left in the file could not be read since: why. A VM was ended for it. */
enum pz_err snapshot_failed(const struct snapshot_file *file,
                            struct problem *problem) PZ_MUST_CHECK;

/*
 * The options of a machine that was left, with those of the user's that no guest can see. Its lists
 * are those of both.
 */
struct options snapshot_options(const struct options *saved, const struct options *given);

/* For options->start of a machine of these options: it begins where it was saved, without the
   keyboard. As long as the file is open. */
struct options_start snapshot_start(struct snapshot_file *file);

/*
 * A snapshot of one VM is to become `count`: what its options, as for machine_open(), are then.
 * Not if it is of several, or its VM has ended.
 */
enum pz_err snapshot_clone_options(const struct snapshot_file *file, uint64_t count,
                                   struct options *options,
                                   struct problem *problem) PZ_MUST_CHECK;

/*
 * Bring every VM of a machine made of such options, not yet run, to the saved state. They share its
 * pages; who writes to one gets a copy. None is paused. With options->identity, each but the first
 * has other random numbers to come, and another address of its network card. The rest as for
 * snapshot_restore().
 */
enum pz_err snapshot_clone(struct snapshot_file *file, const struct options *options,
                           struct machine *machine, struct session *session,
                           struct snapshot_figures *figures,
                           struct problem *problem) PZ_MUST_CHECK;

/*
 * All but memory, as sections without a file around them: whose turn it is, registers, devices,
 * input and network of each VM, and where its recording stands (`recorder` may be NULL). For who
 * moves memory otherwise. False: errno says why.
 */
bool snapshot_write_state(FILE *file, struct machine *machine, const struct session *session,
                          struct recorder *recorder) PZ_MUST_CHECK;

/*
 * And back: `session` NULL drops the input and the networks. Memory, and what was recorded, have to
 * be there already, or to come.
 */
enum pz_err snapshot_read_state(const struct frames *frames, struct machine *machine,
                                struct session *session, struct recorder *recorder, bool inputs,
                                struct problem *problem) PZ_MUST_CHECK;

#endif
