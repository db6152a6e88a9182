/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * save.c - the order of the sections, written.
 */
#include <errno.h>
#include <stdlib.h>

#include "tools/snapshot/file.h"
#include "tools/snapshot/pages.h"
#include "tools/snapshot/sections.h"
#include "tools/snapshot/state.h"
#include "tools/snapshot/whole.h"

/* What goes into one file. */
struct save {
    FILE *file;
    const struct options *options;
    struct machine *machine;
    const struct session *session;
    struct recorder *recorder;  /* NULL: none */
    struct snapshot_file *base; /* NULL: none */
    struct pages pages;
};

static json_t *stored_fields(const struct save *save)
{
    json_t *fields = json_object();
    char *path;

    json_put_number(fields, "pages", save->pages.count);
    if (!save->base) {
        json_put(fields, "base", json_null());
        return fields;
    }
    path = realpath(save->base->path, NULL);
    json_put(fields, "base",
             json_pack("{s:s,s:I}", "file", path ? path : save->base->path, "id",
                       (json_int_t)save->base->id));
    free(path);
    return fields;
}

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
    written = frame_write(file, SECTION_VM, fields) &&
              frame_write_bytes(file, SECTION_INPUT, rest.bytes, rest.len);
    free(rest.bytes);
    return written;
}

static bool write_net(FILE *file, const struct nets *nets, unsigned k)
{
    size_t len;
    uint8_t *bytes = nets_pack(nets, k, &len);
    bool written = bytes && frame_write_bytes(file, SECTION_NET, bytes, len);

    free(bytes);
    return written;
}

static bool write_recorder(FILE *file, struct recorder *recorder)
{
    json_t *state = recorder ? recorder_state(recorder) : json_null();

    errno = EPIPE;
    return state && frame_write(file, SECTION_RECORDER, json_pack("{s:o}", "state", state));
}

bool snapshot_write_state(FILE *file, struct machine *machine, const struct session *session,
                          struct recorder *recorder)
{
    if (!frame_write(file, SECTION_TURN, state_turn(&machine->vmm, machine->vms)))
        return false;
    for (unsigned k = 0; k < machine->count; k++) {
        json_t *fields = state_vm(&machine->vms[k]);

        json_put(fields, "released", json_boolean(machine_released(machine, k)));
        if (!write_input(file, &session->ports[k].input, fields) ||
            !write_net(file, session->nets, k))
            return false;
    }
    return write_recorder(file, recorder);
}

static bool write_past(const struct save *save)
{
    uint8_t *bytes = malloc(SECTION_PAST_MOST);
    bool written = bytes != NULL;
    uint64_t at = 0;
    size_t len;

    while (written && save->recorder &&
           (len = recorder_read(save->recorder, at, bytes, SECTION_PAST_MOST))) {
        written = frame_write_bytes(save->file, SECTION_PAST, bytes, len);
        at += len;
    }
    free(bytes);
    return written;
}

static bool write_list(const struct save *save)
{
    uint32_t groups = (save->pages.count + PAGES_GROUP - 1) / PAGES_GROUP;
    uint8_t *bytes = malloc(groups * SECTION_PLACE + 1);
    bool written;

    errno = ENOMEM;
    for (uint32_t i = 0; bytes && i < groups; i++)
        little_put64(bytes + i * SECTION_PLACE, save->pages.places[i]);
    written =
        bytes && frame_write_bytes(save->file, SECTION_LIST, bytes, groups * SECTION_PLACE);
    free(bytes);
    return written;
}

static bool write_index(const struct save *save)
{
    for (unsigned k = 0; k < save->pages.vm_count; k++) {
        size_t len;
        uint8_t *bytes = pages_index(&save->pages, k, &len);
        bool written = bytes && frame_write_bytes(save->file, PAGES_INDEX, bytes, len);

        free(bytes);
        if (!written)
            return false;
    }
    return true;
}

static bool write_end(const struct save *save, off_t list)
{
    json_int_t hash = (json_int_t)statehash_all(&save->machine->vmm);
    uint8_t place[SECTION_PLACE];

    little_put64(place, (uint64_t)list);
    return list >= 0 && write_list(save) && write_index(save) &&
           frame_write(save->file, FRAME_DONE, json_pack("{s:I}", "hash", hash)) &&
           frame_write_bytes(save->file, SECTION_TAIL, place, sizeof place);
}

