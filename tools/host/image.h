/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image.h - a kernel's file, kept open for as long as machines run it, and putting it and a
 * device tree into a machine's memory.
 */
#ifndef PZ_TOOLS_HOST_IMAGE_H
#define PZ_TOOLS_HOST_IMAGE_H

#include "tools/base/base.h"
#include "tools/host/elf.h"
#include "tools/host/symbols.h"

struct image {
    char *path;
    struct file file;
    struct elf elf;
    struct symbols symbols;
};

/* A machine's memory, as a loader sees it, and what the device tree says besides. */
struct image_memory {
    struct elf_ram ram;
    unsigned cpus;
    bool (*write)(void *owner, uint64_t pa, const void *bytes, uint32_t len);
    void *owner;
};

/* What the machine's CPU is started with. */
struct image_boot {
    uint32_t entry, dtb;
};

/* Read and check a kernel. NULL is the bundled one. To be closed whatever comes back. */
enum pz_err image_open(struct image *image, const char *path, struct elf_ram ram,
                       struct problem *problem) PZ_MUST_CHECK;
void image_close(struct image *image);

/* Its name for people: the path's last part. */
const char *image_name(const struct image *image);

/* Load the kernel, and a device tree at the top of RAM. */
enum pz_err image_load(const struct image *image, const struct image_memory *memory,
                       const char *bootargs, struct image_boot *boot,
                       struct problem *problem) PZ_MUST_CHECK;

#endif
