/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clone.c - one VM of a file becomes many. Its pages are put once into a file that has no name
 * (memfd_create), in order of their place; each clone has as many consecutive machine pages, and
 * the host maps that file there, privately: it copies a page for the clone that writes to it. So
 * no engine, policy or technique knows of it, and neither does the monitor, for which every clone
 * has its own pages. With --share the monitor does the same once more (vmm/share.h): there are
 * machine pages for one clone of 64 then, and what is translated is so for all of these.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <unistd.h>

#include <sys/mman.h>

#include "tools/snapshot/file.h"
#include "tools/snapshot/sections.h"
#include "tools/snapshot/state.h"
#include "tools/snapshot/stored.h"
#include "vmm/share.h"

struct model {
    int fd; /* -1: there is none */
    uint8_t *bytes;
    size_t size;
    const struct pages_rows *rows;
};

/* Its place among the rows, which are in order of their pages. */
static size_t place_of(const struct pages_rows *rows, uint32_t page)
{
    size_t low = 0, high = rows->count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (rows->at[middle].page <= page)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void put(void *owner, const struct stored_row *row, const uint8_t *bytes)
{
    const struct model *model = owner;

    memcpy(model->bytes + place_of(model->rows, row->page) * PAGE_SIZE, bytes, PAGE_SIZE);
}

static enum pz_err fill(struct model *model, struct snapshot_file *file,
                        struct problem *problem)
{
    struct stored store;
    enum pz_err err = stored_open(&store, file, problem);

    for (uint32_t group = 0; !err && group < store.groups; group++)
        if (store.first[group] < store.first[group + 1])
            err = stored_each(&store, group, put, model, problem);
    stored_close(&store);
    return err;
}

static void close_model(struct model *model)
{
    if (model->bytes)
        munmap(model->bytes, model->size);
    if (model->fd >= 0)
        close(model->fd);
}

static enum pz_err open_model(struct model *model, struct snapshot_file *file,
                              struct problem *problem)
{
    const struct pages_rows *rows = &file->vms[0].rows;
    void *bytes;

    *model = (struct model){.rows = rows, .size = (rows->count + 1) * PAGE_SIZE};
    model->fd = memfd_create("pz-clones", MFD_CLOEXEC);
    if (model->fd < 0 || ftruncate(model->fd, (off_t)model->size))
        return problem_memory(problem, "the pages that clones share");
    bytes = mmap(NULL, model->size, PROT_READ | PROT_WRITE, MAP_SHARED, model->fd, 0);
    if (bytes == MAP_FAILED)
        return problem_memory(problem, "the pages that clones share");
    model->bytes = bytes;
    return fill(model, file, problem);
}

/* Where the host cannot map them, as with larger pages of its own, they are copied. */
static bool attach(const struct model *model, struct vm *vm)
{
    struct allocator *allocator = vm->pmap.allocator;
    size_t count = model->rows->count;
    struct mpa first;
    uint8_t *host;

    if (!count)
        return true;
    if (!allocate_fresh(allocator, vm->id, PAGE_GUEST, (uint32_t)count, &first))
        return false;
    host = allocate_host(allocator, first);
    if (mmap(host, count * PAGE_SIZE, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE, model->fd, 0) == MAP_FAILED)
        memcpy(host, model->bytes, count * PAGE_SIZE);
    for (size_t i = 0; i < count; i++) {
        struct gpa gpa = {vm->pmap.base + (uint64_t)model->rows->at[i].page * PAGE_SIZE};

        if (!pmap_attach(&vm->pmap, gpa, (struct mpa){first.v + (uint32_t)i * PAGE_SIZE}))
            return false;
    }
    return true;
}

/* By --share: the monitor lets them share, too, so that machine memory is needed only once. */
static bool join(const struct model *model, struct vm *vm, const struct vm *first)
{
    for (size_t i = 0; i < model->rows->count; i++) {
        struct gpa gpa = {vm->pmap.base + (uint64_t)model->rows->at[i].page * PAGE_SIZE};

        if (!share_with(vm, gpa, first))
            return false;
    }
    return true;
}

/* As many as may share a page do so with the first of them. */
static bool give_memory(const struct model *model, struct machine *machine, unsigned k)
{
    unsigned first = k - k % SHARE_REFS_MOST;

    if (!machine->vmm.share.on || k == first)
        return attach(model, &machine->vms[k]);
    return join(model, &machine->vms[k], &machine->vms[first]);
}

enum pz_err snapshot_clone_options(const struct snapshot_file *file, uint64_t count,
                                   struct options *options, struct problem *problem)
{
    if (file->head.count != 1)
        return problem_set(problem, PZ_USAGE,
                           "%.200s has %u VMs: only one that was saved alone can be cloned",
                           file->path, file->head.count);
    if (json_is_true(json_object_get(file->vms[0].fields, "released")))
        return problem_set(problem, PZ_USAGE, "%.200s: its VM has ended", file->path);
    if (options->identity && !options->rng_seed && !options->nets.count)
        return problem_set(
            problem, PZ_USAGE,
            "--identity: a clone's own are its random numbers and the address of "
            "its network card, and this VM has neither --rng-seed nor --net");
    if (options->record)
        return problem_set(problem, PZ_USAGE,
                           "--record: a recording is of a machine from when it is switched on, "
                           "and clones were not: record the run that is cloned");
    if (options->save && options->disks.count)
        return section_no_disks(problem);
    options->vms = options->clones = count;
    return PZ_OK;
}

/* Locally administered, as the first one is; no two clones of one VM have the same. */
static void readdress(struct board *board, unsigned slot, unsigned k)
{
    uint8_t mac[6];

    memcpy(mac, board->slots[slot].config.mac, sizeof mac);
    mac[0] = (uint8_t)((mac[0] | 2) & ~1);
    mac[1] ^= 0xc1;
    mac[2] = (uint8_t)(mac[2] + (k >> 8));
    mac[3] ^= (uint8_t)k;
    board_readdress(board, slot, mac);
}

/* Each but the first goes on with numbers and an address of its own; the same in every run. */
static void differ(struct board *board, unsigned k)
{
    for (unsigned slot = 0; k && slot < BOARD_SLOTS; slot++) {
        struct virtio *virtio = &board->slots[slot];
        uint64_t pair[] = {virtio->random, k};

        if (virtio->config.device == VIRTIO_RNG)
            virtio->random = statehash_bytes(pair, sizeof pair);
        if (virtio->config.device == VIRTIO_NET)
            readdress(board, slot, k);
    }
}

static enum pz_err clone_one(struct snapshot_file *file, const struct model *model,
                             const struct options *options, unsigned k, struct machine *machine,
                             struct session *session, struct problem *problem)
{
    struct vm *vm = &machine->vms[k];
    enum pz_err err = section_state(file, 0, vm, problem);

    vm->paused = false;
    if (!err && !give_memory(model, machine, k))
        return problem_set(problem, PZ_HOST,
                           "the machine has no memory for clone %u: lower --count, or give "
                           "--share",
                           k);
    if (!err && session)
        err = section_net(file, 0, session->nets, k, problem);
    if (!err && session && !options->inputs.count &&
        !snapshot_input(file, 0, &session->ports[k].input, session->interactive))
        err = problem_memory(problem, "the consoles' input");
    if (!err && options->identity)
        differ(&vm->board, k);
    return err;
}

/* The first is the VM that was saved, in a machine of its own. */
static enum pz_err check(struct snapshot_file *file, struct machine *machine,
                         struct problem *problem)
{
    uint64_t pair[] = {0, statehash_vm(&machine->vms[0])};

    if (statehash_bytes(pair, sizeof pair) == file->hash)
        return PZ_OK;
    return format_damaged(file, FRAME_DONE, file->done_at,
                          "the resulting machine is not the one that was saved", problem);
}

/* No clone is within a turn. */
static enum pz_err restore_turn(struct snapshot_file *file, struct machine *machine,
                                struct problem *problem)
{
    json_t *turn = json_deep_copy(file->turn);
    bool restored;

    json_put(turn, "vm", json_null());
    restored = state_turn_restore(&machine->vmm, machine->vms, turn);
    json_decref(turn);
    return restored ? PZ_OK
                    : format_damaged(file, SECTION_TURN, file->turn_at,
                                     "whose turn it is makes no sense", problem);
}

enum pz_err snapshot_clone(struct snapshot_file *file, const struct options *options,
                           struct machine *machine, struct session *session,
                           struct snapshot_figures *figures, struct problem *problem)
{
    struct model model = {.fd = -1};
    enum pz_err err = recording_kernels_same(&file->head, machine, problem);

    if (!err)
        err = section_disks(file, machine, 1, problem);
    if (!err)
        err = open_model(&model, file, problem);
    for (unsigned k = 0; !err && k < machine->count; k++)
        err = clone_one(file, &model, options, k, machine, session, problem);
    close_model(&model);
    if (!err)
        err = check(file, machine, problem);
    if (!err)
        err = restore_turn(file, machine, problem);
    if (!err)
        section_go_on(machine, session);
    *figures = (struct snapshot_figures){
        .stored = file->stored, .bytes = file->frames.len, .pages = file->vms[0].rows.count};
    figures->took_ns = machine_clock(NULL) - file->opened;
    figures->work_ns = machine_work() - file->worked;
    return err;
}