static bool write_sections(struct save *save)
{
    return fputs(SNAPSHOT_MAGIC, save->file) >= 0 &&
           frame_write(save->file, FRAME_HEAD, recording_head(save->options, save->machine)) &&
           frame_write(save->file, SECTION_STORED, stored_fields(save)) &&
           snapshot_write_state(save->file, save->machine, save->session, save->recorder) &&
           write_past(save) && pages_write(&save->pages, save->file) &&
           write_end(save, ftello(save->file));
}

static void tell_pages(const struct pages *pages, struct snapshot_figures *figures)
{
    figures->stored = pages->count;
    for (unsigned k = 0; k < pages->vm_count; k++)
        figures->pages += pages->vms[k].count;
}

/* Is it a snapshot of such a machine? And it must not be what is written. */
static enum pz_err check_base(const struct save *save, const char *path,
                              struct problem *problem)
{
    const struct recording *head = &save->base->head;
    unsigned depth = 1;

    if (head->count != save->machine->count || head->options.mem != save->options->mem)
        return problem_set(problem, PZ_USAGE,
                           "--since: %.200s is of another machine: %u VMs of %u MiB",
                           save->base->path, head->count, (unsigned)(head->options.mem >> 20));
    for (const struct snapshot_file *file = save->base; file; file = file->base, depth++)
        if (options_same_file(path, file->path))
            return problem_set(problem, PZ_USAGE,
                               "--since: %.200s is needed by the snapshot: name another file "
                               "to save to",
                               file->path);
    if (depth > SNAPSHOT_BASES)
        return problem_set(problem, PZ_USAGE,
                           "--since: %.200s is the last of %u files, each based on the next: "
                           "save without --since",
                           save->base->path, depth - 1);
    return PZ_OK;
}

/* Pages may be in the file still that the machine was restored from. */
static enum pz_err settle(struct machine *machine, struct problem *problem)
{
    for (unsigned k = 0; k < machine->count; k++)
        if (!machine_released(machine, k) && !pmap_settle(&machine->vms[k].pmap))
            return problem_set(problem, PZ_HOST,
                               "--save: the file that the machine came from cannot be read");
    return PZ_OK;
}

static enum pz_err gather(struct save *save, const char *path, struct problem *problem)
{
    enum pz_err err = settle(save->machine, problem);

    if (!err && save->base)
        err = check_base(save, path, problem);
    return err ? err : pages_gather(&save->pages, save->machine, save->base, problem);
}

static enum pz_err save_pages(struct save *save, struct whole *whole,
                              struct snapshot_figures *figures, struct problem *problem)
{
    enum pz_err err = gather(save, whole->path, problem);

    errno = 0;
    save->file = whole->file;
    if (!err && !write_sections(save))
        err = whole_failed(whole, problem);
    tell_pages(&save->pages, figures);
    pages_close(&save->pages);
    return err;
}

static enum pz_err save_whole(struct save *save, const char *path,
                              struct snapshot_figures *figures, struct problem *problem)
{
    struct whole whole;
    enum pz_err err = whole_open(&whole, path, problem);

    if (!err)
        err = save_pages(save, &whole, figures, problem);
    return whole_close(&whole, err, &figures->bytes, problem);
}

enum pz_err section_no_disks(struct problem *problem)
{
    return problem_set(problem, PZ_USAGE,
                       "--save: clones with disks cannot be saved: what they write to disk is "
                       "kept nowhere");
}

enum pz_err snapshot_save(const char *path, const struct options *options,
                          struct machine *machine, const struct session *session,
                          struct recorder *recorder, struct snapshot_figures *figures,
                          struct problem *problem)
{
    uint64_t start = machine_clock(NULL);
    struct save save = {
        .options = options, .machine = machine, .session = session, .recorder = recorder};
    struct snapshot_file base;
    enum pz_err err = PZ_OK;

    *figures = (struct snapshot_figures){0};
    if (options->clones && options->disks.count)
        return section_no_disks(problem);
    if (!recorder_can_move(recorder))
        return problem_set(
            problem, PZ_USAGE,
            "--record: %.200s is not a regular file, and a machine is saved with its "
            "recording: record to a plain file",
            options->record);
    if (options->since) {
        err = snapshot_open(&base, options->since, problem);
        save.base = &base;
    }
    if (!err)
        err = save_whole(&save, path, figures, problem);
    if (options->since)
        snapshot_close(&base);
    figures->took_ns = machine_clock(NULL) - start;
    return err;
}
