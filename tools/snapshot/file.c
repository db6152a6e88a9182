/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.c - the order of the sections, written and read; and the file around them.
 */
#include "tools/snapshot/file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "tools/snapshot/pages.h"
#include "tools/snapshot/state.h"
#include "tools/snapshot/whole.h"

#define FILE_MOST ((size_t)16 << 30)
#define FRAME_TURN "turn"
#define FRAME_VM "vmst"
#define FRAME_INPUT "inpt"

/* ---- Writing ---- */

static json_t *input_fields(const struct input_rest *rest)
{
    return json_pack("{s:b,s:b,s:b}", "stdin", rest->from_stdin, "end", rest->eot, "nobody",
                     rest->no_keys);
}

static bool write_input(FILE *file, const struct input *input, json_t *fields)
{
    struct input_rest rest;
    bool written;

    if (!input_rest(input, &rest)) {
        json_decref(fields);
        return false;
    }
    json_put(fields, "input", input_fields(&rest));
    written = frame_write(file, FRAME_VM, fields) &&
              frame_write_bytes(file, FRAME_INPUT, rest.bytes, rest.len);
    free(rest.bytes);
    return written;
}

static bool write_vms(FILE *file, struct machine *machine, const struct session *session)
{
    for (unsigned k = 0; k < machine->count; k++) {
        json_t *fields = state_vm(&machine->vms[k]);

        json_put(fields, "released", json_boolean(machine_released(machine, k)));
        if (!write_input(file, &session->ports[k].input, fields))
            return false;
    }
    return true;
}

static bool write_sections(FILE *file, const struct options *options, struct machine *machine,
                           const struct session *session, const struct pages *pages)
{
    json_t *turn = state_turn(&machine->vmm, machine->vms);
    json_int_t hash = (json_int_t)statehash_all(&machine->vmm);

    json_put_number(turn, "pages", pages->count);
    if (fputs(SNAPSHOT_MAGIC, file) < 0 ||
        !frame_write(file, FRAME_HEAD, recording_head(options, machine))) {
        json_decref(turn);
        return false;
    }
    return frame_write(file, FRAME_TURN, turn) && write_vms(file, machine, session) &&
           pages_write(pages, file) && pages_write_index(pages, file) &&
           frame_write(file, FRAME_DONE, json_pack("{s:I}", "hash", hash));
}

static void tell_pages(const struct pages *pages, struct snapshot_figures *figures)
{
    figures->stored = pages->count;
    for (unsigned k = 0; k < pages->vm_count; k++)
        figures->pages += pages->vms[k].count;
}

static enum pz_err save(struct whole *whole, const struct options *options,
                        struct machine *machine, const struct session *session,
                        struct snapshot_figures *figures, struct problem *problem)
{
    struct pages pages;
    enum pz_err err = PZ_OK;

    errno = 0;
    if (!pages_gather(&pages, machine))
        err = problem_memory(problem, "the pages to be saved");
    else if (!write_sections(whole->file, options, machine, session, &pages))
        err = whole_failed(whole, problem);
    tell_pages(&pages, figures);
    pages_close(&pages);
    return err;
}

enum pz_err snapshot_save(const char *path, const struct options *options,
                          struct machine *machine, const struct session *session,
                          struct snapshot_figures *figures, struct problem *problem)
{
    uint64_t start = machine_clock(NULL);
    struct whole whole;
    enum pz_err err;

    *figures = (struct snapshot_figures){0};
    if (options->nets.count)
        return problem_set(problem, PZ_USAGE,
                           "--save: what is under way on a network would be lost: run without "
                           "--net to save");
    err = whole_open(&whole, path, problem);
    if (!err)
        err = save(&whole, options, machine, session, figures, problem);
    err = whole_close(&whole, err, &figures->bytes, problem);
    figures->took_ns = machine_clock(NULL) - start;
    return err;
}

/* ---- Reading ---- */

static enum pz_err read_head(struct snapshot_file *file)
{
    const struct options *options = &file->head.options;
    json_t *fields;
    enum pz_err err = frames_expect_fields(&file->frames, FRAME_HEAD, &fields);

    if (!err && (!recording_head_read(&file->head, fields) ||
                 options->mem + options->ram_base > OPTIONS_RAM_END))
        err = frames_damaged(&file->frames, "a field is missing or wrong");
    json_decref(fields);
    return err;
}

enum pz_err snapshot_open(struct snapshot_file *file, const char *path, struct problem *problem)
{
    enum pz_err err;

    memset(file, 0, sizeof *file);
    err = frames_open(&file->frames, path, SNAPSHOT_MAGIC, "snapshot", FILE_MOST, problem);
    if (!err)
        err = read_head(file);
    if (err)
        problem_prefix(problem, path);
    return err;
}

void snapshot_close(struct snapshot_file *file)
{
    frames_close(&file->frames);
    recording_close(&file->head);
}

/* The kernels and disks are not in the file: they have to be what they were. */
static enum pz_err check_disks(const struct recording *head, struct machine *machine,
                               struct problem *problem)
{
    unsigned seen = 0;
    uint64_t hash;

    for (unsigned k = 0; k < machine->count; k++)
        for (unsigned i = 0; i < machine->devices[k].disk_count; i++, seen++)
            if (seen >= head->disk_count || !disk_hash(&machine->devices[k].disks[i], &hash) ||
                hash != head->disk_hashes[seen])
                return problem_set(problem, PZ_USAGE,
                                   "disk %u of VM %u is not what it was when the machine was "
                                   "saved: a snapshot does not have what is on disks, so keep "
                                   "them as they are, or save copies of both",
                                   i, k);
    return PZ_OK;
}

