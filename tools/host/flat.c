/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flat.c - Linux's header: Documentation/riscv/boot-image-header.rst. Little-endian:
 *
 *    0  code, 8 bytes    8  text_offset: from RAM's beginning   16  image_size, in memory
 *   24  flags: bit 0 is big-endian                              32  version, 4 bytes
 *   48  "RISCV\0\0\0"   56  "RSC\5"                             60  to 64
 */
#include "tools/host/flat.h"

#include <inttypes.h>
#include <string.h>

enum {
    TEXT_OFFSET = 8,
    IMAGE_SIZE = 16,
    FLAGS = 24,
    MAGIC2 = 56,
    HEADER = 64,
};
#define BIG_ENDIAN_FLAG 1u

static const uint8_t magic2[4] = {'R', 'S', 'C', 5};

static uint64_t field(const uint8_t *bytes, unsigned offset)
{
    uint64_t value = 0;

    for (unsigned i = 8; i-- > 0;)
        value = value << 8 | bytes[offset + i];
    return value;
}

bool flat_is_linux(const uint8_t *bytes, size_t len)
{
    return len >= HEADER && !memcmp(bytes + MAGIC2, magic2, sizeof magic2);
}

#define VIRT_RAM 0x80000000u
#define VIRT_OFFSET (4u << 20) /* hw/riscv/boot.c: riscv_calc_kernel_start_addr() */

bool flat_has_place(const struct elf_ram *ram)
{
    return ram->base == VIRT_RAM;
}

/* Where it goes, and how much memory it takes. */
struct extent {
    uint64_t at, size;
};

static enum pz_err linux_extent(const uint8_t *bytes, size_t len, const struct elf_place *place,
                                struct extent *extent, struct problem *problem)
{
    uint64_t offset = field(bytes, TEXT_OFFSET), size = field(bytes, IMAGE_SIZE);

    if (field(bytes, FLAGS) & BIG_ENDIAN_FLAG)
        return problem_set(problem, PZ_USAGE,
                           "is a big-endian Linux Image: build it little-endian");
    if (size && size < len)
        return problem_set(problem, PZ_USAGE,
                           "is longer (%zu bytes) than its Linux header says it is in memory "
                           "(%" PRIu64 "): build it again",
                           len, size);
    if (offset > UINT32_MAX || size > UINT32_MAX)
        return problem_set(problem, PZ_USAGE,
                           "has a Linux header with a text offset of 0x%" PRIx64
                           " and a size of 0x%" PRIx64 ": more than 32 bits: build it again",
                           offset, size);
    *extent =
        (struct extent){elf_load_given(place) ? place->load : place->ram.base + offset, size};
    if (!size)
        extent->size = len;
    return PZ_OK;
}

static enum pz_err check(const struct extent *extent, const struct elf_ram *ram,
                         struct problem *problem)
{
    uint64_t end = extent->at + extent->size, ram_end = ram->base + ram->size;

    if (extent->at % 2)
        return problem_set(problem, PZ_USAGE,
                           "would be entered at 0x%" PRIx64
                           ", which is odd: no instruction can be there",
                           extent->at);
    if (extent->at < ram->base || end > ram_end)
        return problem_set(problem, PZ_USAGE,
                           "takes memory from 0x%" PRIx64 " to 0x%" PRIx64
                           ", which is outside RAM, 0x%" PRIx64 " to 0x%" PRIx64
                           ": change --load, --mem or --ram-base",
                           extent->at, end, ram->base, ram_end);
    return PZ_OK;
}

enum pz_err flat_parse(const uint8_t *bytes, size_t len, struct elf_place place,
                       struct elf *elf, struct problem *problem)
{
    struct extent extent = {elf_load_given(&place) ? place.load : place.ram.base + VIRT_OFFSET,
                            len};
    enum pz_err err = PZ_OK;

    *elf = (struct elf){.count = 0};
    if (len == 0)
        return problem_set(problem, PZ_USAGE, "is empty: give a kernel");
    if (flat_is_linux(bytes, len))
        err = linux_extent(bytes, len, &place, &extent, problem);
    if (!err)
        err = check(&extent, &place.ram, problem);
    if (err)
        return err;
    elf->entry = (uint32_t)extent.at;
    elf->count = 1;
    elf->segments[0] = (struct elf_segment){
        .va = elf->entry,
        .pa = elf->entry,
        .size = (uint32_t)extent.size,
        .len = (uint32_t)len,
        .bytes = bytes,
    };
    return PZ_OK;
}
