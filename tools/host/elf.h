/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * elf.h - a kernel's ELF file, which may be hostile: everything in it is checked before anything is
 * done, and a file that passes can be loaded without further checks. Reading the
 * file is left to image.c.
 */
#ifndef PZ_TOOLS_HOST_ELF_H
#define PZ_TOOLS_HOST_ELF_H

#include <stddef.h>

#include "tools/base/base.h"

#define ELF_SEGMENTS 64u

/* A loadable segment: `len` bytes of the file, then zeros up to `size` bytes of memory. */
struct elf_segment {
    uint32_t va, pa;
    uint32_t size;
    uint32_t len;
    const uint8_t *bytes; /* in the file's bytes */
};

struct elf {
    uint32_t entry; /* physical: translation is off when a kernel is entered */
    unsigned count;
    struct elf_segment segments[ELF_SEGMENTS];

    /* For a position-independent one: how far it was moved, and its relocations. */
    uint32_t bias;
    const uint8_t *dynamic; /* its dynamic section; NULL: none */
    size_t dynamic_len;
    const uint8_t *relocs; /* elf_reloc_find() */
    uint32_t reloc_count;
    bool hard_float; /* made for a CPU with floating-point registers */
};

/* Where a kernel's physical addresses have to lie. */
struct elf_ram {
    uint64_t base, size;
};

/* Where one may go that can be put anywhere. */
#define ELF_NO_LOAD UINT64_MAX
struct elf_place {
    struct elf_ram ram;
    uint64_t load; /* ELF_NO_LOAD: not given */
};

static inline bool elf_load_given(const struct elf_place *place)
{
    return place->load != ELF_NO_LOAD;
}

/* Does the file begin as an ELF file does? */
bool elf_is(const uint8_t *bytes, size_t len);

/* Check all of the file and find its segments. `elf` points into `bytes` afterwards. */
enum pz_err elf_parse(const uint8_t *bytes, size_t len, struct elf_place place, struct elf *elf,
                      struct problem *problem) PZ_MUST_CHECK;

#endif