static bool get_flag(const json_t *object, const char *name, bool *flag)
{
    const json_t *field = json_object_get(object, name);

    *flag = json_is_true(field);
    return json_is_boolean(field);
}

static bool get_input(const json_t *object, struct input_rest *rest)
{
    return get_flag(object, "stdin", &rest->from_stdin) &&
           get_flag(object, "end", &rest->eot) && get_flag(object, "nobody", &rest->no_keys);
}

/* The frame gives up its bytes. */
static enum pz_err read_input(struct frames *frames, const json_t *fields, struct input *input,
                              bool keyboard)
{
    struct input_rest rest = {0};
    struct frame frame;
    enum pz_err err = frames_expect(frames, FRAME_INPUT, &frame);

    if (!err && !get_input(fields, &rest))
        err = frames_damaged(frames, "a field of the input is missing or wrong");
    if (!err && input) {
        rest.bytes = frame.bytes;
        rest.len = frame.len;
        input_go_on(input, &rest, keyboard);
        frame.bytes = NULL;
    }
    frame_free(&frame);
    return err;
}

/* One that has ended and was released is so again. */
static enum pz_err read_vm(struct frames *frames, struct machine *machine, unsigned k,
                           bool *released, struct input *input, bool keyboard)
{
    json_t *fields;
    enum pz_err err = frames_expect_fields(frames, FRAME_VM, &fields);

    if (!err &&
        (!state_vm_restore(&machine->vms[k], fields) ||
         !get_flag(fields, "released", released) || (*released && vm_alive(&machine->vms[k]))))
        err = frames_damaged(frames, "a field is missing, or makes no sense");
    if (!err)
        err = read_input(frames, json_object_get(fields, "input"), input, keyboard);
    json_decref(fields);
    return err;
}

static enum pz_err read_done(struct frames *frames, struct machine *machine)
{
    json_t *fields;
    enum pz_err err = frames_expect_fields(frames, FRAME_DONE, &fields);

    if (!err && (uint64_t)json_integer_value(json_object_get(fields, "hash")) !=
                    statehash_all(&machine->vmm))
        err =
            frames_damaged(frames, "the machine that comes out is not the one that was saved");
    json_decref(fields);
    return err ? err : frames_end(frames);
}

/* What is read of a file on its way into a machine. */
struct restore {
    struct frames *frames;
    struct machine *machine;
    struct session *session; /* NULL: its input does not count */
    bool *released;
    struct pages_stored stored;
    uint64_t pages; /* that are not zero */
};

static enum pz_err read_vms(struct restore *r)
{
    enum pz_err err = PZ_OK;

    for (unsigned k = 0; !err && k < r->machine->count; k++)
        err = read_vm(r->frames, r->machine, k, &r->released[k],
                      r->session ? &r->session->ports[k].input : NULL,
                      r->session && r->session->interactive);
    return err;
}

static enum pz_err read_memory(struct restore *r, const json_t *turn)
{
    uint64_t count = (uint64_t)json_integer_value(json_object_get(turn, "pages"));
    enum pz_err err = pages_open(&r->stored, r->frames, count);

    for (unsigned k = 0; !err && k < r->machine->count; k++)
        err = pages_restore(&r->stored, r->frames, &r->machine->vms[k], &r->pages);
    for (unsigned k = 0; !err && k < r->machine->count; k++)
        if (r->released[k])
            machine_release(r->machine, k);
    return err;
}

static enum pz_err read_sections(struct restore *r)
{
    json_t *turn;
    enum pz_err err = frames_expect_fields(r->frames, FRAME_TURN, &turn);
    size_t start = r->frames->start;

    if (!err)
        err = read_vms(r);
    if (!err)
        err = read_memory(r, turn);
    if (!err && !state_turn_restore(&r->machine->vmm, r->machine->vms, turn)) {
        r->frames->start = start;
        r->frames->section = FRAME_TURN;
        err = frames_damaged(r->frames, "whose turn it is makes no sense");
    }
    json_decref(turn);
    return err ? err : read_done(r->frames, r->machine);
}

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

enum pz_err snapshot_restore(struct snapshot_file *file, struct machine *machine,
                             struct session *session, bool inputs,
                             struct snapshot_figures *figures, struct problem *problem)
{
    uint64_t start = machine_clock(NULL);
    struct restore restore = {.frames = &file->frames,
                              .machine = machine,
                              .session = inputs ? NULL : session,
                              .released = calloc(machine->count, sizeof(bool))};
    enum pz_err err = recording_kernels_same(&file->head, machine, problem);

    file->frames.problem = problem;
    if (!err)
        err = check_disks(&file->head, machine, problem);
    if (!err && !restore.released)
        err = problem_memory(problem, "the VMs");
    if (!err)
        err = read_sections(&restore);
    if (!err && session)
        set_clock(machine, session);
    for (unsigned k = 0; k < machine->count; k++)
        machine->before += vm_retired(&machine->vms[k]);
    if (!err)
        heed_limits(machine);
    *figures = (struct snapshot_figures){.pages = restore.pages,
                                         .stored = restore.stored.count,
                                         .bytes = file->frames.file.len,
                                         .took_ns = machine_clock(NULL) - start};
    pages_free(&restore.stored);
    free(restore.released);
    return err;
}
