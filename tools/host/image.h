/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image.h - a kernel's file, kept open for as long as machines run it, and putting it, an initial
 * RAM disk and a device tree into a machine's memory. Files may be compressed (unpack.h).
 */
#ifndef PZ_TOOLS_HOST_IMAGE_H
#define PZ_TOOLS_HOST_IMAGE_H

#include "tools/base/base.h"
#include "tools/host/elf.h"
#include "tools/host/symbols.h"

struct image {
    char *path;
    struct file file; /* unpacked */
    struct elf elf;   /* what is loaded of it; flat kernels too */
    struct symbols symbols;
};

/* A machine's memory, as a loader sees it. */
struct image_memory {
    bool (*write)(void *owner, uint64_t pa, const void *bytes, uint32_t len);
    /* Bytes become zero; NULL: all are already. */
    void (*clear)(void *owner, uint64_t pa, uint64_t len);
    void *owner;
};

/* What the machine's CPU is started with. */
struct image_boot {
    uint32_t entry, dtb;
};

/* What a kernel finds in memory besides itself. */
struct image_setup {
    unsigned cpus;
    const char *bootargs;           /* "" for none */
    const char *initrd;             /* a file, loaded as it is; NULL: none */
    const char *dtb;                /* a file with a device tree; NULL: ours */
    const struct file *initrd_read; /* what was read of that file before; NULL: read it */
    bool para;                      /* the tree, if it is ours, tells of hypercalls */
    uint64_t seed;                  /* of the tree's random numbers; 0: it has none */
};

/*
 * All that one machine starts with, to be loaded as often as it restarts: files are read only once,
 * so that a machine stays what it was whatever becomes of them.
 */
struct image_set {
    const struct image *image;
    struct file initrd;
    bool borrowed; /* the initrd's bytes are somebody else's */
    uint64_t initrd_at;
    uint8_t *tree;
    size_t tree_len;
    uint64_t tree_at;
};

/* Read and check a kernel. NULL is the bundled one. To be closed whatever comes back. */
enum pz_err image_open(struct image *image, const char *path, struct elf_place place,
                       struct problem *problem) PZ_MUST_CHECK;
void image_close(struct image *image);

/* Its name for people: the path's last part. */
const char *image_name(const struct image *image);

/* A kernel, what goes with it, and a device tree. To be freed whatever comes back. */
enum pz_err image_gather(struct image_set *set, const struct image *image,
                         const struct elf_ram *ram, const struct image_setup *setup,
                         struct problem *problem) PZ_MUST_CHECK;
void image_set_free(struct image_set *set);

/* Load it: the device tree to the top of RAM. */
enum pz_err image_load(const struct image_set *set, const struct image_memory *memory,
                       struct image_boot *boot, struct problem *problem) PZ_MUST_CHECK;

/* The tree that it would load, to be freed by the caller. */
enum pz_err image_tree(const struct image *image, const struct elf_ram *ram,
                       const struct image_setup *setup, uint8_t **tree, size_t *len,
                       struct problem *problem) PZ_MUST_CHECK;

#endif
