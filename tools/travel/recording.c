/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording.c - what is in a recording: its lists, and whether its kernels are still the same.
 */
#include "tools/travel/recording.h"

#include <inttypes.h>
#include <stdlib.h>

#include "tools/travel/statehash.h"

#define COLUMNS_MOST 4u

static const struct list_kind {
    const char *name;
    const char *columns[COLUMNS_MOST + 1];
} kinds[RECORDING_KINDS] = {
    [RECORDING_INPUTS] = {"inputs", {"vm", "poll", "retired", "byte", NULL}},
    [RECORDING_HORIZONS] = {"horizons", {"turn", "horizon", NULL}},
    [RECORDING_PAUSES] = {"pauses", {"turn", "vm", "paused", NULL}},
    [RECORDING_CHECKS] = {"checks", {"turn", "retired", "hash", NULL}},
};

_Static_assert(sizeof(struct recording_input) == 4 * sizeof(uint64_t), "a row is numbers");
_Static_assert(sizeof(struct recording_horizon) == 2 * sizeof(uint64_t), "a row is numbers");
_Static_assert(sizeof(struct recording_pause) == 3 * sizeof(uint64_t), "a row is numbers");
_Static_assert(sizeof(struct recording_check) == 3 * sizeof(uint64_t), "a row is numbers");

unsigned recording_columns(enum recording_kind kind)
{
    unsigned count = 0;

    while (kinds[kind].columns[count])
        count++;
    return count;
}

const char *recording_column(enum recording_kind kind, unsigned column)
{
    return kinds[kind].columns[column];
}

const char *recording_list_name(enum recording_kind kind)
{
    return kinds[kind].name;
}

bool recording_add(struct recording_list *list, enum recording_kind kind, const void *row)
{
    unsigned columns = recording_columns(kind);

    if (list->count == list->room) {
        size_t room = list->room ? 2 * list->room : 256;
        uint64_t *at = realloc(list->at, room * columns * sizeof *at);

        if (!at)
            return false;
        list->at = at;
        list->room = room;
    }
    memcpy(list->at + list->count++ * columns, row, columns * sizeof *list->at);
    return true;
}

size_t recording_find(const struct recording_list *list, enum recording_kind kind,
                      uint64_t turn)
{
    unsigned columns = recording_columns(kind);
    size_t low = 0, high = list->count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (list->at[middle * columns] < turn)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint64_t recording_horizon(const struct recording *recording, uint64_t turn)
{
    const struct recording_list *list = &recording->lists[RECORDING_HORIZONS];
    size_t row = recording_find(list, RECORDING_HORIZONS, turn);
    const struct recording_horizon *rows = (const void *)list->at;

    return row < list->count && rows[row].turn == turn ? rows[row].horizon : VMM_NO_HORIZON;
}

/* Multiplying by FILE_HASH_PRIME makes the sum depend on the order of the files. */
#define FILE_HASH_PRIME 0x100000001b3u

static void add_file(uint64_t *sum, const char *path)
{
    struct problem unheard;
    struct file file;
    uint64_t hash = 0;

    if (!file_read(path, SIZE_MAX / 4, &file, &unheard))
        hash = statehash_bytes(file.bytes, file.len);
    file_free(&file);
    *sum = *sum * FILE_HASH_PRIME ^ hash;
}

uint64_t recording_files_hash(const struct options *options)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < options->initrds.count; i++)
        add_file(&sum, options->initrds.at[i]);
    if (options->dtb)
        add_file(&sum, options->dtb);
    return sum;
}

enum pz_err recording_kernels_same(const struct recording *recording,
                                   const struct machine *machine, struct problem *problem)
{
    for (unsigned k = 0; k < recording->count; k++) {
        const struct image *image = machine_image(machine, k);
        uint64_t hash = statehash_bytes(image->file.bytes, image->file.len);

        if (hash != recording->vms[k].kernel_hash)
            return problem_set(problem, PZ_USAGE,
                               "%s is not the kernel that VM %u ran (checksum %016" PRIx64
                               ", recorded %016" PRIx64 ")",
                               image->path, k, hash, recording->vms[k].kernel_hash);
    }
    if (recording_files_hash(&recording->options) != recording->files_hash)
        return problem_set(problem, PZ_USAGE,
                           "--initrd or --dtb: a file is not what it was in the recording: "
                           "put its contents back");
    return PZ_OK;
}

/*
 * The snapshot of a disk may have been made by the recorded run itself. Without it, the disk is
 * as it was before the run.
 */
static bool disk_same(struct disk *disk, uint64_t hash)
{
    uint64_t now;

    if (disk_hash(disk, &now) && now == hash)
        return true;
    if (disk->overlay.fd < 0 || !overlay_close(&disk->overlay))
        return false;
    return disk_hash(disk, &now) && now == hash;
}

enum pz_err recording_disks_same(const struct recording *recording, struct machine *machine,
                                 struct problem *problem)
{
    unsigned seen = 0;

    for (unsigned k = 0; k < machine->count; k++) {
        struct devices *devices = &machine->devices[k];

        for (unsigned i = 0; i < devices->disk_count; i++, seen++)
            if (seen >= recording->disk_count ||
                !disk_same(&devices->disks[i], recording->disk_hashes[seen]))
                return problem_set(problem, PZ_USAGE,
                                   "disk %u of VM %u is not what it was when the recording "
                                   "began: put its contents back (recorded with ,snapshot it "
                                   "would not have changed)",
                                   i, k);
    }
    return PZ_OK;
}

void recording_close(struct recording *recording)
{
    for (unsigned k = 0; recording->vms && k < recording->count; k++) {
        free(recording->vms[k].path);
        free(recording->vms[k].append);
    }
    for (unsigned kind = 0; kind < RECORDING_KINDS; kind++)
        free(recording->lists[kind].at);
    for (unsigned i = 0; i < recording->word_count; i++)
        free(recording->words[i]);
    free(recording->words);
    free(recording->disk_hashes);
    packets_free(&recording->packets);
    free(recording->vms);
    free(recording->engine);
    free(recording->part_source);
    options_free(&recording->options);
    *recording = (struct recording){.count = 0};
}
