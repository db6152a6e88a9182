/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording_read.c - reads a recording. Nothing in the file is trusted: every field is checked
 * before it is used, and a problem names the offset of its frame.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/host/host.h"
#include "tools/travel/recording.h"
#include "tools/travel/recording_file.h"

#define FILE_MOST ((size_t)1 << 30)
#define DEVICE_WORDS_MOST (BOARD_SLOTS * VMM_VMS)

/* A recording while its file is read. */
struct reader {
    struct recording *recording;
    struct frames frames;
    bool done;
};

static enum pz_err damaged(const struct reader *reader, const char *what)
{
    return frames_damaged(&reader->frames, what);
}

/* ---- Fields ---- */

static bool get_number(const json_t *object, const char *name, uint64_t *value)
{
    const json_t *field = json_object_get(object, name);

    *value = (uint64_t)json_integer_value(field);
    return json_is_integer(field);
}

/* A number within bounds: a file may ask for no more than the command line can. */
static bool get_bounded(const json_t *object, const char *name, uint64_t least, uint64_t most,
                        uint64_t *value)
{
    return get_number(object, name, value) && *value >= least && *value <= most;
}

/* A string or null. False: it is neither, or there is no memory. */
static bool get_text(const json_t *object, const char *name, char **text)
{
    const json_t *field = json_object_get(object, name);

    *text = NULL;
    if (json_is_null(field))
        return true;
    if (json_is_string(field))
        *text = strdup(json_string_value(field));
    return *text;
}

/* ---- head ---- */

static bool get_vm(const json_t *object, struct recording_vm *vm)
{
    return get_text(object, "kernel", &vm->path) && get_text(object, "append", &vm->append) &&
           get_number(object, "kernel_hash", &vm->kernel_hash);
}

static bool get_share(const json_t *object, uint32_t *share)
{
    uint64_t value;

    if (!get_bounded(object, "share", 1, VM_SHARES_MOST, &value))
        return false;
    *share = (uint32_t)value;
    return true;
}

static bool get_vms(struct recording *recording, const json_t *array)
{
    struct options *options = &recording->options;
    size_t count = json_array_size(array);

    if (!count || count > VMM_VMS)
        return false;
    recording->vms = calloc(count, sizeof *recording->vms);
    options->kernels.at = calloc(count, sizeof *options->kernels.at);
    options->appends.at = calloc(count, sizeof *options->appends.at);
    if (!recording->vms || !options->kernels.at || !options->appends.at)
        return false;
    recording->count = (unsigned)count;
    for (size_t k = 0; k < count; k++) {
        const json_t *object = json_array_get(array, k);

        if (!get_vm(object, &recording->vms[k]) || !get_share(object, &options->shares[k]))
            return false;
    }
    return true;
}

/* VMs that run the same file share one word, so that machine.c opens the file once. */
static const char *same_word(const struct recording *recording, unsigned k)
{
    const char *path = recording->vms[k].path;

    for (unsigned i = 0; path && i < k; i++)
        if (recording->vms[i].path && !strcmp(recording->vms[i].path, path))
            return recording->vms[i].path;
    return path;
}

static void set_words(struct recording *recording)
{
    struct options *options = &recording->options;

    for (unsigned k = 0; k < recording->count; k++) {
        const struct recording_vm *vm = &recording->vms[k];

        options->kernels.at[k] = same_word(recording, k);
        options->appends.at[k] = vm->append ? vm->append : "";
    }
    options->kernels.count = options->appends.count = recording->count;
    options->vms = options->share_count = recording->count;
    options->sets = OPTIONS_RUN;
}

/* By name, so that the file remains valid if the table changes. The list may be missing. */
static bool get_variants(const json_t *head, uint32_t *set)
{
    const char *names = json_string_value(json_object_get(head, "variants"));
    struct problem unused;

    return !names || !*names || variants_parse("variants", names, set, &unused) == PZ_OK;
}

