/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * receive.c - `pz receive`: waits for the machine of a pz migrate, and goes on with it. What a
 * guest can see is the source's, how it is run the command line's.
 */
#include "tools/control/control.h"
#include "tools/run/live.h"
#include "tools/run/run.h"

enum pz_err command_receive(const struct options *given, struct problem *problem)
{
    struct target target;
    struct options options;
    enum pz_err err = control_check(given, problem);

    if (err)
        return err;
    err = target_open(&target, given->kernels.at[0], problem);
    if (!err) {
        options = snapshot_options(&target.head.options, given);
        err = live_check(&options, &target.head.options, problem);
    }
    if (!err && options.record && target.record &&
        options_same_file(options.record, target.record))
        err = problem_set(problem, PZ_USAGE,
                          "--record: the source writes %.200s still: name another file",
                          options.record);
    if (!err)
        err = live_run(&options, &(struct live_start){.target = &target}, problem);
    target_close(&target);
    return err;
}
