/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * restore.c - what a file says, brought into a machine.
 */
#include <stdlib.h>

#include "tools/snapshot/fetch.h"
#include "tools/snapshot/file.h"
#include "tools/snapshot/sections.h"
#include "tools/snapshot/state.h"
#include "vmm/parts.h"
#include "vmm/share.h"

/* The kernels and disks are not in the file: they have to be what they were. */
enum pz_err section_disks(const struct snapshot_file *file, struct machine *machine,
                          unsigned vms, struct problem *problem)
{
    const struct recording *head = &file->head;
    unsigned seen = 0;
    uint64_t hash;

    for (unsigned k = 0; k < vms; k++)
        for (unsigned i = 0; i < machine->devices[k].disk_count; i++, seen++)
            if (seen >= head->disk_count || !disk_hash(&machine->devices[k].disks[i], &hash) ||
                hash != head->disk_hashes[seen])
                return problem_set(problem, PZ_USAGE,
                                   "disk %u of VM %u is not what it was when the machine was "
                                   "saved: a snapshot does not contain disks, so keep "
                                   "them as they are, or save copies of both",
                                   i, k);
    return PZ_OK;
}

bool snapshot_input(const struct snapshot_file *file, unsigned k, struct input *input,
                    bool keyboard)
{
    struct input_rest rest = file->vms[k].input;

    rest.bytes = malloc(rest.len + 1);
    if (!rest.bytes)
        return false;
    memcpy(rest.bytes, file->vms[k].input.bytes, rest.len + 1);
    input_go_on(input, &rest, keyboard);
    return true;
}

enum pz_err section_state(struct snapshot_file *file, unsigned k, struct vm *vm,
                          struct problem *problem)
{
    const struct snapshot_vm *saved = &file->vms[k];
    const json_t *released = json_object_get(saved->fields, "released");

    if (state_vm_restore(vm, saved->fields) && json_is_boolean(released) &&
        (json_is_false(released) || (!vm_alive(vm) && !saved->rows.count)))
        return PZ_OK;
    return format_damaged(file, SECTION_VM, saved->fields_at,
                          "a field is missing, or makes no sense", problem);
}

/* One that has ended and was released is so again. */
static void release(const struct snapshot_file *file, struct machine *machine)
{
    for (unsigned k = 0; k < machine->count; k++)
        if (json_is_true(json_object_get(file->vms[k].fields, "released")))
            machine_release(machine, k);
}

enum pz_err section_net(struct snapshot_file *file, unsigned k, struct nets *nets, unsigned vm,
                        struct problem *problem)
{
    const struct snapshot_vm *saved = &file->vms[k];
    uint32_t left;

    if (!nets_unpack(nets, vm, saved->net, saved->net_len, &left))
        return format_damaged(file, SECTION_NET, saved->fields_at,
                              "the frames waiting at a network card are not valid", problem);
    if (left)
        fprintf(stderr,
                "pz: vm%u: %u TCP connection%s of --net user could not come along: the guest "
                "finds %s reset\n",
                vm, (unsigned)left, left == 1 ? "" : "s", left == 1 ? "it" : "them");
    return PZ_OK;
}

static enum pz_err restore_vms(struct snapshot_file *file, struct machine *machine,
                               struct session *session, bool inputs, struct problem *problem)
{
    enum pz_err err = PZ_OK;

    for (unsigned k = 0; !err && k < machine->count; k++) {
        err = section_state(file, k, &machine->vms[k], problem);
        if (!err && session)
            err = section_net(file, k, session->nets, k, problem);
        if (!err && session && !inputs &&
            !snapshot_input(file, k, &session->ports[k].input, session->interactive))
            err = problem_memory(problem, "the consoles' input");
    }
    return err;
}

/* ---- Memory ---- */

/* The monitor's part for the pmap may have been replaced by one that knows of no source. */
static bool goes_lazily(const struct snapshot_file *file, const struct machine *machine)
{
    return file->lazily && machine->vmm.parts == &vmm_parts_own;
}

/* Nothing comes any more. */
static void stop_fetching(struct snapshot_file *file, struct machine *machine)
{
    for (unsigned k = 0; k < machine->count; k++)
        machine->vms[k].pmap.source = NULL;
    fetch_close(file->fetch);
    free(file->fetch);
    file->fetch = NULL;
}

/* All of it, and it has to be what was saved. */
static enum pz_err fetch_and_check(struct snapshot_file *file, struct machine *machine,
                                   struct problem *problem)
{
    enum pz_err err = fetch_all(file->fetch, problem);

    stop_fetching(file, machine);
    if (!err && statehash_all(&machine->vmm) != file->hash)
        err = format_damaged(file, FRAME_DONE, file->done_at,
                             "the resulting machine is not the one that was saved", problem);
    return err;
}

static enum pz_err restore_memory(struct snapshot_file *file, struct machine *machine,
                                  struct problem *problem)
{
    enum pz_err err;

