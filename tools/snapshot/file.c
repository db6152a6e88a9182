/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.c - opening a snapshot: all sections are read, and looked at, but for its pages. Of a small
 * file their sums are checked, too; of a large one when they are read, since whoever goes on with
 * it may need few of them.
 */
#include "tools/snapshot/file.h"

#include <stdlib.h>

#include "tools/snapshot/fetch.h"
#include "tools/snapshot/sections.h"

#define CHECKED_MOST                                                                           \
    ((size_t)8 << 20) /* bytes of a file whose pages are checked when it is opened */
#define TAIL_BYTES (20u + SECTION_PLACE)

static enum pz_err open_within(struct snapshot_file *file, const char *path, unsigned depth,
                               struct problem *problem);

bool snapshot_is(const char *path)
{
    char begins[sizeof SNAPSHOT_MAGIC - 3];
    FILE *file = fopen(path, "re");
    bool is = file && fread(begins, 1, sizeof begins, file) == sizeof begins &&
              !memcmp(begins, SNAPSHOT_MAGIC, sizeof begins);

    if (file)
        fclose(file);
    return is;
}

static enum pz_err damaged(struct snapshot_file *file, const char *what)
{
    return frames_damaged(&file->frames, what);
}

/* ---- Before the pages ---- */

static enum pz_err read_head(struct snapshot_file *file)
{
    const struct options *options = &file->head.options;
    json_t *fields;
    enum pz_err err = frames_expect_fields(&file->frames, FRAME_HEAD, &fields);

    if (!err && (!recording_head_read(&file->head, fields) ||
                 options->mem + options->ram_base > OPTIONS_RAM_END))
        err = damaged(file, "a field is missing or wrong");
    json_decref(fields);
    return err;
}

/* Where it was; or beside this file, if both have been moved. */
static enum pz_err open_base_at(struct snapshot_file *file, const char *path, unsigned depth)
{
    const char *slash = strrchr(file->path, '/'), *name = strrchr(path, '/');
    size_t folder = slash ? (size_t)(slash - file->path) + 1 : 0;
    struct problem first;
    char *beside;
    enum pz_err err = open_within(file->base, path, depth + 1, &first);

    if (!err)
        return err;
    snapshot_close(file->base);
    name = name ? name + 1 : path;
    beside = malloc(folder + strlen(name) + 1);
    memset(file->base, 0, sizeof *file->base);
    file->base->frames.fd = -1;
    if (!beside)
        return problem_memory(file->frames.problem, "a file's name");
    memcpy(beside, file->path, folder);
    strcpy(beside + folder, name);
    err = open_within(file->base, beside, depth + 1, file->frames.problem);
    if (err)
        *file->frames.problem = first;
    free(beside);
    return err;
}

static enum pz_err open_base(struct snapshot_file *file, const json_t *base, unsigned depth)
{
    const char *path = json_string_value(json_object_get(base, "file"));
    const json_t *id = json_object_get(base, "id");
    struct problem *problem = file->frames.problem;
    size_t start = file->frames.start;
    enum pz_err err;

    if (!path || !json_is_integer(id))
        return damaged(file, "a field is missing or wrong");
    if (depth == SNAPSHOT_BASES)
        return damaged(file, "too many files, each based on the next");
    file->base = calloc(1, sizeof *file->base);
    if (!file->base)
        return problem_memory(problem, "the file's base");
    err = open_base_at(file, path, depth);
    if (err) {
        problem_prefix(problem, "its base");
        return err;
    }
    file->frames.start = start;
    if (file->base->id == (uint64_t)json_integer_value(id) &&
        file->base->head.count == file->head.count &&
        file->base->head.options.mem == file->head.options.mem)
        return PZ_OK;
    return problem_set(problem, PZ_USAGE,
                       "%.200s is not the snapshot that it is based on, but another",
                       file->base->path);
}

/* No page is packed into less than a byte of the file. */
static enum pz_err read_stored(struct snapshot_file *file, unsigned depth)
{
    json_t *fields;
    enum pz_err err = frames_expect_fields(&file->frames, SECTION_STORED, &fields);
    const json_t *count = json_object_get(fields, "pages"),
                 *base = json_object_get(fields, "base");

    if (!err && (!json_is_integer(count) || json_integer_value(count) < 0 ||
                 (uint64_t)json_integer_value(count) > file->frames.len ||
                 json_integer_value(count) > INT32_MAX || !base))
        err = damaged(file, "a count makes no sense");
    if (!err)
        file->stored = file->total = (uint32_t)json_integer_value(count);
    if (!err && !json_is_null(base))
        err = open_base(file, base, depth);
    if (!err && file->base && file->base->total > INT32_MAX - file->stored)
        err = damaged(file, "a count makes no sense");
    if (!err && file->base)
        file->total += file->base->total;
    json_decref(fields);
    return err;
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

static enum pz_err read_vm(struct snapshot_file *file, struct snapshot_vm *vm)
{
    struct frame frame = {.len = 0};
    enum pz_err err = frames_expect_fields(&file->frames, SECTION_VM, &vm->fields);

