/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * saver.h - --save: when a run is written to a snapshot. Its format is left to tools/snapshot.
 */
#ifndef PZ_TOOLS_RUN_SAVER_H
#define PZ_TOOLS_RUN_SAVER_H

#include "tools/host/host.h"
#include "tools/run/profile.h"
#include "tools/snapshot/snapshot.h"

struct saver {
    const struct options *options;
    struct machine *machine;
    struct session *session;
    struct recorder *recorder;
    bool done;
    bool due; /* the place was the end of a turn: as soon as that is over for everybody */
    uint64_t retired; /* by VM 0, when it was saved */
    bool leaving;     /* the run goes no further: only the file will have what it has done */
    struct snapshot_figures figures;
    enum pz_err err; /* of saving; the run goes on, and this is told at its end */
    struct problem problem;
};

/* The machine is made, and restored if it is to be. */
enum pz_err saver_open(struct saver *saver, const struct options *options,
                       struct machine *machine, struct session *session,
                       struct recorder *recorder, struct problem *problem) PZ_MUST_CHECK;

/*
 * As profile_run(): one turn. Or a part of one, up to --save-at, where the machine is saved: then
 * `*ran` is NULL, and the next call goes on with the turn.
 */
enum vmm_status saver_run(struct saver *saver, struct profile *profile, struct vm **ran);

/* The run is left, or over: save what is left, tell people, and say what went wrong. */
enum pz_err saver_close(struct saver *saver, struct problem *problem) PZ_MUST_CHECK;

/*
 * saver_close() has failed: would the machine be lost, where the host may yet have room for it? Try
 * it once more.
 */
bool saver_holds(const struct saver *saver);
enum pz_err saver_again(struct saver *saver, struct problem *problem) PZ_MUST_CHECK;

#endif
