/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * restore.c - `pz restore`: goes on with what pz run --save has written. What a guest can see is
 * the file's, how it is run the command line's.
 */
#include "tools/run/live.h"
#include "tools/run/run.h"

/* The file's options, with what the user wants otherwise. */
static struct options merge(const struct options *saved, const struct options *given)
{
    struct options options = *given;

    options.vms = saved->vms;
    options.cpus = saved->cpus;
    options.quantum = saved->quantum;
    options.mem = saved->mem;
    options.ram_base = saved->ram_base;
    options.variants = saved->variants;
    options.no_reboot = saved->no_reboot;
    options.kernels = saved->kernels;
    options.appends = saved->appends;
    options.initrds = saved->initrds;
    options.has_load = saved->has_load;
    options.load = saved->load;
    options.dtb = saved->dtb;
    options.disks = saved->disks;
    options.virtio = saved->virtio;
    options.console = saved->console;
    options.rng_seed = saved->rng_seed;
    options.share_count = saved->share_count;
    memcpy(options.shares, saved->shares, sizeof options.shares);
    if (!given->has_shadow)
        options.shadow = saved->shadow;
    if (!given->has_monitor)
        options.monitor = saved->monitor;
    if (!given->slice_count) {
        options.slice_count = saved->slice_count;
        options.slices[0] = saved->slices[0];
    }
    if (given->max_insns == UINT64_MAX)
        options.max_insns = saved->max_insns;
    return options;
}

static enum pz_err check(const struct options *options, struct problem *problem)
{
    if (options->inputs.count > options->vms)
        return problem_set(problem, PZ_USAGE, "--input: more of them than VMs in the snapshot");
    if (options->focus >= options->vms)
        return problem_set(problem, PZ_USAGE, "--focus: there is no such VM in the snapshot");
    return PZ_OK;
}

enum pz_err command_restore(const struct options *given, struct problem *problem)
{
    struct snapshot_file file;
    struct options options;
    enum pz_err err = snapshot_open(&file, given->kernels.at[0], problem);

    if (!err) {
        options = merge(&file.head.options, given);
        err = check(&options, problem);
    }
    if (!err)
        err = live_run(&options, &file, problem);
    snapshot_close(&file);
    return err;
}