    vm->fields_at = file->frames.start;
    if (!err && !get_input(json_object_get(vm->fields, "input"), &vm->input))
        err = damaged(file, "a field of the input is missing or wrong");
    if (!err)
        err = frames_expect(&file->frames, SECTION_INPUT, &frame);
    vm->input.bytes = frame.bytes;
    vm->input.len = frame.len;
    frame.bytes = NULL;
    if (!err)
        err = frames_expect(&file->frames, SECTION_NET, &frame);
    vm->net = frame.bytes;
    vm->net_len = frame.len;
    return err;
}

static enum pz_err read_recorder(struct snapshot_file *file)
{
    json_t *fields;
    enum pz_err err = frames_expect_fields(&file->frames, SECTION_RECORDER, &fields);
    json_t *state = json_object_get(fields, "state");

    if (!err && !json_is_object(state) && !json_is_null(state))
        err = damaged(file, "a field is missing or wrong");
    file->recorder = json_incref(state);
    json_decref(fields);
    return err;
}

static enum pz_err read_some(struct snapshot_file *file)
{
    struct frame frame;
    uint8_t *bytes = NULL;
    enum pz_err err = frames_expect(&file->frames, SECTION_PAST, &frame);

    if (!err && (!frame.len || frame.len > SECTION_PAST_MOST))
        err = damaged(file, "another length than it should have");
    if (!err && !(bytes = realloc(file->past, file->past_len + frame.len)))
        err = problem_memory(file->frames.problem, "the recording");
    if (!err) {
        memcpy(bytes + file->past_len, frame.bytes, frame.len);
        file->past = bytes;
        file->past_len += frame.len;
    }
    frame_free(&frame);
    return err;
}

/* As much as is said: each section adds some. */
static enum pz_err read_past(struct snapshot_file *file)
{
    const json_t *bytes = json_object_get(file->recorder, "bytes");
    uint64_t most = (uint64_t)json_integer_value(bytes);
    enum pz_err err = PZ_OK;

    while (!err && file->past_len < most)
        err = read_some(file);
    return err;
}

enum pz_err section_read_states(struct snapshot_file *file)
{
    enum pz_err err = frames_expect_fields(&file->frames, SECTION_TURN, &file->turn);

    file->turn_at = file->frames.start;
    if (!err)
        file->vms = calloc(file->head.count, sizeof *file->vms);
    if (!err && !file->vms)
        err = problem_memory(file->frames.problem, "the VMs");
    for (unsigned k = 0; !err && k < file->head.count; k++)
        err = read_vm(file, &file->vms[k]);
    return err ? err : read_recorder(file);
}

void section_free_states(struct snapshot_file *file)
{
    for (unsigned k = 0; file->vms && k < file->head.count; k++) {
        json_decref(file->vms[k].fields);
        free(file->vms[k].input.bytes);
        free(file->vms[k].net);
        free(file->vms[k].rows.at);
    }
    free(file->vms);
    json_decref(file->turn);
    json_decref(file->recorder);
}

static enum pz_err read_begin(struct snapshot_file *file, unsigned depth)
{
    enum pz_err err = read_head(file);

    if (!err)
        err = read_stored(file, depth);
    if (!err)
        err = section_read_states(file);
    return err ? err : read_past(file);
}

/* ---- Behind the pages ---- */

static uint32_t groups_of(const struct snapshot_file *file)
{
    return (file->stored + PAGES_GROUP - 1) / PAGES_GROUP;
}

static enum pz_err read_list(struct snapshot_file *file)
{
    struct frame frame;
    enum pz_err err = frames_expect(&file->frames, SECTION_LIST, &frame);

    if (!err && frame.len != (size_t)groups_of(file) * SECTION_PLACE)
        err = damaged(file, "not as many pages as there should be");
    if (!err)
        file->places = malloc(frame.len / SECTION_PLACE * sizeof *file->places + 1);
    if (!err && !file->places)
        err = problem_memory(file->frames.problem, "the pages of the file");
    for (size_t i = 0; !err && i < frame.len / SECTION_PLACE; i++) {
        file->places[i] = little_get64(frame.bytes + i * SECTION_PLACE);
        if (file->places[i] >= file->frames.len)
            err = damaged(file, "a place makes no sense");
    }
    frame_free(&frame);
    return err;
}

/* One number of two. */
static uint64_t join(uint64_t a, uint64_t b)
{
    uint8_t both[16];

    little_put64(both, a);
    little_put64(both + 8, b);
    return statehash_bytes(both, sizeof both);
}

/* In order, each once, within the VM's RAM and among what is stored. */
static bool get_rows(const struct snapshot_file *file, struct pages_rows *rows,
                     const struct frame *frame)
{
    uint64_t least = 0, most = file->head.options.mem / PAGE_SIZE;

    for (size_t at = 0; at < frame->len; at += PAGES_ROW) {
        struct pages_row row = format_row(frame->bytes + at);

        if (row.page < least || row.page >= most || row.stored >= file->total)
            return false;
        least = (uint64_t)row.page + 1;
        rows->at[rows->count++] = row;
    }
    return true;
}

static enum pz_err read_index(struct snapshot_file *file, struct pages_rows *rows)
{
    struct frame frame;
    enum pz_err err = frames_expect(&file->frames, PAGES_INDEX, &frame);

