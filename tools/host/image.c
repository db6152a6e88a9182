/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image.c - from a file to a machine ready to boot. Memory not named by the file is zero
 * already when a machine is made; when it restarts it may have been used.
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
#include <unistd.h>

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
    struct problem none;

    if (!path) {
        enum pz_err err = guests_find(GUESTS_DEFAULT, bundled, sizeof bundled, problem);

        if (err)
            return err;
        path = bundled;
    } else if (*path && !strchr(path, '/') && access(path, F_OK) &&
               !guests_find(path, bundled, sizeof bundled, &none)) {
        path = bundled; /* the name of a bundled guest, and no file here */
    }
    image->path = strdup(path);
    return image->path ? PZ_OK : problem_memory(problem, "a file's name");
}

/*
 * A file that says nothing of itself is a kernel if the user has said where it goes, or that the
 * machine is one where everybody knows.
 */
static bool is_flat(const struct file *file, const struct elf_place *place)
{
    return !elf_is(file->bytes, file->len) &&
           (elf_load_given(place) || flat_is_linux(file->bytes, file->len) ||
            flat_has_place(&place->ram));
}

static enum pz_err parse(struct image *image, struct elf_place place, struct problem *problem)
{
    const struct file *file = &image->file;
    enum pz_err err;

    if (is_flat(file, &place))
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

static bool load_segment(const struct elf_segment *segment, const struct image_memory *memory)
{
    if (memory->clear)
        memory->clear(memory->owner, segment->pa, segment->size);
    return !segment->len ||
           memory->write(memory->owner, segment->pa, segment->bytes, segment->len);
}

static bool load_segments(const struct image *image, const struct image_memory *memory)
{
    for (unsigned i = 0; i < image->elf.count; i++)
        if (!load_segment(&image->elf.segments[i], memory))
            return false;
    return true;
}

static bool relocate(const struct image *image, const struct image_memory *memory)
{
    uint32_t pa, word;

    for (uint32_t i = 0; i < image->elf.reloc_count; i++)
        if (elf_reloc(&image->elf, i, &pa, &word) &&
            !memory->write(memory->owner, pa, &word, sizeof word))
            return false;
    return true;
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

void image_set_free(struct image_set *set)
{
    if (!set->borrowed)
        file_free(&set->initrd);
    free(set->tree);
    *set = (struct image_set){.image = NULL};
}

static enum pz_err read_initrd(const struct image *image, const struct elf_ram *ram,
                               const struct image_setup *setup, struct image_set *set,
                               struct problem *problem)
{
    const char *path = setup->initrd;
    enum pz_err err = PZ_OK;

    if (!path)
        return PZ_OK;
    set->initrd_at = initrd_address(&image->elf, ram);
    set->borrowed = setup->initrd_read != NULL;
    if (set->borrowed)
        set->initrd = *setup->initrd_read;
    else
        err = file_read(path, INITRD_MOST, &set->initrd, problem);
    if (!err && !set->initrd.len)
        err = problem_set(problem, PZ_USAGE, "is empty: give an archive or an image");
    if (err) {
        problem_prefix(problem, path);
        problem_prefix(problem, "--initrd");
    }
    return err;
}

static enum pz_err make_tree(const struct elf_ram *ram, const struct image_setup *setup,
                             struct image_set *set, struct problem *problem)
{
    const struct dtb_config config = {.ram_base = ram->base,
                                      .ram_size = ram->size,
                                      .cpus = setup->cpus,
                                      .bootargs = setup->bootargs,
                                      .para = setup->para,
                                      .seed = setup->seed,
                                      .initrd_start = set->initrd_at,
                                      .initrd_end = set->initrd_at + set->initrd.len};

    return setup->dtb ? dtb_file(setup->dtb, &config, &set->tree, &set->tree_len, problem)
                      : dtb_build(&config, &set->tree, &set->tree_len, problem);
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

static enum pz_err check_initrd(const struct image_set *set, const struct image_setup *setup,
                                struct problem *problem)
{
    uint64_t end = set->initrd_at + set->initrd.len;

    if (!set->initrd.len || end <= set->tree_at)
        return PZ_OK;
    return problem_set(problem, PZ_USAGE,
                       "--initrd: %s: no room for its %zu bytes between 0x%" PRIx64
                       " and the device tree at 0x%" PRIx64 ": raise --mem",
                       setup->initrd, set->initrd.len, set->initrd_at, set->tree_at);
}

static enum pz_err check_tree(const struct image *image, const struct elf_ram *ram,
                              struct image_set *set, struct problem *problem)
{
    size_t len = set->tree_len;

    set->tree_at = dtb_address(ram, len);
    if (len <= ram->size && !touches(&image->elf, set->tree_at, set->tree_at + len))
        return PZ_OK;
    return problem_set(problem, PZ_USAGE,
                       "%s: the kernel leaves no room for the device tree (%zu bytes at "
                       "0x%" PRIx64 "): raise --mem",
                       image->path, len, set->tree_at);
}

enum pz_err image_gather(struct image_set *set, const struct image *image,
                         const struct elf_ram *ram, const struct image_setup *setup,
                         struct problem *problem)
{
    enum pz_err err;

    *set = (struct image_set){.image = image};
    err = read_initrd(image, ram, setup, set, problem);
    if (!err)
        err = make_tree(ram, setup, set, problem);
    if (!err)
        err = check_tree(image, ram, set, problem);
    return err ? err : check_initrd(set, setup, problem);
}

enum pz_err image_tree(const struct image *image, const struct elf_ram *ram,
                       const struct image_setup *setup, uint8_t **tree, size_t *len,
                       struct problem *problem)
{
    struct image_set set;
    enum pz_err err = image_gather(&set, image, ram, setup, problem);

    *tree = NULL;
    if (!err) {
        *tree = set.tree;
        *len = set.tree_len;
        set.tree = NULL;
    }
    image_set_free(&set);
    return err;
}

static bool write_extras(const struct image_set *set, const struct image_memory *memory)
{
    return (!set->initrd.len || memory->write(memory->owner, set->initrd_at, set->initrd.bytes,
                                              (uint32_t)set->initrd.len)) &&
           memory->write(memory->owner, set->tree_at, set->tree, (uint32_t)set->tree_len);
}

enum pz_err image_load(const struct image_set *set, const struct image_memory *memory,
                       struct image_boot *boot, struct problem *problem)
{
    *boot = (struct image_boot){set->image->elf.entry, (uint32_t)set->tree_at};
    if (load_segments(set->image, memory) && relocate(set->image, memory) &&
        write_extras(set, memory))
        return PZ_OK;
    return problem_set(problem, PZ_HOST,
                       "the machine has no memory left to load a kernel: ask for fewer VMs");
}
