/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fetch.c - behind a pmap (pmap_source in vmm/pmap.h): no signal handler and no help of the host's
 * kernel is needed, since nothing of a guest's memory is ever reached but through its pmap. A page
 * that cannot be had ends the VM that asks for it before it has seen another.
 */
#include "tools/snapshot/fetch.h"

#include <stdlib.h>

#define AT_ONCE 256u /* pages at the most that come before the first instruction */

/* Attach a page that nobody has touched yet; where there is no memory for it, it stays away. */
static uint8_t *attach(struct fetch *fetch, const struct stored_row *row)
{
    struct vm *vm = &fetch->machine->vms[row->vm];
    uint32_t *pending = &fetch->pending[row->vm][row->page], number = *pending;
    struct gpa gpa = {vm->pmap.base + (uint64_t)row->page * PAGE_SIZE};
    struct mpa mpa;

    if (!number || machine_released(fetch->machine, row->vm))
        return NULL;
    *pending = 0; /* so that it is attached without asking here */
    if (pmap_translate(&vm->pmap, gpa, &mpa) == PMAP_OK)
        return allocate_host(vm->pmap.allocator, mpa);
    *pending = number;
    return NULL;
}

static void put(void *owner, const struct stored_row *row, const uint8_t *bytes)
{
    struct fetch *fetch = owner;
    bool wanted =
        fetch->bytes && row->vm == fetch->wanted.vm && row->page == fetch->wanted.page;
    uint8_t *to = wanted ? fetch->bytes : attach(fetch, row);

    if (to)
        memcpy(to, bytes, PAGE_SIZE);
}

static void note_problem(struct fetch *fetch, enum pz_err err, const struct problem *problem)
{
    if (err && !fetch->err) {
        fetch->err = err;
        fetch->problem = *problem;
    }
}

static bool read_group(struct fetch *fetch, uint32_t group)
{
    struct problem problem;
    enum pz_err err = stored_each(&fetch->store, group, put, fetch, &problem);

    note_problem(fetch, err, &problem);
    return !err;
}

static const struct fetch_group *find(const struct fetch *fetch, uint32_t group)
{
    for (unsigned i = 0; i < FETCH_KEPT; i++)
        if (fetch->kept[i].group == group + 1)
            return &fetch->kept[i];
    return NULL;
}

/* NULL: it cannot be read. */
static const struct fetch_group *keep(struct fetch *fetch, uint32_t group)
{
    struct fetch_group *kept = &fetch->kept[fetch->next++ % FETCH_KEPT];
    struct problem problem;
    enum pz_err err;

    frame_free(&kept->frame);
    *kept = (struct fetch_group){.group = 0};
    err = stored_read(&fetch->store, group, &kept->frame, &kept->first, &problem);
    note_problem(fetch, err, &problem);
    fetch->seen[group] = true;
    kept->group = err ? 0 : group + 1;
    return err ? NULL : kept;
}

/*
 * Of a group that is touched for the first time only the page that is wanted is attached: those
 * that are touched far apart would bring seven along in vain. The group is kept for a while; if it
 * has to be read again, all of it is attached.
 */
static bool fill_one(struct fetch *fetch, uint32_t stored, uint8_t *bytes)
{
    uint32_t group = stored_group(&fetch->store, stored);
    const struct fetch_group *kept = find(fetch, group);

    if (!kept && !fetch->seen[group])
        kept = keep(fetch, group);
    if (!kept)
        return !fetch->err && read_group(fetch, group);
    memcpy(bytes, kept->frame.bytes + (size_t)(stored - kept->first) * PAGE_SIZE, PAGE_SIZE);
    return true;
}

static bool fill(void *owner, struct pmap *pmap, struct gpa page, uint8_t *bytes)
{
    struct fetch *fetch = owner;
    struct stored_row wanted = {.vm = (uint16_t)(pmap->owner - 1),
                                .page = (uint32_t)((page.v - pmap->base) / PAGE_SIZE)};
    uint32_t *pending = &fetch->pending[wanted.vm][wanted.page];
    bool filled;

    if (!*pending)
        return true;
    wanted.stored = *pending - 1;
    *pending = 0;
    fetch->wanted = wanted;
    fetch->bytes = bytes;
    filled = fill_one(fetch, wanted.stored, bytes);
    fetch->bytes = NULL;
    return filled;
}

