/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pack.c - writes an archive: first lists the pieces that a loader would write to memory, then lays
 * them out.
 */
#include "tools/type1/pack.h"

#include <stdlib.h>
#include <string.h>

#include "vmm/type1/archive.h"

struct packing {
    struct archive_vm vms[ARCHIVE_VMS];
    struct archive_piece *pieces; /* of all VMs; `at` counts from the first byte of `bytes` */
    unsigned first[ARCHIVE_VMS];  /* the first piece of each */
    unsigned count;
    uint8_t *bytes;
    size_t len;
    bool failed; /* no memory, or too much of it */
};

static bool add_piece(struct packing *packing, struct archive_piece piece)
{
    size_t size = (packing->count + 1) * sizeof *packing->pieces;
    struct archive_piece *more = realloc(packing->pieces, size);

    if (!more)
        return false;
    packing->pieces = more;
    packing->pieces[packing->count++] = piece;
    return true;
}

/* Bytes before a piece that make its place in the archive as aligned as its address. */
static uint32_t padding(const struct packing *packing, uint64_t pa)
{
    return (uint32_t)(pa - packing->len) % ARCHIVE_ALIGNMENT;
}

static bool write_piece(void *owner, uint64_t pa, const void *bytes, uint32_t len)
{
    struct packing *packing = owner;
    size_t at = packing->len + padding(packing, pa);
    uint8_t *more;

    if (at + len > UINT32_MAX / 2 || !(more = realloc(packing->bytes, at + len + 1)))
        return false;
    packing->bytes = more;
    memset(packing->bytes + packing->len, 0, at - packing->len);
    memcpy(packing->bytes + at, bytes, len);
    packing->len = at + len;
    return add_piece(packing, (struct archive_piece){pa, (uint32_t)at + 1, len});
}

static void clear_piece(void *owner, uint64_t pa, uint64_t len)
{
    struct packing *packing = owner;

    if (!add_piece(packing, (struct archive_piece){pa, 0, (uint32_t)len}))
        packing->failed = true;
}

static void describe(struct archive_vm *vm, const struct options *options, unsigned k,
                     const struct image *image, struct image_boot boot)
{
    unsigned last = options->share_count ? options->share_count - 1 : 0;

    *vm = (struct archive_vm){
        .ram_base = options->ram_base,
        .ram_size = options->mem,
        .shares =
            options->share_count ? options->shares[k < last ? k : last] : VM_SHARES_DEFAULT,
        .cpus = options->cpus ? (uint32_t)options->cpus : 1,
        .entry = boot.entry,
        .dtb = boot.dtb,
    };
    snprintf(vm->name, sizeof vm->name, "%s", image_name(image));
}

static enum pz_err pack_vm(struct packing *packing, const struct options *options, unsigned k,
                           struct problem *problem)
{
    const struct image_memory memory = {write_piece, clear_piece, packing};
    struct image_set set = {0};
    struct image_boot boot;
    struct image image;
    enum pz_err err = machine_gather(options, k, &image, &set, problem);

    packing->first[k] = packing->count;
    if (!err)
        err = image_load(&set, &memory, &boot, problem);
    if (!err)
        describe(&packing->vms[k], options, k, &image, boot);
    image_set_free(&set);
    image_close(&image);
    return err;
}

/* Head, VMs, pieces, bytes: see archive.h. */
static enum pz_err lay_out(struct packing *packing, unsigned vms, struct file *archive,
                           struct problem *problem)
{
    uint32_t pieces_at = (uint32_t)(sizeof(struct archive_head) + vms * sizeof packing->vms[0]);
    uint32_t bytes_at = pieces_at + packing->count * (uint32_t)sizeof *packing->pieces;
    struct archive_head head = {ARCHIVE_MAGIC, ARCHIVE_VERSION, vms,
                                bytes_at + (uint32_t)packing->len};

    archive->bytes = malloc(head.size);
    if (packing->failed || !archive->bytes)
        return problem_memory(problem, "the archive");
    archive->len = head.size;
    for (unsigned i = 0; i < packing->count; i++)
        if (packing->pieces[i].at)
            packing->pieces[i].at += bytes_at - 1;
    for (unsigned k = 0; k < vms; k++) {
        unsigned end = k + 1 < vms ? packing->first[k + 1] : packing->count;

        packing->vms[k].pieces = end - packing->first[k];
        packing->vms[k].pieces_at =
            pieces_at + packing->first[k] * (uint32_t)sizeof *packing->pieces;
    }
    memcpy(archive->bytes, &head, sizeof head);
    memcpy(archive->bytes + sizeof head, packing->vms, vms * sizeof packing->vms[0]);
    memcpy(archive->bytes + pieces_at, packing->pieces,
           packing->count * sizeof *packing->pieces);
    memcpy(archive->bytes + bytes_at, packing->bytes, packing->len);
    return PZ_OK;
}

enum pz_err pack_vms(const struct options *options, struct file *archive,
                     struct problem *problem)
{
    struct packing packing = {.count = 0};
    unsigned vms = (unsigned)options->vms;
    enum pz_err err = PZ_OK;

    *archive = (struct file){0};
    if (vms > ARCHIVE_VMS)
        return problem_set(problem, PZ_USAGE, "%u VMs: an archive holds at most %u", vms,
                           ARCHIVE_VMS);
    for (unsigned k = 0; !err && k < vms; k++)
        err = pack_vm(&packing, options, k, problem);
    if (!err)
        err = lay_out(&packing, vms, archive, problem);
    free(packing.pieces);
    free(packing.bytes);
    return err;
}