/* Missing in older files: 0. */
static bool get_monitor(const json_t *head, unsigned *monitor)
{
    uint64_t value = 0;

    if (json_object_get(head, "monitor") &&
        !get_bounded(head, "monitor", 0, VM_MONITORS - 1, &value))
        return false;
    *monitor = (unsigned)value;
    return true;
}

/* Missing in older files: one CPU. */
static bool get_cpus(const json_t *head, struct options *options)
{
    if (!json_object_get(head, "cpus"))
        return true;
    return get_bounded(head, "cpus", 1, HARTS_MOST, &options->cpus) &&
           get_bounded(head, "quantum", HARTS_QUANTUM_LEAST, INT64_MAX, &options->quantum);
}

static bool get_options(struct recording *recording, const json_t *head)
{
    struct options *options = &recording->options;
    uint64_t shadow;

    if (!get_bounded(head, "mem", PAGE_SIZE, UINT32_MAX, &options->mem) ||
        !get_bounded(head, "ram_base", 0, UINT32_MAX, &options->ram_base) ||
        !get_bounded(head, "slice", 1, INT64_MAX, &options->slices[0]) ||
        !get_bounded(head, "max_insns", 0, INT64_MAX, &options->max_insns) ||
        !get_cpus(head, options) ||
        !get_bounded(head, "shadow", 0, SHADOW_POLICIES - 1, &shadow) ||
        !get_variants(head, &options->variants) || !get_monitor(head, &options->monitor) ||
        !get_text(head, "engine", &recording->engine))
        return false;
    options->slice_count = 1;
    options->no_reboot = json_is_true(json_object_get(head, "no_reboot"));
    options->share = json_is_true(json_object_get(head, "share_pages"));
    options->shadow = (unsigned)shadow;
    options->engine = recording->engine;
    if (!options->max_insns)
        options->max_insns = UINT64_MAX;
    return !((options->mem | options->ram_base) & PAGE_MASK);
}

/* A list of words, which the recording owns. The list may be missing. */
static bool get_words(struct recording *recording, const json_t *array, struct words *words)
{
    size_t count = json_array_size(array);

    if (count > DEVICE_WORDS_MOST)
        return false;
    words->at = calloc(count + 1, sizeof *words->at);
    for (size_t i = 0; words->at && i < count; i++) {
        const char *word = json_string_value(json_array_get(array, i));
        char *copy = word ? strdup(word) : NULL;

        if (!copy)
            return false;
        recording->words[recording->word_count++] = copy;
        words->at[words->count++] = copy;
    }
    return words->at;
}

static bool get_hashes(struct recording *recording, const json_t *array)
{
    size_t count = json_array_size(array);

    recording->disk_hashes = calloc(count + 1, sizeof *recording->disk_hashes);
    if (!recording->disk_hashes)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!json_is_integer(json_array_get(array, i)))
            return false;
        recording->disk_hashes[i] = (uint64_t)json_integer_value(json_array_get(array, i));
    }
    recording->disk_count = (unsigned)count;
    return true;
}

/* 0 where it is left out. */
static bool get_small(const json_t *head, const char *name, uint64_t most, uint64_t *value)
{
    *value = 0;
    return !json_object_get(head, name) || get_bounded(head, name, 0, most, value);
}

static bool get_files(struct recording *recording, const json_t *head)
{
    struct options *options = &recording->options;
    struct words trees = {0};
    bool fine = get_words(recording, json_object_get(head, "initrds"), &options->initrds) &&
                get_words(recording, json_object_get(head, "dtb"), &trees) &&
                trees.count <= 1 && get_small(head, "load", UINT32_MAX, &options->load);

    options->has_load = json_object_get(head, "load") != NULL;
    if (fine && trees.count)
        options->dtb = trees.at[0];
    free(trees.at);
    return fine && (!json_object_get(head, "files_hash") ||
                    get_number(head, "files_hash", &recording->files_hash));
}

