/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stored.c - numbers of pages go through all files: a file's own first, then those of its base. A
 * group is of one file; the last group of each may be shorter than others.
 */
#include "tools/snapshot/stored.h"

#include <stdlib.h>

static uint32_t groups_of(uint32_t pages)
{
    return (pages + PAGES_GROUP - 1) / PAGES_GROUP;
}

uint32_t stored_group(const struct stored *store, uint32_t stored)
{
    const struct snapshot_file *file = store->file;
    uint32_t before = 0;

    for (; stored >= file->stored; file = file->base) {
        stored -= file->stored;
        before += groups_of(file->stored);
    }
    return before + stored / PAGES_GROUP;
}

/* Sorted by counting; the place of each group's next row is in `first` meanwhile. */
static void sort_rows(struct stored *store)
{
    for (unsigned vm = 0; vm < store->file->head.count; vm++) {
        const struct pages_rows *rows = &store->file->vms[vm].rows;

        for (size_t i = 0; i < rows->count; i++) {
            const struct pages_row *row = &rows->at[i];

            store->rows[store->first[stored_group(store, row->stored)]++] =
                (struct stored_row){row->stored, row->page, (uint16_t)vm, row->used};
        }
    }
    memmove(store->first + 1, store->first, store->groups * sizeof *store->first);
    store->first[0] = 0;
}

static size_t count_rows(struct stored *store)
{
    size_t count = 0;

    for (unsigned vm = 0; vm < store->file->head.count; vm++)
        count += store->file->vms[vm].rows.count;
    return count;
}

static void count_groups(struct stored *store)
{
    uint32_t before = 0;

    for (unsigned vm = 0; vm < store->file->head.count; vm++) {
        const struct pages_rows *rows = &store->file->vms[vm].rows;

        for (size_t i = 0; i < rows->count; i++)
            store->first[stored_group(store, rows->at[i].stored)]++;
    }
    for (uint32_t group = 0; group <= store->groups; group++) {
        uint32_t here = store->first[group];

        store->first[group] = before;
        before += here;
    }
}

enum pz_err stored_open(struct stored *store, struct snapshot_file *file,
                        struct problem *problem)
{
    *store = (struct stored){.file = file};
    for (const struct snapshot_file *each = file; each; each = each->base)
        store->groups += groups_of(each->stored);
    store->rows = malloc(count_rows(store) * sizeof *store->rows + 1);
    store->first = calloc((size_t)store->groups + 1, sizeof *store->first);
    if (!store->rows || !store->first)
        return problem_memory(problem, "the pages of the file");
    count_groups(store);
    sort_rows(store);
    return PZ_OK;
}

void stored_close(struct stored *store)
{
    free(store->rows);
    free(store->first);
}

/* The file that a group is in, and where; `*number` is its first page's. */
static struct snapshot_file *find(const struct stored *store, uint32_t group, uint32_t *number,
                                  uint32_t *count)
{
    struct snapshot_file *file = store->file;

    *number = 0;
    for (; group >= groups_of(file->stored); file = file->base) {
        group -= groups_of(file->stored);
        *number += file->stored;
    }
    *count = file->stored - group * PAGES_GROUP;
    *count = *count < PAGES_GROUP ? *count : PAGES_GROUP;
    *number += group * PAGES_GROUP;
    file->frames.at = file->places[group];
    return file;
}

enum pz_err stored_read(const struct stored *store, uint32_t group, struct frame *frame,
                        uint32_t *first, struct problem *problem)
{
    uint32_t count;
    struct snapshot_file *file = find(store, group, first, &count);
    enum pz_err err;

    file->frames.problem = problem;
    err = frames_expect(&file->frames, PAGES_FRAME, frame);
    if (!err && frame->len != (size_t)count * PAGE_SIZE)
        err = frames_damaged(&file->frames, "not as many pages as there should be");
    if (err)
        problem_prefix(problem, file->path);
    return err;
}

enum pz_err stored_each(const struct stored *store, uint32_t group,
                        void (*each)(void *owner, const struct stored_row *row,
                                     const uint8_t *bytes),
                        void *owner, struct problem *problem)
{
    struct frame frame;
    uint32_t number;
    enum pz_err err = stored_read(store, group, &frame, &number, problem);

    for (uint32_t i = store->first[group]; !err && i < store->first[group + 1]; i++)
        each(owner, &store->rows[i],
             frame.bytes + (size_t)(store->rows[i].stored - number) * PAGE_SIZE);
    frame_free(&frame);
    return err;
}
