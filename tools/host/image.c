/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image.c - from a file to a machine ready to boot. Memory not named by the file is zero
 * already: it is when a machine is made.
 *
 *   base                                                       base + size
 *   +----------+-----------+-------------+---------------+-------------+
 *   | kernel   | free      | initial     | free          | device tree |
 *   |          |           | RAM disk    |               |             |
 *   +----------+-----------+-------------+---------------+-------------+
 *
 * The initial RAM disk goes where QEMU puts it: half of memory behind the kernel's entry, but no
 * more than 128 MiB.
 */
#include "tools/host/image.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "isa/phys.h"
#include "tools/host/dtb.h"
#include "tools/host/dtb_file.h"
#include "tools/host/elf_reloc.h"
#include "tools/host/flat.h"
#include "tools/host/guests.h"
#include "tools/host/unpack.h"

#define IMAGE_MOST (256u << 20)
/* Kernels look for the tree while only the beginning of RAM is mapped. */
#define DTB_REACH (512ull << 20)
#define INITRD_MOST (1u << 30)
#define INITRD_REACH (128ull << 20)

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

/* A file that says nothing of itself is a kernel only if the user has said where it goes. */
static enum pz_err parse(struct image *image, struct elf_place place, struct problem *problem)
{
    const struct file *file = &image->file;
    enum pz_err err;

    if (!elf_is(file->bytes, file->len) &&
        (elf_load_given(&place) || flat_is_linux(file->bytes, file->len)))
        return flat_parse(file->bytes, file->len, place, &image->elf, problem);
    err = elf_parse(file->bytes, file->len, place, &image->elf, problem);
    return err ? err : elf_reloc_find(&image->elf, problem);
}

enum pz_err image_open(struct image *image, const char *path, struct elf_place place,
                       struct problem *problem)
{
    enum pz_err err;

    *image = (struct image){0};
    err = choose_path(image, path, problem);
    if (err)
        return err;
    err = file_read(image->path, IMAGE_MOST, &image->file, problem);
    if (!err)
        err = unpack(&image->file, IMAGE_MOST, problem);
    if (!err)
        err = parse(image, place, problem);
    if (err) {
        problem_prefix(problem, image->path);
        return err;
    }
    symbols_load(&image->symbols, image->file.bytes, image->file.len);
    symbols_move(&image->symbols, image->elf.bias);
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

static enum pz_err relocate(const struct image *image, const struct image_memory *memory,
                            struct problem *problem)
{
    uint32_t pa, word;

    for (uint32_t i = 0; i < image->elf.reloc_count; i++)
        if (elf_reloc(&image->elf, i, &pa, &word) &&
            !memory->write(memory->owner, pa, &word, sizeof word))
            return no_memory(problem);
    return PZ_OK;
}

/* ---- What goes with a kernel ---- */

static uint64_t kernel_end(const struct elf *elf)
{
    uint64_t end = 0;

    for (unsigned i = 0; i < elf->count; i++) {
        uint64_t segment_end = (uint64_t)elf->segments[i].pa + elf->segments[i].size;

        end = segment_end > end ? segment_end : end;
    }
    return end;
}

static uint64_t page_up(uint64_t address)
{
    return (address + PAGE_MASK) & ~(uint64_t)PAGE_MASK;
}

/* Behind the kernel in any case. */
static uint64_t initrd_address(const struct elf *elf, const struct elf_ram *ram)
{
    uint64_t reach = ram->size / 2 < INITRD_REACH ? ram->size / 2 : INITRD_REACH;
    uint64_t at = page_up(elf->entry + reach), end = page_up(kernel_end(elf));

    return at > end ? at : end;
}

/* What is put into memory besides the kernel. */
struct extras {
    struct file initrd;
    uint64_t initrd_at;
    uint8_t *tree;
    size_t tree_len;
    uint64_t tree_at;
};

static void free_extras(struct extras *extras)
{
    file_free(&extras->initrd);
    free(extras->tree);
}

static enum pz_err read_initrd(const struct image *image, const struct elf_ram *ram,
                               const char *path, struct extras *extras, struct problem *problem)
{
    enum pz_err err;

    if (!path)
        return PZ_OK;
    err = file_read(path, INITRD_MOST, &extras->initrd, problem);
    if (!err && !extras->initrd.len)
        err = problem_set(problem, PZ_USAGE, "is empty: give an archive or an image");
    extras->initrd_at = initrd_address(&image->elf, ram);
    if (err) {
        problem_prefix(problem, path);
        problem_prefix(problem, "--initrd");
    }
    return err;
}

static enum pz_err make_tree(const struct elf_ram *ram, const struct image_setup *setup,
                             struct extras *extras, struct problem *problem)
{
    const struct dtb_config config = {.ram_base = ram->base,
                                      .ram_size = ram->size,
                                      .cpus = setup->cpus,
                                      .bootargs = setup->bootargs,
                                      .initrd_start = extras->initrd_at,
                                      .initrd_end = extras->initrd_at + extras->initrd.len};

