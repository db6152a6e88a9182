/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * diff.c - `pz diff`: the first instruction of each VM after which two recorded runs are no
 * longer the same, by bisection over its retired counts. A VM's own retired count identifies a
 * place in its run whatever other VMs do, so each VM is compared separately. Input and output
 * up to a place count as well as the state there, so two runs that have diverged do not look
 * equal again.
 */
#include "tools/run/diff.h"

#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/run/run.h"

/* All that is compared of a VM at one place. */
struct mark {
    uint64_t retired, state, printed, typed;
};

static uint64_t mixed(uint64_t a, uint64_t b)
{
    const uint64_t pair[] = {a, b};

    return statehash_bytes(pair, sizeof pair);
}

/* The typed input that the VM has read. */
static uint64_t typed(const struct playback *side, unsigned vm, uint64_t retired)
{
    const struct recording_list *list = &side->recording.lists[RECORDING_INPUTS];
    const struct recording_input *rows = recording_inputs(list);
    uint64_t hash = 0;

    for (size_t i = 0; i < list->count; i++)
        if (rows[i].vm == vm && rows[i].retired < retired)
            hash = mixed(hash, mixed(rows[i].retired, rows[i].byte));
    return hash;
}

static struct mark mark_of(const struct playback *side, unsigned vm)
{
    struct debug *debug = side->debug;
    uint64_t retired = playback_retired(side, vm);
    size_t len;
    const uint8_t *text = timeline_console(debug->timeline, vm, &len);

    return (struct mark){.retired = retired,
                         .state = timeline_vm_hash(&debug->machine->vms[vm]),
                         .printed = len ? statehash_bytes(text, len) : 0,
                         .typed = typed(side, vm, retired)};
}

static bool same_now(struct diff *diff, unsigned vm)
{
    struct mark marks[DIFF_SIDES];

    for (unsigned i = 0; i < DIFF_SIDES; i++) {
        marks[i] = mark_of(&diff->sides[i], vm);
        diff->vms[vm].all[i] = timeline_now(diff->sides[i].debug->timeline).retired;
        diff->vms[vm].state[i] = marks[i].state;
    }
    diff->compared++;
    return !memcmp(&marks[0], &marks[1], sizeof marks[0]);
}

enum pz_err diff_goto(struct diff *diff, unsigned vm, uint64_t retired, struct problem *problem)
{
    enum pz_err err = PZ_OK;

    for (unsigned i = 0; !err && i < DIFF_SIDES; i++)
        err = playback_goto(&diff->sides[i], vm, retired, problem);
    return err;
}

static enum pz_err compare_at(struct diff *diff, unsigned vm, uint64_t retired, bool *same,
                              struct problem *problem)
{
    enum pz_err err = diff_goto(diff, vm, retired, problem);

    if (!err)
        *same = same_now(diff, vm);
    return err;
}

/* The same at `low`, not at `high`: until they are neighbours. */
static enum pz_err narrow(struct diff *diff, unsigned vm, uint64_t low, uint64_t high,
                          struct problem *problem)
{
    bool same = false;

    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        enum pz_err err = compare_at(diff, vm, middle, &same, problem);

        if (err)
            return err;
        *(same ? &low : &high) = middle;
    }
    diff->vms[vm].at = low;
    return compare_at(diff, vm, low, &same, problem);
}

/* `finally`: the states at the very ends were the same. */
static enum pz_err find(struct diff *diff, unsigned vm, bool finally, struct problem *problem)
{
    struct diff_vm *found = &diff->vms[vm];
    uint64_t most = found->end[0] < found->end[1] ? found->end[0] : found->end[1];
    bool same = false;
    enum pz_err err = compare_at(diff, vm, 0, &same, problem);

    if (err || !same) {
        found->how = DIFF_BEGINNING;
        return err;
    }
    err = compare_at(diff, vm, most, &same, problem);
    if (err)
        return err;
    if (!same) {
        found->how = DIFF_INSN;
        return narrow(diff, vm, 0, most, problem);
    }
    found->at = most;
    found->how = finally && found->end[0] == found->end[1] ? DIFF_SAME : DIFF_LATER;
    return PZ_OK;
}

/* The one before which the least has been retired, in the first of the two runs. */
static void choose_first(struct diff *diff)
{
    diff->first = -1;
    for (unsigned vm = 0; vm < diff->count; vm++)
        if (diff->vms[vm].how != DIFF_SAME &&
            (diff->first < 0 || diff->vms[vm].all[0] < diff->vms[diff->first].all[0]))
            diff->first = (int)vm;
}

static enum pz_err find_all(struct diff *diff, struct problem *problem)
{
    bool *finally = calloc(diff->count, sizeof *finally);
    enum pz_err err = PZ_OK;

    if (!finally)
        return problem_memory(problem, "the comparison");
    for (unsigned i = 0; !err && i < DIFF_SIDES; i++)
        err = playback_end(&diff->sides[i], problem);
    for (unsigned vm = 0; !err && vm < diff->count; vm++) {
        for (unsigned i = 0; i < DIFF_SIDES; i++)
            diff->vms[vm].end[i] = playback_retired(&diff->sides[i], vm);
        finally[vm] = same_now(diff, vm);
    }
    for (unsigned vm = 0; !err && vm < diff->count; vm++)
        err = find(diff, vm, finally[vm], problem);
    free(finally);
    choose_first(diff);
    return err;
}

/* ---- */

static enum pz_err open_sides(struct diff *diff, struct problem *problem)
{
    enum pz_err err = PZ_OK;

    for (unsigned i = 0; !err && i < DIFF_SIDES; i++)
        err = playback_open(&diff->sides[i], diff->options, diff->options->kernels.at[i],
                            problem);
    if (err)
        return err;
    diff->count = diff->sides[0].recording.count;
    if (diff->count != diff->sides[1].recording.count)
        return problem_set(problem, PZ_USAGE,
                           "%.150s has %u VMs, %.150s has %u: only runs of as many VMs can be "
                           "compared",
                           diff->sides[0].name, diff->count, diff->sides[1].name,
                           diff->sides[1].recording.count);
    diff->vms = calloc(diff->count, sizeof *diff->vms);
    return diff->vms ? PZ_OK : problem_memory(problem, "the comparison");
}

static enum pz_err run(struct diff *diff, struct problem *problem)
{
    enum pz_err err = open_sides(diff, problem);

    if (!err)
        err = find_all(diff, problem);
    if (!err)
        err = diff_show(diff, problem);
    return err ? err : diff->first < 0 ? PZ_OK : PZ_FAILED;
}

enum pz_err command_diff(const struct options *options, struct problem *problem)
{
    struct diff *diff = calloc(1, sizeof *diff);
    enum pz_err err;

    if (!diff)
        return problem_memory(problem, "the comparison");
    diff->options = options;
    problem->text[0] = '\0';
    if (options->kernels.count == DIFF_SIDES)
        err = run(diff, problem);
    else
        err = problem_set(problem, PZ_USAGE, "name two recordings");
    for (unsigned i = 0; i < DIFF_SIDES; i++)
        playback_close(&diff->sides[i]);
    free(diff->vms);
    free(diff);
    return err;
}
