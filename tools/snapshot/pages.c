/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages.c - equal pages are found by their hash, and then compared: a hash alone could be forged
 * by a guest.
 */
#include "tools/snapshot/pages.h"

#include <errno.h>
#include <stdlib.h>

#include "tools/snapshot/stored.h"
#include "vmm/memory.h"
#include "vmm/rmap.h"

/* ---- Gathering ---- */

static uint64_t vm_pages(const struct vm *vm)
{
    return vm->pmap.size / PAGE_SIZE;
}

static struct mpa mpa_at(const struct vm *vm, uint64_t page)
{
    return pmap_lookup(&vm->pmap, (struct gpa){vm->pmap.base + page * PAGE_SIZE});
}

static const uint8_t *page_at(struct vm *vm, uint64_t page)
{
    return memory_look(vm, (struct gpa){vm->pmap.base + page * PAGE_SIZE});
}

/* Pages of its RAM that are anywhere: its own, shared, or paged out. */
static uint32_t count_pages(const struct vm *vm)
{
    struct gpa gpa = {vm->pmap.base};
    uint32_t count = 0;

    for (; pmap_next(&vm->pmap, &gpa); gpa.v += PAGE_SIZE)
        count++;
    return count;
}

/* Does its guest work with it? A shadow maps it, or it is a page table. */
static bool is_used(const struct vm *vm, uint64_t page)
{
    struct mpa mpa = mpa_at(vm, page);
    const struct page *info = mpa.v ? allocate_info(vm->pmap.allocator, mpa) : NULL;

    return info && (rmap_first(vm->pmap.allocator, mpa, vm->id).v || info->shadows.v ||
                    info->traced || info->rooted);
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

/* Those in use first: then they are together in the file, and come together. */
static void store_vm(struct pages *pages, unsigned k, struct vm *vm, bool used)
{
    for (uint64_t page = 0; page < vm_pages(vm); page++) {
        const uint8_t *bytes = page_at(vm, page);

        if (!bytes || pages->based[k][page] || is_used(vm, page) != used ||
            phys_is_zero(bytes, PAGE_SIZE))
            continue;
        pages->numbers[k][page] = store(pages, bytes) + 1;
    }
}

/* Its number, plus 1: the base's come behind all that are stored. */
static uint32_t number_of(const struct pages *pages, unsigned k, uint64_t page)
{
    if (pages->based[k][page])
        return pages->count + pages->based[k][page];
    return pages->numbers[k][page];
}

static bool make_rows(struct pages *pages, unsigned k, const struct vm *vm)
{
    struct pages_rows *rows = &pages->vms[k];
    size_t count = 0;

    for (uint64_t page = 0; page < vm_pages(vm); page++)
        count += number_of(pages, k, page) != 0;
    rows->at = malloc(count * sizeof *rows->at + 1);
    for (uint64_t page = 0; rows->at && page < vm_pages(vm); page++)
        if (number_of(pages, k, page))
            rows->at[rows->count++] = (struct pages_row){
                (uint32_t)page, number_of(pages, k, page) - 1, is_used(vm, page)};
    return rows->at;
}

/* No more pages are attached than the machine has given out, and shared ones more than once. */
static bool make_room(struct pages *pages, const struct machine *machine)
{
    uint32_t count = machine->vmm.allocator.used;
    bool made;

    for (unsigned k = 0; machine->vmm.pages_move && k < machine->count; k++)
        count += machine_released(machine, k) ? 0 : count_pages(&machine->vms[k]);
    pages->room = 1;
    while (pages->room < count)
        pages->room *= 2;
    pages->vm_count = machine->count;
    pages->vms = calloc(machine->count, sizeof *pages->vms);
    pages->numbers = calloc(machine->count, sizeof *pages->numbers);
    pages->based = calloc(machine->count, sizeof *pages->based);
    pages->stored = malloc(pages->room * sizeof(void *));
    pages->next = malloc(pages->room * sizeof *pages->next);
    pages->heads = calloc(pages->room, sizeof *pages->heads);
    pages->places = calloc(pages->room / PAGES_GROUP + 1, sizeof *pages->places);
    made = pages->vms && pages->numbers && pages->based && pages->stored && pages->next &&
           pages->heads && pages->places;
    for (unsigned k = 0; made && k < machine->count; k++) {
        pages->numbers[k] = calloc(vm_pages(&machine->vms[k]), sizeof(uint32_t));
        pages->based[k] = calloc(vm_pages(&machine->vms[k]), sizeof(uint32_t));
        made = pages->numbers[k] && pages->based[k];
    }
    return made;
}

/* What the base has at the same place counts, if it is the same. */
struct since {
    struct pages *pages;
    struct machine *machine;
};

static void compare(void *owner, const struct stored_row *row, const uint8_t *bytes)
{
    const struct since *since = owner;
    const uint8_t *now;

    if (machine_released(since->machine, row->vm))
        return;
    now = page_at(&since->machine->vms[row->vm], row->page);
    if (now && !memcmp(now, bytes, PAGE_SIZE))
        since->pages->based[row->vm][row->page] = row->stored + 1;
}

static enum pz_err gather_since(struct pages *pages, struct machine *machine,
                                struct snapshot_file *base, struct problem *problem)
{
    struct since since = {pages, machine};
    struct stored store;
    enum pz_err err = stored_open(&store, base, problem);

    for (uint32_t group = 0; !err && group < store.groups; group++)
        err = stored_each(&store, group, compare, &since, problem);
    stored_close(&store);
    return err;
}

enum pz_err pages_gather(struct pages *pages, struct machine *machine,
                         struct snapshot_file *base, struct problem *problem)
{
    enum pz_err err = PZ_OK;

    *pages = (struct pages){.count = 0};
    if (!make_room(pages, machine))
        return problem_memory(problem, "the pages to be saved");
    if (base)
        err = gather_since(pages, machine, base, problem);
    for (unsigned pass = 0; !err && pass < 2; pass++)
        for (unsigned k = 0; k < machine->count; k++)
            if (!machine_released(machine, k))
                store_vm(pages, k, &machine->vms[k], !pass);
    for (unsigned k = 0; !err && k < machine->count; k++)
        if (!machine_released(machine, k) && !make_rows(pages, k, &machine->vms[k]))
            err = problem_memory(problem, "the pages to be saved");
    return err;
}

static void free_each(void *list, unsigned count)
{
    void **at = list;

    for (unsigned k = 0; at && k < count; k++)
        free(at[k]);
    free(at);
}

void pages_close(struct pages *pages)
{
    for (unsigned k = 0; pages->vms && k < pages->vm_count; k++)
        free(pages->vms[k].at);
    free(pages->vms);
    free_each(pages->numbers, pages->vm_count);
    free_each(pages->based, pages->vm_count);
    free(pages->stored);
    free(pages->next);
    free(pages->heads);
    free(pages->places);
}

/* ---- Writing ---- */

static uint32_t group_size(uint32_t from, uint32_t count)
{
    return count - from < PAGES_GROUP ? count - from : PAGES_GROUP;
}

bool pages_write(struct pages *pages, FILE *file)
{
    uint8_t *group = malloc(PAGES_GROUP * PAGE_SIZE);
    bool written = group != NULL;

    errno = group ? 0 : ENOMEM;
    for (uint32_t from = 0; written && from < pages->count; from += PAGES_GROUP) {
        uint32_t size = group_size(from, pages->count);
        off_t place = ftello(file);

        for (uint32_t i = 0; i < size; i++)
            memcpy(group + (size_t)i * PAGE_SIZE, pages->stored[from + i], PAGE_SIZE);
        pages->places[from / PAGES_GROUP] = (size_t)place;
        written =
            place >= 0 && frame_write_bytes(file, PAGES_FRAME, group, (size_t)size * PAGE_SIZE);
    }
    free(group);
    return written;
}

uint8_t *pages_index(const struct pages *pages, unsigned vm, size_t *len)
{
    const struct pages_rows *rows = &pages->vms[vm];
    uint8_t *bytes = malloc(rows->count * PAGES_ROW + 1);

    *len = rows->count * PAGES_ROW;
    for (size_t i = 0; bytes && i < rows->count; i++)
        format_put_row(bytes + i * PAGES_ROW, &rows->at[i]);
    return bytes;
}
