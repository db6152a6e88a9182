/* SPDX-License-Identifier: GPL-2.0-or-later */
/* devices.c - from --disk, --net, --console, --rng-seed and --virtio to boards. */
#include "tools/host/devices.h"

#include <stdlib.h>
#include <string.h>

/* One word is for all VMs; of several the k-th is VM k's; a single VM has them all. */
bool devices_option_is_for(const struct words *words, unsigned index, uint64_t vms, unsigned vm)
{
    return vms <= 1 || words->count == 1 || index == vm;
}

static bool disk_is_for(const struct options *options, const struct disk_spec *spec,
                        unsigned index, unsigned vm)
{
    if (options->clones) /* of one VM, which has them all */
        return true;
    return spec->names_vm ? spec->vm == vm
                          : devices_option_is_for(&options->disks, index, options->vms, vm);
}

static enum pz_err conflict(struct problem *problem)
{
    return problem_set(
        problem, PZ_USAGE,
        "--disk: one file serves as two disks, and would be written to: give each "
        "VM its own (--disk FILE,vm=K), or add ,ro");
}

static enum pz_err check_conflict(const struct devices *devices, const struct disk *disk,
                                  struct problem *problem)
{
    for (unsigned i = 0; i < devices->disk_count; i++)
        if (disk_conflict(&devices->disks[i], disk))
            return conflict(problem);
    return PZ_OK;
}

static enum pz_err open_disk(struct devices *devices, const struct disk_spec *spec,
                             enum disk_keep keep, struct problem *problem)
{
    struct disk *disk = &devices->disks[devices->disk_count];
    enum pz_err err;

    if (devices->disk_count == BOARD_SLOTS)
        return problem_set(problem, PZ_USAGE, "--disk: more than %u for one VM", BOARD_SLOTS);
    err = disk_open(disk, spec, keep, problem);
    if (!err)
        err = check_conflict(devices, disk, problem);
    devices->disk_count++;
    return err;
}

/* Specifications are looked at in full, whoever they are for. */
static enum pz_err open_if_for(struct devices *devices, const struct options *options,
                               unsigned index, unsigned vm, enum disk_keep keep,
                               struct problem *problem)
{
    struct disk_spec spec;
    enum pz_err err = disk_parse(options->disks.at[index], &spec, problem);

    if (!err && spec.names_vm && spec.vm >= (options->vms ? options->vms : 1))
        err = problem_set(problem, PZ_USAGE, "--disk %s: there is no VM %u", spec.path,
                          (unsigned)spec.vm);
    if (!err && disk_is_for(options, &spec, index, vm))
        err = open_disk(devices, &spec, keep, problem);
    free(spec.path);
    return err;
}

static unsigned others(const struct options *options)
{
    return (options->nets.count != 0) + (options->console != 0) + (options->rng_seed != 0) +
           options->has_balloon;
}

enum pz_err devices_open(struct devices *devices, const struct options *options, unsigned vm,
                         enum disk_keep keep, struct problem *problem)
{
    enum pz_err err = PZ_OK;

    memset(devices, 0, sizeof *devices);
    for (unsigned i = 0; !err && i < options->disks.count; i++)
        err = open_if_for(devices, options, i, vm, keep, problem);
    if (!err && devices->disk_count + others(options) > BOARD_SLOTS)
        err = problem_set(problem, PZ_USAGE, "more than %u virtio devices for one VM",
                          BOARD_SLOTS);
    return err;
}

enum pz_err devices_start(struct devices *devices, struct problem *problem)
{
    enum pz_err err = PZ_OK;

    for (unsigned i = 0; !err && i < devices->disk_count; i++)
        err = disk_start(&devices->disks[i], problem);
    return err;
}

bool devices_yield(struct devices *devices)
{
    bool kept = true;

    for (unsigned i = 0; i < devices->disk_count; i++)
        if (!disk_yield(&devices->disks[i]))
            kept = false;
    return kept;
}

bool devices_close(struct devices *devices)
{
    bool kept = true;

    for (unsigned i = 0; i < devices->disk_count; i++)
        if (!disk_close(&devices->disks[i]))
            kept = false;
    devices->disk_count = 0;
    return kept;
}