/* All of one kind; or of all kinds. Both may be missing. */
static bool get_rate(const json_t *list, struct rates *rates)
{
    rates->count = (unsigned)json_array_size(list);
    if (json_array_size(list) > VMM_VMS)
        return false;
    for (unsigned i = 0; i < rates->count; i++) {
        json_int_t rate = json_integer_value(json_array_get(list, i));

        if (!json_is_integer(json_array_get(list, i)) || rate < 0 || rate > LIMIT_MOST)
            return false;
        rates->at[i] = (uint32_t)rate;
    }
    return true;
}

static bool get_rates(const json_t *lists, struct rates rates[RATES])
{
    for (unsigned i = 0; i < RATES; i++)
        if (!get_rate(json_array_get(lists, i), &rates[i]))
            return false;
    return json_array_size(lists) <= RATES;
}

static bool get_devices(struct recording *recording, const json_t *head)
{
    struct options *options = &recording->options;
    uint64_t virtio, console;

    recording->words = calloc(4 * DEVICE_WORDS_MOST, sizeof *recording->words);
    if (!recording->words ||
        !get_words(recording, json_object_get(head, "disks"), &options->disks) ||
        !get_words(recording, json_object_get(head, "nets"), &options->nets) ||
        !get_files(recording, head) ||
        !get_hashes(recording, json_object_get(head, "disk_hashes")) ||
        !get_small(head, "virtio", OPTIONS_VIRTIO_MODERN, &virtio) ||
        !get_small(head, "console", OPTIONS_CONSOLE_VIRTIO, &console) ||
        !get_rates(json_object_get(head, "rates"), options->rates) ||
        !get_small(head, "balloon", UINT32_MAX, &options->balloon) ||
        !get_small(head, "rng_seed", INT64_MAX - VMM_VMS, &options->rng_seed))
        return false;
    options->has_balloon = json_object_get(head, "balloon") != NULL;
    options->virtio = (unsigned)virtio;
    options->console = (unsigned)console;
    return true;
}

/* Optional: recordings made by `pz run` have none. */
static bool get_part(struct recording *recording, const json_t *part)
{
    return !part || (get_text(part, "source", &recording->part_source) &&
                     recording->part_source && get_number(part, "hash", &recording->part_hash));
}

bool recording_head_read(struct recording *recording, const json_t *head)
{
    if (!get_options(recording, head) || !get_devices(recording, head) ||
        !get_part(recording, json_object_get(head, "part")) ||
        !get_vms(recording, json_object_get(head, "vms")))
        return false;
    set_words(recording);
    return true;
}

static enum pz_err read_head(struct reader *reader, const json_t *head)
{
    if (reader->recording->count)
        return damaged(reader, "a second head");
    if (!recording_head_read(reader->recording, head))
        return damaged(reader, "a field of the head is missing or wrong");
    return PZ_OK;
}

/* ---- data ---- */

static bool row_makes_sense(const struct recording *recording, enum recording_kind kind,
                            const uint64_t *row)
{
    const struct recording_list *list = &recording->lists[kind];
    uint64_t before = list->count ? list->at[(list->count - 1) * recording_columns(kind)] : 0;

    if (kind == RECORDING_INPUTS)
        return row[0] < recording->count && row[3] <= RECORDING_ENDED;
    if (kind == RECORDING_PAUSES && row[1] >= recording->count)
        return false;
    return row[0] >= before; /* turns are in order */
}

static bool read_row(struct recording *recording, enum recording_kind kind,
                     const json_t *columns, size_t i)
{
    uint64_t row[4];

    for (unsigned c = 0; c < recording_columns(kind); c++) {
        const json_t *cell =
            json_array_get(json_object_get(columns, recording_column(kind, c)), i);

        if (!json_is_integer(cell))
            return false;
        row[c] = (uint64_t)json_integer_value(cell);
    }
    return row_makes_sense(recording, kind, row) &&
           recording_add(&recording->lists[kind], kind, row);
}