    return setup->dtb ? dtb_file(setup->dtb, &config, &extras->tree, &extras->tree_len, problem)
                      : dtb_build(&config, &extras->tree, &extras->tree_len, problem);
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

static enum pz_err check_initrd(const struct extras *extras, const struct image_setup *setup,
                                struct problem *problem)
{
    uint64_t end = extras->initrd_at + extras->initrd.len;

    if (!extras->initrd.len || end <= extras->tree_at)
        return PZ_OK;
    return problem_set(problem, PZ_USAGE,
                       "--initrd: %s: no room for its %zu bytes between 0x%" PRIx64
                       " and the device tree at 0x%" PRIx64 ": raise --mem",
                       setup->initrd, extras->initrd.len, extras->initrd_at, extras->tree_at);
}

static enum pz_err check_tree(const struct image *image, const struct elf_ram *ram,
                              struct extras *extras, struct problem *problem)
{
    size_t len = extras->tree_len;

    extras->tree_at = dtb_address(ram, len);
    if (len <= ram->size && !touches(&image->elf, extras->tree_at, extras->tree_at + len))
        return PZ_OK;
    return problem_set(problem, PZ_USAGE,
                       "%s: the kernel leaves no room for the device tree (%zu bytes at "
                       "0x%" PRIx64 "): raise --mem",
                       image->path, len, extras->tree_at);
}

static enum pz_err prepare(const struct image *image, const struct elf_ram *ram,
                           const struct image_setup *setup, struct extras *extras,
                           struct problem *problem)
{
    enum pz_err err = read_initrd(image, ram, setup->initrd, extras, problem);

    if (!err)
        err = make_tree(ram, setup, extras, problem);
    if (!err)
        err = check_tree(image, ram, extras, problem);
    return err ? err : check_initrd(extras, setup, problem);
}

static enum pz_err write_extras(const struct image_memory *memory, const struct extras *extras,
                                struct problem *problem)
{
    if (extras->initrd.len &&
        !memory->write(memory->owner, extras->initrd_at, extras->initrd.bytes,
                       (uint32_t)extras->initrd.len))
        return no_memory(problem);
    if (!memory->write(memory->owner, extras->tree_at, extras->tree,
                       (uint32_t)extras->tree_len))
        return no_memory(problem);
    return PZ_OK;
}

enum pz_err image_tree(const struct image *image, const struct elf_ram *ram,
                       const struct image_setup *setup, uint8_t **tree, size_t *len,
                       struct problem *problem)
{
    struct extras extras = {.tree = NULL};
    enum pz_err err = prepare(image, ram, setup, &extras, problem);

    *tree = NULL;
    if (!err) {
        *tree = extras.tree;
        *len = extras.tree_len;
        extras.tree = NULL;
    }
    free_extras(&extras);
    return err;
}

enum pz_err image_load(const struct image *image, const struct image_memory *memory,
                       const struct image_setup *setup, struct image_boot *boot,
                       struct problem *problem)
{
    struct extras extras = {.tree = NULL};
    enum pz_err err = prepare(image, &memory->ram, setup, &extras, problem);

    if (!err)
        err = load_segments(image, memory, problem);
    if (!err)
        err = relocate(image, memory, problem);
    if (!err)
        err = write_extras(memory, &extras, problem);
    *boot = (struct image_boot){image->elf.entry, (uint32_t)extras.tree_at};
    free_extras(&extras);
    return err;
}