    for (unsigned k = 0; !machine->unloaded && k < machine->count; k++) {
        struct board *board = &machine->vms[k].board;

        board->clear(board, board->ram_base, board->ram_size);
    }
    release(file, machine);
    file->fetch = calloc(1, sizeof *file->fetch);
    if (!file->fetch)
        return problem_memory(problem, "the pages of the file");
    err = fetch_open(file->fetch, file, machine, problem);
    if (err)
        stop_fetching(file, machine);
    if (!err)
        err = goes_lazily(file, machine) ? fetch_used(file->fetch, problem)
                                         : fetch_and_check(file, machine, problem);
    return err;
}

enum pz_err snapshot_failed(const struct snapshot_file *file, struct problem *problem)
{
    if (!file->fetch || !file->fetch->err)
        return PZ_OK;
    *problem = file->fetch->problem;
    return file->fetch->err;
}

/* ---- All ---- */

/* At a terminal a guest's time goes on from what it was, not from 0. */
static void set_clock(const struct machine *machine, struct session *session)
{
    for (unsigned k = 0; k < machine->count; k++) {
        uint64_t time = hart_time(&machine->vms[k].cpu->hart);

        if (vm_alive(&machine->vms[k]) && time > session->resumed)
            session->resumed = time;
    }
}

/* A new limit ends the turn that goes on; who has come to it already never has another. */
static void heed_limits(struct machine *machine)
{
    struct vmm_turn *turn = &machine->vmm.turn;

    if (turn->vm && turn->end > turn->vm->config.limit)
        turn->end = turn->vm->config.limit;
    if (turn->vm && turn->end <= vm_retired(turn->vm))
        *turn = (struct vmm_turn){0};
    for (unsigned k = 0; k < machine->count; k++)
        if (vm_retired(&machine->vms[k]) >= machine->vms[k].config.limit)
            vm_kill(&machine->vms[k], VM_LIMIT);
}

void section_go_on(struct machine *machine, struct session *session)
{
    if (session)
        set_clock(machine, session);
    for (unsigned k = 0; k < machine->count; k++)
        machine->before += vm_retired(&machine->vms[k]);
    heed_limits(machine);
}

static enum pz_err restore_turn(struct snapshot_file *file, struct machine *machine,
                                struct problem *problem)
{
    if (state_turn_restore(&machine->vmm, machine->vms, file->turn))
        return PZ_OK;
    return format_damaged(file, SECTION_TURN, file->turn_at, "whose turn it is makes no sense",
                          problem);
}

static enum pz_err restore(struct snapshot_file *file, struct machine *machine,
                           struct session *session, bool inputs, struct problem *problem)
{
    enum pz_err err = recording_kernels_same(&file->head, machine, problem);

    if (!err)
        err = section_disks(file, machine, machine->count, problem);
    if (!err)
        err = restore_vms(file, machine, session, inputs, problem);
    if (!err)
        err = restore_memory(file, machine, problem);
    return err ? err : restore_turn(file, machine, problem);
}

enum pz_err snapshot_restore(struct snapshot_file *file, struct machine *machine,
                             struct session *session, bool inputs,
                             struct snapshot_figures *figures, struct problem *problem)
{
    enum pz_err err = restore(file, machine, session, inputs, problem);

    for (unsigned k = 0; !err && k < machine->count; k++) /* without --share: nothing */
        share_range(&machine->vms[k], (struct gpa){machine->vms[k].pmap.base},
                    machine->vms[k].pmap.size);
    if (!err)
        section_go_on(machine, session);
    *figures = (struct snapshot_figures){.stored = file->stored, .bytes = file->frames.len};
    for (unsigned k = 0; k < machine->count; k++)
        figures->pages += file->vms[k].rows.count;
    figures->took_ns = machine_clock(NULL) - file->opened;
    figures->work_ns = machine_work() - file->worked;
    return err;
}

enum pz_err snapshot_record(const struct snapshot_file *file, struct recorder *recorder,
                            struct machine *machine, struct problem *problem)
{
    enum pz_err err = PZ_OK;

    if (recorder->file && file->past)
        err = recorder_append(recorder, file->past, file->past_len, problem);
    return err ? err : recorder_go_on(recorder, file->recorder, machine, problem);
}

/* ---- Without memory ---- */

static enum pz_err read_state(struct snapshot_file *file, struct machine *machine,
                              struct session *session, bool inputs, struct problem *problem)
{
    enum pz_err err = section_read_states(file);

    if (!err)
        err = frames_end(&file->frames);
    if (!err)
        err = restore_vms(file, machine, session, inputs, problem);
    if (err)
        return err;
    release(file, machine);
    return restore_turn(file, machine, problem);
}

enum pz_err snapshot_read_state(const struct frames *frames, struct machine *machine,
                                struct session *session, struct recorder *recorder, bool inputs,
                                struct problem *problem)
{
    static char name[] = "the state";
    struct snapshot_file file = {.head.count = machine->count, .frames = *frames, .path = name};
    enum pz_err err;

    file.frames.problem = problem;
    err = read_state(&file, machine, session, inputs, problem);
    if (!err && recorder)
        err = recorder_go_on(recorder, file.recorder, machine, problem);
    section_free_states(&file);
    if (!err)
        section_go_on(machine, session);
    return err;
}
