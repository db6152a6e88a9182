/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * elf.c - ELF32 headers for riscv32 executables (System V ABI, chapters 4 and 5). Sums are made
 * in 64 bits, where no field of a 32-bit file can overflow them.
 */
#include "tools/host/elf.h"

#include <elf.h>
#include <inttypes.h>
#include <string.h>

struct reader {
    const uint8_t *bytes;
    size_t len;
    struct elf_ram ram;
    uint64_t load;
    uint32_t bias; /* how far a position-independent one is moved */
    Elf32_Ehdr header;
    struct problem *problem;
};

#define REMEDY "give a riscv32 ELF kernel"

static enum pz_err bad_magic(const struct reader *reader)
{
    const uint8_t *b = reader->bytes;

    return problem_set(reader->problem, PZ_USAGE,
                       "not an ELF file (first bytes %02x %02x %02x %02x): " REMEDY
                       ", or say where a flat binary goes: --load ADDRESS",
                       b[0], b[1], b[2], b[3]);
}

static const char *machine_name(unsigned machine);

/* Up to e_machine, 64-bit headers are laid out as 32-bit ones are. */
static enum pz_err wide_class(const struct reader *reader)
{
    Elf32_Half machine = EM_NONE;

    if (reader->len >= offsetof(Elf32_Ehdr, e_version))
        memcpy(&machine, reader->bytes + offsetof(Elf32_Ehdr, e_machine), sizeof machine);
    return problem_set(reader->problem, PZ_USAGE, "is a 64-bit ELF file for %s: " REMEDY,
                       machine == EM_RISCV ? "RISC-V" : machine_name(machine));
}

/* What e_ident says, before the rest can be understood. */
static enum pz_err check_ident(const struct reader *reader)
{
    struct problem *problem = reader->problem;
    const uint8_t *b = reader->bytes;

    if (reader->len == 0)
        return problem_set(problem, PZ_USAGE, "is empty: " REMEDY);
    if (reader->len < SELFMAG)
        return problem_set(problem, PZ_USAGE, "not an ELF file (only %zu bytes): " REMEDY,
                           reader->len);
    if (memcmp(b, ELFMAG, SELFMAG))
        return bad_magic(reader);
    if (reader->len < EI_NIDENT)
        return problem_set(problem, PZ_USAGE,
                           "is cut off inside the ELF header: copy it again");
    if (b[EI_CLASS] == ELFCLASS64)
        return wide_class(reader);
    if (b[EI_CLASS] != ELFCLASS32)
        return problem_set(problem, PZ_USAGE, "has an unknown ELF class, %u: " REMEDY,
                           b[EI_CLASS]);
    if (b[EI_DATA] != ELFDATA2LSB)
        return problem_set(problem, PZ_USAGE, "is not little-endian: " REMEDY);
    return PZ_OK;
}

static const char *machine_name(unsigned machine)
{
    static const struct {
        unsigned machine;
        const char *name;
    } names[] = {
        {EM_386, "x86"},         {EM_X86_64, "x86-64"}, {EM_ARM, "Arm"},
        {EM_AARCH64, "AArch64"}, {EM_MIPS, "MIPS"},     {EM_PPC, "PowerPC"},
        {EM_SPARC, "SPARC"},     {EM_68K, "68000"},     {EM_S390, "S/390"},
        {EM_SH, "SuperH"},       {EM_XTENSA, "Xtensa"}, {EM_OPENRISC, "OpenRISC"},
    };

    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].machine == machine)
            return names[i].name;
    return "an unknown machine";
}

static const char *type_name(unsigned type)
{
    switch (type) {
    case ET_REL: return "an object file (not linked yet)";
    case ET_CORE: return "a core dump";
    default: return "of an unknown type";
    }
}

static enum pz_err check_header(const struct reader *reader)
{
    const Elf32_Ehdr *header = &reader->header;
    struct problem *problem = reader->problem;

    if (header->e_machine != EM_RISCV)
        return problem_set(problem, PZ_USAGE, "is for %s (ELF machine %u), not RISC-V: " REMEDY,
                           machine_name(header->e_machine), header->e_machine);
    if (header->e_type != ET_EXEC && header->e_type != ET_DYN)
        return problem_set(problem, PZ_USAGE, "is %s: give an executable",
                           type_name(header->e_type));
    if (header->e_version != EV_CURRENT || header->e_ehsize < sizeof *header)
        return problem_set(problem, PZ_USAGE,
                           "has a damaged ELF header (version %u, %u bytes): build it again",
                           header->e_version, header->e_ehsize);
    if (header->e_type == ET_EXEC && reader->load != ELF_NO_LOAD)
        return problem_set(problem, PZ_USAGE,
                           "is linked for its own addresses: leave out --load, or link it with "
                           "-static-pie");
    return PZ_OK;
}