static enum pz_err read_data(struct reader *reader, const json_t *data)
{
    for (unsigned kind = 0; kind < RECORDING_KINDS; kind++) {
        const json_t *columns = json_object_get(data, recording_list_name(kind));
        size_t rows = json_array_size(json_object_get(columns, recording_column(kind, 0)));

        for (size_t i = 0; i < rows; i++)
            if (!read_row(reader->recording, kind, columns, i))
                return damaged(reader, "a row of data is wrong");
    }
    return PZ_OK;
}

/* ---- done ---- */

static enum pz_err read_done(struct reader *reader, const json_t *done)
{
    struct recording *recording = reader->recording;
    const json_t *vms = json_object_get(done, "vms");

    reader->done = true;
    if (!get_number(done, "turns", &recording->turns) ||
        json_array_size(vms) != recording->count)
        return damaged(reader, "a field of the end is missing or wrong");
    if (json_is_true(json_object_get(done, "open")))
        recording->turns = UINT64_MAX;
    for (unsigned k = 0; k < recording->count; k++) {
        const json_t *vm = json_array_get(vms, k);

        if (!get_number(vm, "console_bytes", &recording->vms[k].console_bytes) ||
            !get_number(vm, "console_hash", &recording->vms[k].console_hash))
            return damaged(reader, "a field of the end is missing or wrong");
    }
    return PZ_OK;
}

/* ---- Frames ---- */

static enum pz_err read_packets(struct reader *reader, const struct frame *frame)
{
    struct recording *recording = reader->recording;

    return packets_unpack(&recording->packets, frame->bytes, frame->len, recording->count)
               ? PZ_OK
               : damaged(reader, "a packet is wrong");
}

static enum pz_err read_fields(struct reader *reader, const struct frame *frame)
{
    json_t *fields;
    enum pz_err err;

    if (!memcmp(frame->name, FRAME_NET, 4))
        return read_packets(reader, frame);
    fields = json_loadb((const char *)frame->bytes, frame->len, 0, NULL);

    if (!fields)
        return damaged(reader, "its fields are not JSON");
    if (!memcmp(frame->name, FRAME_HEAD, 4))
        err = read_head(reader, fields);
    else if (!reader->recording->count)
        err = damaged(reader, "it does not begin with a header");
    else if (!memcmp(frame->name, FRAME_DATA, 4))
        err = read_data(reader, fields);
    else if (!memcmp(frame->name, FRAME_DONE, 4))
        err = read_done(reader, fields);
    else
        err = damaged(reader, "a frame of a kind that this pz does not know");
    json_decref(fields);
    return err;
}

static enum pz_err read_all(struct reader *reader)
{
    struct frame frame;
    enum pz_err err = PZ_OK;

    while (!err && !reader->done) {
        err = frames_next(&reader->frames, &frame);
        if (!err)
            err = read_fields(reader, &frame);
        frame_free(&frame);
    }
    return err ? err : frames_end(&reader->frames);
}

bool recording_is(const char *path)
{
    static const char word[] = "pz-recording ";
    char begins[sizeof word - 1];
    FILE *file = fopen(path, "re");
    bool is = file && fread(begins, 1, sizeof begins, file) == sizeof begins &&
              !memcmp(begins, word, sizeof begins);

    if (file)
        fclose(file);
    return is;
}

enum pz_err recording_open(struct recording *recording, const char *path,
                           struct problem *problem)
{
    struct reader reader = {.recording = recording};
    enum pz_err err;

    memset(recording, 0, sizeof *recording);
    err = frames_open(&reader.frames, path, RECORDING_MAGIC, "recording", FILE_MOST, problem);
    if (!err)
        err = read_all(&reader);
    frames_close(&reader.frames);
    if (err)
        problem_prefix(problem, path);
    return err;
}