    if (!err)
        rows->at = malloc(frame.len / PAGES_ROW * sizeof *rows->at + 1);
    if (!err && !rows->at)
        err = problem_memory(file->frames.problem, "the pages of the file");
    if (!err && (frame.len % PAGES_ROW || !get_rows(file, rows, &frame)))
        err = damaged(file, "a row of the index makes no sense");
    if (!err)
        file->id = join(file->id, statehash_bytes(frame.bytes, frame.len));
    frame_free(&frame);
    return err;
}

static enum pz_err read_done(struct snapshot_file *file)
{
    struct frame frame;
    json_t *fields;
    enum pz_err err = frames_expect_fields(&file->frames, FRAME_DONE, &fields);
    const json_t *hash = json_object_get(fields, "hash");

    if (!err && !json_is_integer(hash))
        err = damaged(file, "a field is missing or wrong");
    file->done_at = file->frames.start;
    file->hash = (uint64_t)json_integer_value(hash);
    file->id = join(file->id, file->hash);
    json_decref(fields);
    if (err)
        return err;
    err = frames_expect(&file->frames, SECTION_TAIL, &frame);
    if (!err && frame.len != SECTION_PLACE)
        err = damaged(file, "another length than it should have");
    frame_free(&frame);
    return err ? err : frames_end(&file->frames);
}

static enum pz_err read_end(struct snapshot_file *file)
{
    enum pz_err err = read_list(file);

    file->id = join(file->stored, file->base ? file->base->id : 0);
    for (unsigned k = 0; !err && k < file->head.count; k++)
        err = read_index(file, &file->vms[k].rows);
    return err ? err : read_done(file);
}

/* Where the tail says that `list` is; false: it says nothing that can be. */
static bool find_list(struct snapshot_file *file, size_t *list)
{
    struct frames *frames = &file->frames;
    struct problem *problem = frames->problem, unheard;
    size_t at = frames->at;
    struct frame frame = {.len = 0};
    bool found = frames->len >= at + TAIL_BYTES;

    if (found) {
        frames->problem = &unheard;
        frames->at = frames->len - TAIL_BYTES;
        found = !frames_expect(frames, SECTION_TAIL, &frame) && frame.len == SECTION_PLACE;
    }
    if (found)
        *list = little_get64(frame.bytes);
    frame_free(&frame);
    frames->problem = problem;
    frames->at = at;
    return found && *list >= at && *list < frames->len;
}

/* One by one, where the file is small; or is damaged, so that it can be said where. */
static enum pz_err pass_pages(struct snapshot_file *file)
{
    enum pz_err err = PZ_OK;
    size_t list;

    if (find_list(file, &list) && file->frames.len > CHECKED_MOST) {
        file->frames.at = list;
        return PZ_OK;
    }
    for (uint32_t i = 0; !err && i < groups_of(file); i++)
        err = frames_skip(&file->frames, PAGES_FRAME);
    return err;
}

/* ---- All ---- */

static enum pz_err open_within(struct snapshot_file *file, const char *path, unsigned depth,
                               struct problem *problem)
{
    enum pz_err err;

    memset(file, 0, sizeof *file);
    file->opened = machine_clock(NULL);
    file->worked = machine_work();
    err = frames_open_lazily(&file->frames, path, SNAPSHOT_MAGIC, "snapshot", problem);
    file->path = strdup(path);
    if (!err && !file->path)
        err = problem_memory(problem, "a file's name");
    if (!err)
        err = read_begin(file, depth);
    if (!err)
        err = pass_pages(file);
    if (!err)
        err = read_end(file);
    if (err)
        problem_prefix(problem, path);
    return err;
}

enum pz_err snapshot_open(struct snapshot_file *file, const char *path, struct problem *problem)
{
    return open_within(file, path, 0, problem);
}

void snapshot_close(struct snapshot_file *file)
{
    section_free_states(file);
    free(file->past);
    free(file->places);
    if (file->fetch)
        fetch_close(file->fetch);
    free(file->fetch);
    if (file->base)
        snapshot_close(file->base);
    free(file->base);
    frames_close(&file->frames);
    recording_close(&file->head);
    free(file->path);
}