static enum pz_err check_program_headers(const struct reader *reader)
{
    const Elf32_Ehdr *header = &reader->header;
    struct problem *problem = reader->problem;
    uint64_t end = (uint64_t)header->e_phoff + (uint64_t)header->e_phnum * sizeof(Elf32_Phdr);

    if (header->e_phnum == 0)
        return problem_set(problem, PZ_USAGE,
                           "has no program headers, so nothing to load: "
                           "link it as an executable");
    if (header->e_phentsize != sizeof(Elf32_Phdr))
        return problem_set(problem, PZ_USAGE,
                           "has program headers of %u bytes, not %zu: build it again",
                           header->e_phentsize, sizeof(Elf32_Phdr));
    if (end > reader->len)
        return problem_set(problem, PZ_USAGE,
                           "is cut off: its program headers end at byte %" PRIu64
                           " of %zu: copy it again",
                           end, reader->len);
    return PZ_OK;
}

/* May segment `number` be loaded at all? */
static enum pz_err check_segment(const struct reader *reader, unsigned number,
                                 const Elf32_Phdr *row)
{
    struct problem *problem = reader->problem;
    uint64_t file_end = (uint64_t)row->p_offset + row->p_filesz;
    uint64_t end = (uint64_t)row->p_paddr + row->p_memsz;
    uint64_t ram_end = reader->ram.base + reader->ram.size;

    if (row->p_filesz > row->p_memsz)
        return problem_set(problem, PZ_USAGE,
                           "segment %u has more bytes in the file (%u) than in memory (%u): "
                           "build it again",
                           number, row->p_filesz, row->p_memsz);
    if (file_end > reader->len)
        return problem_set(problem, PZ_USAGE,
                           "is cut off: segment %u ends at byte %" PRIu64
                           " of %zu: copy it again",
                           number, file_end, reader->len);
    if ((uint64_t)row->p_vaddr + row->p_memsz > 1ull << 32)
        return problem_set(
            problem, PZ_USAGE,
            "segment %u wraps round the end of the address space: build it again", number);
    if (row->p_paddr < reader->ram.base || end > ram_end)
        return problem_set(problem, PZ_USAGE,
                           "segment %u, at 0x%x to 0x%" PRIx64 ", is outside RAM, 0x%" PRIx64
                           " to 0x%" PRIx64
                           ": change --mem, --ram-base or --machine, or link it elsewhere",
                           number, row->p_paddr, end, reader->ram.base, ram_end);
    return PZ_OK;
}

static bool overlap(const struct elf_segment *a, const Elf32_Phdr *b)
{
    return (uint64_t)a->pa < (uint64_t)b->p_paddr + b->p_memsz &&
           b->p_paddr < (uint64_t)a->pa + a->size;
}

static enum pz_err check_overlap(const struct reader *reader, const struct elf *elf,
                                 unsigned number, const Elf32_Phdr *row)
{
    for (unsigned i = 0; i < elf->count; i++)
        if (overlap(&elf->segments[i], row))
            return problem_set(reader->problem, PZ_USAGE,
                               "segment %u, at 0x%x, overlaps the one at 0x%x: "
                               "correct the linker script",
                               number, row->p_paddr, elf->segments[i].pa);
    return PZ_OK;
}

static Elf32_Phdr program_header(const struct reader *reader, unsigned number)
{
    Elf32_Phdr row;

    memcpy(&row, reader->bytes + reader->header.e_phoff + number * sizeof row, sizeof row);
    return row;
}

static bool is_loaded(const Elf32_Phdr *row)
{
    return row->p_type == PT_LOAD && row->p_memsz != 0;
}

/*
 * A position-independent one goes to the beginning of RAM, as far in as its alignment wants it.
 * Sums are modulo 2^32: what comes out is checked as any other segment.
 */
static enum pz_err choose_bias(struct reader *reader)
{
    uint32_t lowest = UINT32_MAX;
    uint64_t align = 1, at;

    if (reader->header.e_type != ET_DYN)
        return PZ_OK;
    for (unsigned i = 0; i < reader->header.e_phnum; i++) {
        Elf32_Phdr row = program_header(reader, i);

        if (!is_loaded(&row))
            continue;
        if (row.p_align & (row.p_align - 1))
            return problem_set(reader->problem, PZ_USAGE,
                               "segment %u has an alignment of 0x%x, no power of two: "
                               "build it again",
                               i, row.p_align);
        lowest = row.p_paddr < lowest ? row.p_paddr : lowest;
        align = row.p_align > align ? row.p_align : align;
    }
    at = reader->load != ELF_NO_LOAD ? reader->load : reader->ram.base;
    if (reader->load != ELF_NO_LOAD && at % align)
        return problem_set(reader->problem, PZ_USAGE,
                           "needs an address that is a multiple of 0x%" PRIx64
                           ", not 0x%" PRIx64 ": change --load",
                           align, at);
    at += (align - at % align) % align;
    reader->bias = (uint32_t)at - (lowest & ~(uint32_t)(align - 1));
    return PZ_OK;
}

