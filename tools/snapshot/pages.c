/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages.c - equal pages are found by their hash, and then compared: a hash alone could be forged
 * by a guest.
 */
#include "tools/snapshot/pages.h"

#include <errno.h>
#include <stdlib.h>

#include "tools/travel/travel.h"

#define FRAME_PAGES "page"
#define FRAME_INDEX "indx"
#define ROW_BYTES 8u

/* ---- Gathering ---- */

static uint64_t vm_pages(const struct vm *vm)
{
    return vm->pmap.size / PAGE_SIZE;
}

static const uint8_t *page_at(const struct vm *vm, uint64_t page)
{
    struct mpa mpa = pmap_lookup(&vm->pmap, (struct gpa){vm->pmap.base + page * PAGE_SIZE});

    return mpa.v ? allocate_host(vm->pmap.allocator, mpa) : NULL;
}

/* The number of its bytes; they are stored if they were not. */
static uint32_t store(struct pages *pages, const uint8_t *bytes)
{
    uint32_t *head = &pages->heads[statehash_bytes(bytes, PAGE_SIZE) & (pages->room - 1)];

    for (uint32_t at = *head; at; at = pages->next[at - 1])
        if (!memcmp(pages->stored[at - 1], bytes, PAGE_SIZE))
            return at - 1;
    pages->stored[pages->count] = bytes;
    pages->next[pages->count] = *head;
    *head = ++pages->count;
    return pages->count - 1;
}

static bool gather_vm(struct pages *pages, struct pages_rows *rows, const struct vm *vm)
{
    uint32_t most = allocate_count(vm->pmap.allocator, vm->id, PAGE_GUEST);

    rows->at = malloc((size_t)most * sizeof *rows->at + 1);
    if (!rows->at)
        return false;
    for (uint64_t page = 0; page < vm_pages(vm); page++) {
        const uint8_t *bytes = page_at(vm, page);

        if (bytes && !phys_is_zero(bytes, PAGE_SIZE))
            rows->at[rows->count++] = (struct pages_row){(uint32_t)page, store(pages, bytes)};
    }
    return true;
}

/* No more pages are attached than the machine has given out. */
static bool make_room(struct pages *pages, const struct machine *machine)
{
    pages->room = 1;
    while (pages->room < machine->vmm.allocator.used)
        pages->room *= 2;
    pages->vm_count = machine->count;
    pages->vms = calloc(machine->count, sizeof *pages->vms);
    pages->stored = malloc(pages->room * sizeof(void *));
    pages->next = malloc(pages->room * sizeof *pages->next);
    pages->heads = calloc(pages->room, sizeof *pages->heads);
    return pages->vms && pages->stored && pages->next && pages->heads;
}

bool pages_gather(struct pages *pages, struct machine *machine)
{
    *pages = (struct pages){.count = 0};
    if (!make_room(pages, machine))
        return false;
    for (unsigned k = 0; k < machine->count; k++)
        if (!machine_released(machine, k) &&
            !gather_vm(pages, &pages->vms[k], &machine->vms[k]))
            return false;
    return true;
}

void pages_close(struct pages *pages)
{
    for (unsigned k = 0; pages->vms && k < pages->vm_count; k++)
        free(pages->vms[k].at);
    free(pages->vms);
    free(pages->stored);
    free(pages->next);
    free(pages->heads);
}

/* ---- Writing ---- */

static uint32_t group_size(uint32_t from, uint32_t count)
{
    return count - from < PAGES_GROUP ? count - from : PAGES_GROUP;
}

bool pages_write(const struct pages *pages, FILE *file)
{
    uint8_t *group = malloc(PAGES_GROUP * PAGE_SIZE);
    bool written = group != NULL;

    errno = group ? 0 : ENOMEM;
    for (uint32_t from = 0; written && from < pages->count; from += PAGES_GROUP) {
        uint32_t size = group_size(from, pages->count);

        for (uint32_t i = 0; i < size; i++)
            memcpy(group + (size_t)i * PAGE_SIZE, pages->stored[from + i], PAGE_SIZE);
        written = frame_write_bytes(file, FRAME_PAGES, group, (size_t)size * PAGE_SIZE);
    }
    free(group);
    return written;
}