enum pz_err devices_conflict(const struct devices *a, const struct devices *b,
                             struct problem *problem)
{
    for (unsigned i = 0; i < b->disk_count; i++) {
        enum pz_err err = check_conflict(a, &b->disks[i], problem);

        if (err)
            return err;
    }
    return PZ_OK;
}

struct devices_moment devices_now(const struct devices *devices)
{
    struct devices_moment moment = {{0}};

    for (unsigned i = 0; i < devices->disk_count; i++)
        moment.at[i] = changes_now(&devices->disks[i].changes);
    return moment;
}

void devices_go(struct devices *devices, const struct devices_moment *moment)
{
    for (unsigned i = 0; i < devices->disk_count; i++)
        changes_go(&devices->disks[i].changes, moment->at[i]);
}

/* ---- Fitting out ---- */

static void count(struct devices *devices, const struct board_disk_request *request, bool done)
{
    if (done && request->op == BOARD_DISK_READ)
        devices->bytes_read += request->len;
    if (done && request->op == BOARD_DISK_WRITE)
        devices->bytes_written += request->len;
}

static bool request(void *owner, unsigned slot, const struct board_disk_request *request)
{
    struct devices *devices = owner;
    bool done = slot < devices->disk_count && disk_request(&devices->disks[slot], request);

    count(devices, request, done);
    return done;
}

static struct virtio_config disk_config(const struct disk *disk, unsigned slot)
{
    struct virtio_config config = {
        .device = VIRTIO_BLOCK, .read_only = disk->read_only, .sectors = disk_sectors(disk)};

    memcpy(config.serial, "pz-disk-0", 9);
    config.serial[8] = (char)('0' + slot);
    return config;
}

/* Locally administered, QEMU's first for VM 0. */
static struct virtio_config net_config(unsigned vm)
{
    return (struct virtio_config){
        .device = VIRTIO_NET,
        .mac = {0x52, 0x54, 0x00, 0x12, (uint8_t)(0x34 + (0x56 + vm) / 256),
                (uint8_t)(0x56 + vm)},
    };
}

static void fit(struct board *board, const struct options *options, unsigned *slot,
                struct virtio_config config)
{
    config.legacy = options->virtio == OPTIONS_VIRTIO_LEGACY;
    board_fit(board, (*slot)++, &config);
}

/* What the devices of VM `k` may carry in a second; 0: as much as comes. */
static uint32_t rate_of(const struct options *options, enum options_rate rate, unsigned k)
{
    const struct rates *rates = &options->rates[rate];

    if (!rates->count)
        return 0;
    return rates->at[k < rates->count ? k : rates->count - 1];
}

void devices_fit(struct devices *devices, const struct options *options, unsigned vm,
                 struct board *board)
{
    unsigned slot = 0, fitted;

    board->host.disks = (struct board_disks){request, devices};
    while (slot < devices->disk_count)
        fit(board, options, &slot, disk_config(&devices->disks[slot], slot));
    if (options_has_net(options, vm))
        fit(board, options, &slot, net_config(vm));
    if (options->console)
        fit(board, options, &slot, (struct virtio_config){.device = VIRTIO_CONSOLE});
    if (options->rng_seed)
        fit(board, options, &slot,
            (struct virtio_config){.device = VIRTIO_RNG, .seed = options->rng_seed + vm});
    if (options->has_balloon)
        fit(board, options, &slot,
            (struct virtio_config){.device = VIRTIO_BALLOON,
                                   .pages = (uint32_t)(options->balloon / PAGE_SIZE)});
    fitted = slot;
    while (slot < BOARD_SLOTS)
        fit(board, options, &slot, (struct virtio_config){.device = VIRTIO_NONE});
    board->fitted = (uint8_t)fitted;
    limit_set(&board->limits[LIMIT_DISK], rate_of(options, RATE_DISK_BYTES, vm),
              rate_of(options, RATE_DISK_OPS, vm));
    limit_set(&board->limits[LIMIT_NET], rate_of(options, RATE_NET_BYTES, vm),
              rate_of(options, RATE_NET_OPS, vm));
}