static enum pz_err add_segment(const struct reader *reader, unsigned number, struct elf *elf)
{
    Elf32_Phdr row = program_header(reader, number);
    enum pz_err err;

    if (!is_loaded(&row))
        return PZ_OK;
    row.p_paddr += reader->bias;
    row.p_vaddr += reader->bias;
    err = check_segment(reader, number, &row);
    if (!err)
        err = check_overlap(reader, elf, number, &row);
    if (err)
        return err;
    if (elf->count == ELF_SEGMENTS)
        return problem_set(reader->problem, PZ_USAGE,
                           "has more than %u segments to load: link it with fewer",
                           ELF_SEGMENTS);
    elf->segments[elf->count++] = (struct elf_segment){
        .va = row.p_vaddr,
        .pa = row.p_paddr,
        .size = row.p_memsz,
        .len = row.p_filesz,
        .bytes = reader->bytes + row.p_offset,
    };
    return PZ_OK;
}

static enum pz_err add_segments(const struct reader *reader, struct elf *elf)
{
    for (unsigned i = 0; i < reader->header.e_phnum; i++) {
        enum pz_err err = add_segment(reader, i, elf);

        if (err)
            return err;
    }
    if (!elf->count)
        return problem_set(reader->problem, PZ_USAGE,
                           "has no segment to load: link it as an executable");
    return PZ_OK;
}

/* A linker script may give the entry as a physical or as a virtual address. */
static enum pz_err find_entry(const struct reader *reader, struct elf *elf)
{
    uint32_t entry = reader->header.e_entry + reader->bias;

    elf->entry = entry;
    for (unsigned i = 0; i < elf->count; i++)
        if (entry - elf->segments[i].pa < elf->segments[i].size)
            return PZ_OK;
    for (unsigned i = 0; i < elf->count; i++)
        if (entry - elf->segments[i].va < elf->segments[i].size) {
            elf->entry = entry - elf->segments[i].va + elf->segments[i].pa;
            return PZ_OK;
        }
    return problem_set(reader->problem, PZ_USAGE,
                       "its entry point, 0x%x, is in none of its segments: "
                       "set ENTRY in the linker script",
                       entry);
}

static enum pz_err check_entry(const struct reader *reader, const struct elf *elf)
{
    if (elf->entry & 1)
        return problem_set(reader->problem, PZ_USAGE,
                           "its entry point, 0x%x, is odd: no instruction can be there",
                           elf->entry);
    return PZ_OK;
}

/* What is left to a dynamic linker, which a kernel does not have. */
static enum pz_err find_dynamic(const struct reader *reader, struct elf *elf)
{
    for (unsigned i = 0; i < reader->header.e_phnum; i++) {
        Elf32_Phdr row = program_header(reader, i);

        if (row.p_type != PT_DYNAMIC)
            continue;
        if ((uint64_t)row.p_offset + row.p_filesz > reader->len)
            return problem_set(reader->problem, PZ_USAGE,
                               "is cut off: its dynamic section ends at byte %" PRIu64
                               " of %zu: copy it again",
                               (uint64_t)row.p_offset + row.p_filesz, reader->len);
        elf->dynamic = reader->bytes + row.p_offset;
        elf->dynamic_len = row.p_filesz;
    }
    return PZ_OK;
}

static enum pz_err read_header(struct reader *reader)
{
    enum pz_err err = check_ident(reader);

    if (err)
        return err;
    if (reader->len < sizeof reader->header)
        return problem_set(reader->problem, PZ_USAGE,
                           "is cut off inside the ELF header: copy it again");
    memcpy(&reader->header, reader->bytes, sizeof reader->header);
    err = check_header(reader);
    return err ? err : check_program_headers(reader);
}

bool elf_is(const uint8_t *bytes, size_t len)
{
    return len >= SELFMAG && !memcmp(bytes, ELFMAG, SELFMAG);
}

enum pz_err elf_parse(const uint8_t *bytes, size_t len, struct elf_place place, struct elf *elf,
                      struct problem *problem)
{
    struct reader reader = {
        .bytes = bytes, .len = len, .ram = place.ram, .load = place.load, .problem = problem};
    enum pz_err err = read_header(&reader);

    *elf = (struct elf){.count = 0};
    if (!err)
        err = choose_bias(&reader);
    if (err)
        return err;
    elf->bias = reader.bias;
    elf->hard_float = (reader.header.e_flags & EF_RISCV_FLOAT_ABI) != EF_RISCV_FLOAT_ABI_SOFT;
    err = add_segments(&reader, elf);
    if (!err)
        err = find_entry(&reader, elf);
    if (!err)
        err = check_entry(&reader, elf);
    return err || reader.header.e_type != ET_DYN ? err : find_dynamic(&reader, elf);
}