static bool write_rows(const struct pages_rows *rows, FILE *file)
{
    uint8_t *bytes = malloc(rows->count * ROW_BYTES + 1);
    bool written;

    errno = ENOMEM;
    if (!bytes)
        return false;
    for (size_t i = 0; i < rows->count; i++) {
        store_le32(bytes + i * ROW_BYTES, rows->at[i].page);
        store_le32(bytes + i * ROW_BYTES + 4, rows->at[i].stored);
    }
    written = frame_write_bytes(file, FRAME_INDEX, bytes, rows->count * ROW_BYTES);
    free(bytes);
    return written;
}

bool pages_write_index(const struct pages *pages, FILE *file)
{
    for (unsigned k = 0; k < pages->vm_count; k++)
        if (!write_rows(&pages->vms[k], file))
            return false;
    return true;
}

/* ---- Reading ---- */

enum pz_err pages_open(struct pages_stored *stored, struct frames *frames, uint64_t count)
{
    enum pz_err err = PZ_OK;

    *stored = (struct pages_stored){.count = 0};
    /* No page is packed into less than a byte of the file. */
    if (count > frames->file.len)
        return frames_damaged(frames, "a count makes no sense");
    stored->bytes = malloc((size_t)count * PAGE_SIZE + 1);
    if (!stored->bytes)
        return problem_memory(frames->problem, "the pages of the file");
    while (!err && stored->count < count) {
        uint32_t size = group_size(stored->count, (uint32_t)count);
        struct frame frame;

        err = frames_expect(frames, FRAME_PAGES, &frame);
        if (!err && frame.len != (size_t)size * PAGE_SIZE)
            err = frames_damaged(frames, "not as many pages as there should be");
        if (!err)
            memcpy(stored->bytes + (size_t)stored->count * PAGE_SIZE, frame.bytes, frame.len);
        stored->count += size;
        frame_free(&frame);
    }
    return err;
}

void pages_free(struct pages_stored *stored)
{
    free(stored->bytes);
}

static struct pages_row row_of(const struct frame *frame, size_t at)
{
    return (struct pages_row){load_le32(frame->bytes + at), load_le32(frame->bytes + at + 4)};
}

/* In order, each once, within the VM's RAM and among what is stored. */
static bool rows_are_legal(const struct pages_stored *stored, const struct vm *vm,
                           const struct frame *frame)
{
    uint64_t least = 0;

    for (size_t at = 0; at < frame->len; at += ROW_BYTES) {
        struct pages_row row = row_of(frame, at);

        if (row.page < least || row.page >= vm_pages(vm) || row.stored >= stored->count)
            return false;
        least = (uint64_t)row.page + 1;
    }
    return true;
}

static enum pz_err put_rows(const struct pages_stored *stored, struct vm *vm,
                            const struct frame *frame, struct problem *problem)
{
    for (size_t at = 0; at < frame->len; at += ROW_BYTES) {
        struct pages_row row = row_of(frame, at);
        struct gpa gpa = {vm->pmap.base + (uint64_t)row.page * PAGE_SIZE};

        if (!vm_write(vm, gpa, stored->bytes + (size_t)row.stored * PAGE_SIZE, PAGE_SIZE))
            return problem_set(problem, PZ_HOST, "the machine has no memory for all its VMs");
    }
    return PZ_OK;
}

enum pz_err pages_restore(const struct pages_stored *stored, struct frames *frames,
                          struct vm *vm, uint64_t *count)
{
    struct frame frame;
    enum pz_err err = frames_expect(frames, FRAME_INDEX, &frame);

    if (!err && (frame.len % ROW_BYTES || !rows_are_legal(stored, vm, &frame)))
        err = frames_damaged(frames, "a row of the index makes no sense");
    if (!err) {
        vm->board.clear(&vm->board, vm->pmap.base, vm->pmap.size);
        err = put_rows(stored, vm, &frame, frames->problem);
        *count += frame.len / ROW_BYTES;
    }
    frame_free(&frame);
    return err;
}
