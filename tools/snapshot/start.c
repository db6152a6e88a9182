/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * start.c - with a snapshot as its beginning, a machine for who looks at it: its options, and how
 * it gets there. Machines that run with their consoles are left to tools/run/.
 */
#include <string.h>

#include "tools/snapshot/file.h"

struct options snapshot_options(const struct options *saved, const struct options *given)
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
    if (!given->nets.count)
        options.nets = saved->nets;
    options.virtio = saved->virtio;
    options.console = saved->console;
    options.rng_seed = saved->rng_seed;
    options.has_balloon = saved->has_balloon;
    options.balloon = saved->balloon;
    memcpy(options.rates, saved->rates, sizeof options.rates);
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

/* ---- Where it begins ---- */

static enum pz_err go_to_saved(void *owner, struct machine *machine, struct problem *problem)
{
    struct snapshot_figures figures;

    return snapshot_restore(owner, machine, NULL, false, &figures, problem);
}

/* Standard input is the debugger's own. */
static bool saved_input(void *owner, unsigned vm, struct input *input)
{
    struct snapshot_file *file = owner;

    file->vms[vm].input.from_stdin = false;
    return snapshot_input(file, vm, input, !file->vms[vm].input.no_keys);
}

struct options_start snapshot_start(struct snapshot_file *file)
{
    return (struct options_start){go_to_saved, saved_input, file};
}
