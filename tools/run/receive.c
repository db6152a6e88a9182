/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * receive.c - `pz receive`: waits for the machine of a pz migrate, and goes on with it. What a
 * guest can see is the source's, how it is run the command line's.
 */
#include "tools/run/live.h"
#include "tools/run/run.h"

enum pz_err command_receive(const struct options *given, struct problem *problem)
{
    struct target target;
    struct options options;
    enum pz_err err = target_open(&target, given->kernels.at[0], problem);

    if (!err) {
        options = live_options(&target.head.options, given);
        err = live_check(&options, problem);
    }
    if (!err)
        err = live_run(&options, &(struct live_start){.target = &target}, problem);
    target_close(&target);
    return err;
}
