/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.h - verbs that run guests or look at what runs left behind; profiles; runs
 * that are gone through once more (playback.h).
 * Other directories include only this header of this one.
 */
#ifndef PZ_TOOLS_RUN_RUN_H
#define PZ_TOOLS_RUN_RUN_H

#include "tools/host/host.h"
#include "tools/run/playback.h"
#include "tools/run/profile.h"
#include "tools/run/profile_functions.h"
#include "tools/run/profile_report.h"

/* The verbs. */
enum pz_err command_run(const struct options *options, struct problem *problem);
enum pz_err command_restore(const struct options *options, struct problem *problem);
enum pz_err command_clone(const struct options *options, struct problem *problem);
enum pz_err command_receive(const struct options *options, struct problem *problem);
enum pz_err command_bare(const struct options *options, struct problem *problem);
enum pz_err command_debug(const struct options *options, struct problem *problem);
enum pz_err command_replay(const struct options *options, struct problem *problem);
enum pz_err command_diff(const struct options *options, struct problem *problem);
enum pz_err command_bisect(const struct options *options, struct problem *problem);
enum pz_err command_trace(const struct options *options, struct problem *problem);
enum pz_err command_map(const struct options *options, struct problem *problem);
enum pz_err command_translate(const struct options *options, struct problem *problem);
enum pz_err command_disk(const struct options *options, struct problem *problem);
enum pz_err command_new_kernel(const struct options *options, struct problem *problem);
enum pz_err command_doctor(const struct options *options, struct problem *problem);
enum pz_err command_version(const struct options *options, struct problem *problem);

/* Debug the recording that is the one file of the command line, for pz debug and pz replay. */
enum pz_err debug_recording(const struct options *options,
                            struct problem *problem) PZ_MUST_CHECK;

#endif
