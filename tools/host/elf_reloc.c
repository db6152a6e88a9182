/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * elf_reloc.c - the dynamic section of a static executable (System V ABI, chapter 5). Of the
 * relocations only R_RISCV_RELATIVE can occur where no symbol is left open (RISC-V ELF psABI).
 */
#include "tools/host/elf_reloc.h"

#include <elf.h>
#include <string.h>

/* Of the dynamic section: what matters here. */
struct dynamic {
    uint32_t rela, size, entry;
    bool relr, rel, plt, needed;
};

static struct dynamic read_dynamic(const uint8_t *at, size_t len)
{
    struct dynamic dynamic = {.entry = sizeof(Elf32_Rela)};
    Elf32_Dyn row;

    for (; len >= sizeof row; at += sizeof row, len -= sizeof row) {
        memcpy(&row, at, sizeof row);
        switch (row.d_tag) {
        case DT_NULL: return dynamic;
        case DT_RELA: dynamic.rela = row.d_un.d_ptr; break;
        case DT_RELASZ: dynamic.size = row.d_un.d_val; break;
        case DT_RELAENT: dynamic.entry = row.d_un.d_val; break;
        case DT_RELSZ: dynamic.rel = row.d_un.d_val != 0; break;
        case DT_RELRSZ: dynamic.relr = row.d_un.d_val != 0; break;
        case DT_PLTRELSZ: dynamic.plt = row.d_un.d_val != 0; break;
        case DT_NEEDED: dynamic.needed = true; break;
        default: break;
        }
    }
    return dynamic;
}

static enum pz_err check_dynamic(const struct dynamic *dynamic, struct problem *problem)
{
    if (dynamic->needed || dynamic->plt)
        return problem_set(problem, PZ_USAGE,
                           "needs a dynamic linker: link it with -static-pie, or -no-pie");
    if (dynamic->relr || dynamic->rel)
        return problem_set(
            problem, PZ_USAGE,
            "has relocations that are not of the kind .rela.dyn: link it without "
            "-z pack-relative-relocs");
    if (dynamic->entry != sizeof(Elf32_Rela) || dynamic->size % sizeof(Elf32_Rela))
        return problem_set(problem, PZ_USAGE,
                           "has relocations of %u bytes in %u, not %zu each: build it again",
                           dynamic->entry, dynamic->size, sizeof(Elf32_Rela));
    return PZ_OK;
}

/* The segment that has `len` bytes of memory at a virtual address; of the file, with `stored`. */
static const struct elf_segment *holder(const struct elf *elf, uint32_t va, uint32_t len,
                                        bool stored)
{
    for (unsigned i = 0; i < elf->count; i++) {
        const struct elf_segment *segment = &elf->segments[i];
        uint32_t room = stored ? segment->len : segment->size;

        if (va >= segment->va && (uint64_t)(va - segment->va) + len <= room)
            return segment;
    }
    return NULL;
}

static Elf32_Rela row_of(const struct elf *elf, uint32_t i)
{
    Elf32_Rela row;

    memcpy(&row, elf->relocs + (size_t)i * sizeof row, sizeof row);
    return row;
}

static enum pz_err check_row(const struct elf *elf, uint32_t i, struct problem *problem)
{
    Elf32_Rela row = row_of(elf, i);
    unsigned type = ELF32_R_TYPE(row.r_info);

    if (type == R_RISCV_NONE)
        return PZ_OK;
    if (type != R_RISCV_RELATIVE)
        return problem_set(problem, PZ_USAGE,
                           "has a relocation of type %u, number %u, which asks for a dynamic "
                           "linker: link it with -static-pie and no undefined symbols",
                           type, i);
    if (!holder(elf, row.r_offset + elf->bias, sizeof(uint32_t), false))
        return problem_set(problem, PZ_USAGE,
                           "has a relocation, number %u, for 0x%x, which is in none of its "
                           "segments: build it again",
                           i, row.r_offset);
    return PZ_OK;
}

enum pz_err elf_reloc_find(struct elf *elf, struct problem *problem)
{
    struct dynamic dynamic = read_dynamic(elf->dynamic, elf->dynamic_len);
    const struct elf_segment *segment;
    enum pz_err err = check_dynamic(&dynamic, problem);

    if (err || !dynamic.size)
        return err;
    segment = holder(elf, dynamic.rela + elf->bias, dynamic.size, true);
    if (!segment)
        return problem_set(problem, PZ_USAGE,
                           "its relocations, %u bytes at 0x%x, are in none of its segments: "
                           "build it again",
                           dynamic.size, dynamic.rela);
    elf->relocs = segment->bytes + (dynamic.rela + elf->bias - segment->va);
    elf->reloc_count = dynamic.size / (uint32_t)sizeof(Elf32_Rela);
    for (uint32_t i = 0; !err && i < elf->reloc_count; i++)
        err = check_row(elf, i, problem);
    return err;
}

bool elf_reloc(const struct elf *elf, uint32_t i, uint32_t *pa, uint32_t *word)
{
    Elf32_Rela row = row_of(elf, i);
    const struct elf_segment *segment;

    if (ELF32_R_TYPE(row.r_info) != R_RISCV_RELATIVE)
        return false;
    segment = holder(elf, row.r_offset + elf->bias, sizeof *word, false);
    *pa = row.r_offset + elf->bias - segment->va + segment->pa;
    *word = (uint32_t)row.r_addend + elf->bias;
    return true;
}
