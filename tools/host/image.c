/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image.c - from a file to a machine ready to boot. Memory not named by the file is zero
 * already: it is when a machine is made.
 *
 *   base                                                       base + size
 *   +----------------+-------------------------------------+-------------+
 *   | kernel         | whatever the kernel makes of it      | device tree |
 *   +----------------+-------------------------------------+-------------+
 */
#include "tools/host/image.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "isa/phys.h"
#include "tools/host/dtb.h"
#include "tools/host/guests.h"

#define IMAGE_MOST (256u << 20)
/* Kernels look for the tree while only the beginning of RAM is mapped. */
#define DTB_REACH (512ull << 20)

static enum pz_err choose_path(struct image *image, const char *path, struct problem *problem)
{
    char bundled[PATH_MAX];

    if (!path) {
        enum pz_err err = guests_find(GUESTS_DEFAULT, bundled, sizeof bundled, problem);

        if (err)
            return err;
        path = bundled;
    }
    image->path = strdup(path);
    return image->path ? PZ_OK : problem_memory(problem, "a file's name");
}

enum pz_err image_open(struct image *image, const char *path, struct elf_ram ram,
                       struct problem *problem)
{
    enum pz_err err;

    *image = (struct image){0};
    err = choose_path(image, path, problem);
    if (err)
        return err;
    err = file_read(image->path, IMAGE_MOST, &image->file, problem);
    if (!err)
        err = elf_parse(image->file.bytes, image->file.len, ram, &image->elf, problem);
    if (err) {
        problem_prefix(problem, image->path);
        return err;
    }
    symbols_load(&image->symbols, image->file.bytes, image->file.len);
    return PZ_OK;
}

void image_close(struct image *image)
{
    symbols_free(&image->symbols);
    file_free(&image->file);
    free(image->path);
    *image = (struct image){0};
}

const char *image_name(const struct image *image)
{
    const char *slash = strrchr(image->path, '/');

    return slash ? slash + 1 : image->path;
}

static enum pz_err no_memory(struct problem *problem)
{
    return problem_set(problem, PZ_HOST,
                       "the machine has no memory left to load a kernel: ask for fewer VMs");
}

static enum pz_err load_segments(const struct image *image, const struct image_memory *memory,
                                 struct problem *problem)
{
    for (unsigned i = 0; i < image->elf.count; i++) {
        const struct elf_segment *segment = &image->elf.segments[i];

        if (segment->len &&
            !memory->write(memory->owner, segment->pa, segment->bytes, segment->len))
            return no_memory(problem);
    }
    return PZ_OK;
}

static uint64_t dtb_address(const struct elf_ram *ram, size_t len)
{
    uint64_t reach = ram->size < DTB_REACH ? ram->size : DTB_REACH;

    return (ram->base + reach - len) & ~(uint64_t)PAGE_MASK;
}

static bool touches(const struct elf *elf, uint64_t start, uint64_t end)
{
    for (unsigned i = 0; i < elf->count; i++) {
        const struct elf_segment *segment = &elf->segments[i];

        if (start < (uint64_t)segment->pa + segment->size && segment->pa < end)
            return true;
    }
    return false;
}

static enum pz_err place_tree(const struct image *image, const struct image_memory *memory,
                              const uint8_t *tree, size_t len, struct image_boot *boot,
                              struct problem *problem)
{
    uint64_t at = dtb_address(&memory->ram, len);

    if (len > memory->ram.size || touches(&image->elf, at, at + len))
        return problem_set(problem, PZ_USAGE,
                           "%s: the kernel leaves no room for the device tree (%zu bytes at "
                           "0x%" PRIx64 "): raise --mem",
                           image->path, len, at);
    if (!memory->write(memory->owner, at, tree, (uint32_t)len))
        return no_memory(problem);
    *boot = (struct image_boot){image->elf.entry, (uint32_t)at};
    return PZ_OK;
}

enum pz_err image_load(const struct image *image, const struct image_memory *memory,
                       const char *bootargs, struct image_boot *boot, struct problem *problem)
{
    const struct dtb_config config = {memory->ram.base, memory->ram.size, memory->cpus,
                                      bootargs};
    enum pz_err err = load_segments(image, memory, problem);
    uint8_t *tree;
    size_t len;

    if (!err)
        err = dtb_build(&config, &tree, &len, problem);
    if (err)
        return err;
    err = place_tree(image, memory, tree, len, boot, problem);
    free(tree);
    return err;
}