static void forget(void *owner, struct pmap *pmap, struct gpa page)
{
    struct fetch *fetch = owner;

    fetch->pending[pmap->owner - 1][(page.v - pmap->base) / PAGE_SIZE] = 0;
}

/* Does anything of a group still come? */
static bool is_pending(const struct fetch *fetch, uint32_t group)
{
    const struct stored *store = &fetch->store;

    for (uint32_t i = store->first[group]; i < store->first[group + 1]; i++)
        if (fetch->pending[store->rows[i].vm][store->rows[i].page] &&
            !machine_released(fetch->machine, store->rows[i].vm))
            return true;
    return false;
}

static bool is_used(const struct stored *store, uint32_t group)
{
    for (uint32_t i = store->first[group]; i < store->first[group + 1]; i++)
        if (store->rows[i].used)
            return true;
    return false;
}

enum pz_err fetch_all(struct fetch *fetch, struct problem *problem)
{
    for (uint32_t group = 0; !fetch->err && group < fetch->store.groups; group++)
        if (is_pending(fetch, group) && read_group(fetch, group) && is_pending(fetch, group))
            return problem_set(problem, PZ_HOST, "the machine has no memory for all its VMs");
    if (fetch->err)
        *problem = fetch->problem;
    return fetch->err;
}

enum pz_err fetch_used(struct fetch *fetch, struct problem *problem)
{
    uint32_t count = 0;

    for (uint32_t group = 0; !fetch->err && count < AT_ONCE && group < fetch->store.groups;
         group++)
        if (is_used(&fetch->store, group)) {
            (void)read_group(fetch, group);
            count += PAGES_GROUP;
        }
    if (fetch->err)
        *problem = fetch->problem;
    return fetch->err;
}

static bool fill_all(void *owner, struct pmap *pmap)
{
    struct problem problem;

    (void)pmap; /* with all others: it is asked of each */
    return !fetch_all(owner, &problem);
}

static bool note_rows(struct fetch *fetch)
{
    const struct snapshot_file *file = fetch->store.file;

    for (unsigned k = 0; k < fetch->machine->count; k++) {
        const struct pages_rows *rows = &file->vms[k].rows;

        fetch->pending[k] =
            calloc(fetch->machine->vms[k].pmap.size / PAGE_SIZE, sizeof(uint32_t));
        if (!fetch->pending[k])
            return false;
        for (size_t i = 0; i < rows->count; i++)
            fetch->pending[k][rows->at[i].page] = rows->at[i].stored + 1;
    }
    return true;
}

enum pz_err fetch_open(struct fetch *fetch, struct snapshot_file *file, struct machine *machine,
                       struct problem *problem)
{
    enum pz_err err;

    *fetch = (struct fetch){.machine = machine, .count = machine->count};
    fetch->source = (struct pmap_source){fill, forget, fill_all, fetch};
    err = stored_open(&fetch->store, file, problem);
    fetch->pending = calloc(machine->count, sizeof *fetch->pending);
    fetch->seen = calloc((size_t)fetch->store.groups + 1, sizeof *fetch->seen);
    if (!err && (!fetch->seen || !fetch->pending || !note_rows(fetch)))
        err = problem_memory(problem, "the pages of the file");
    for (unsigned k = 0; !err && k < machine->count; k++)
        machine->vms[k].pmap.source = &fetch->source;
    return err;
}

void fetch_close(struct fetch *fetch)
{
    for (unsigned k = 0; fetch->pending && k < fetch->count; k++)
        free(fetch->pending[k]);
    free(fetch->pending);
    free(fetch->seen);
    for (unsigned i = 0; i < FETCH_KEPT; i++)
        frame_free(&fetch->kept[i].frame);
    stored_close(&fetch->store);
}
