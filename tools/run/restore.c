/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * restore.c - `pz restore` and `pz clone`: go on with what pz run --save has written. What a guest
 * can see is the file's, how it is run the command line's.
 */
#include <stdlib.h>
#include <unistd.h>

#include "tools/control/control.h"
#include "tools/run/live.h"
#include "tools/run/run.h"

#define CLONES_DEFAULT 2u

/* A recording has one length of turns, and one end. */
static bool is_recorded_so(const struct options *options, const struct options *saved)
{
    return !options->record || (options->slices[0] == saved->slices[0] &&
                                options->slice_count == saved->slice_count &&
                                options->max_insns == saved->max_insns);
}

/* Other networks may be at the other ends of the cards' cables; cards do not come and go. */
static bool has_cards_of(const struct options *options, const struct options *saved)
{
    for (unsigned vm = 0; vm < options->vms; vm++)
        if (options_has_net(options, vm) != options_has_net(saved, vm))
            return false;
    return true;
}

enum pz_err live_check(const struct options *options, const struct options *saved,
                       struct problem *problem)
{
    if (options->nets.count > options->vms)
        return problem_set(problem, PZ_USAGE, "--net: more of them than VMs that continue");
    if (!options->clones && !has_cards_of(options, saved))
        return problem_set(problem, PZ_USAGE,
                           "--net: a VM that goes on has a network card if it had one, and "
                           "then one --net");
    if (options->clones && options->nets.count && !saved->nets.count)
        return problem_set(problem, PZ_USAGE,
                           "--net: the VM that is cloned has no network card");
    if (!is_recorded_so(options, saved))
        return problem_set(problem, PZ_USAGE,
                           "--record goes on with a recording: without another --slice and "
                           "--max-insns");
    if (options->inputs.count > options->vms)
        return problem_set(problem, PZ_USAGE, "--input: more of them than VMs that continue");
    if (options->focus >= options->vms)
        return problem_set(problem, PZ_USAGE, "--focus: there is no such VM");
    return PZ_OK;
}

enum pz_err command_restore(const struct options *given, struct problem *problem)
{
    struct snapshot_file file;
    struct options options;
    enum pz_err err = snapshot_open(&file, given->kernels.at[0], problem);

    if (!err) {
        options = snapshot_options(&file.head.options, given);
        err = live_check(&options, &file.head.options, problem);
    }
    file.lazily = !options.record && !options.share;
    if (!err)
        err = live_run(&options, &(struct live_start){.snapshot = &file}, problem);
    snapshot_close(&file);
    return err;
}

/* A run is saved for this, and goes on: the file is gone when it has been opened. */
static enum pz_err open_run(struct snapshot_file *file, const char *name,
                            struct problem *problem)
{
    char path[RUNTIME_PATH + RUNTIME_TEMPORARY];
    enum pz_err err = control_save_temporary(name, path, problem);

    if (err)
        return err;
    err = snapshot_open(file, path, problem);
    (void)unlink(path);
    free(file->path);
    file->path = strdup(name);
    return err || file->path ? err : problem_memory(problem, "a name");
}

/* A path that leads to no file is a file that is missing, not the name of a run. */
static bool names_run(const char *what)
{
    return access(what, F_OK) && (!strchr(what, '/') || !strncmp(what, "unix:", 5));
}

/* One VM had turns of the usual length: so many have what is usual for them. */
static void fit_slice(struct options *options, const struct options *given)
{
    if (!given->slice_count && options->slices[0] == machine_slice(1))
        options->slices[0] = machine_slice((unsigned)options->vms);
}

enum pz_err command_clone(const struct options *given, struct problem *problem)
{
    const char *what = given->kernels.at[0];
    struct snapshot_file file = {.frames = {.fd = -1}};
    struct options options;
    enum pz_err err =
        names_run(what) ? open_run(&file, what, problem) : snapshot_open(&file, what, problem);

    if (!err) {
        options = snapshot_options(&file.head.options, given);
        err = snapshot_clone_options(&file, given->clones ? given->clones : CLONES_DEFAULT,
                                     &options, problem);
        fit_slice(&options, given);
    }
    if (!err)
        err = live_check(&options, &file.head.options, problem);
    if (!err)
        err = live_run(&options, &(struct live_start){.snapshot = &file}, problem);
    snapshot_close(&file);
    return err;
}
