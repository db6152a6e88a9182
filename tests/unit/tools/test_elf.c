/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_elf.c - kernels as files: a small valid one, made here, and the same with one field changed
 * at a time. Each change is refused for its own reason, at its exact limit.
 */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"
#include "tools/host/elf.h"
#include "tools/host/symbols.h"

enum { SEGMENTS_ROOM = ELF_SEGMENTS + 2, CODE = 64 };

static const struct elf_ram ram = {0x10000, 0x10000};

/* The file: headers, the code of all segments, a symbol table, names, section headers. */
static struct {
    Elf32_Ehdr header;
    Elf32_Phdr segments[SEGMENTS_ROOM];
    uint8_t code[CODE];
    Elf32_Sym symbols[4];
    char names[32];
    Elf32_Shdr sections[3];
} file;

static uint64_t load = ELF_NO_LOAD;
static struct elf elf;
static struct problem problem;

/* Segment `number` is loaded at `pa` and linked at `va`. */
static void set_segment(unsigned number, uint32_t va, uint32_t pa, uint32_t len, uint32_t size)
{
    file.segments[number] = (Elf32_Phdr){.p_type = PT_LOAD,
                                         .p_offset = offsetof(__typeof__(file), code),
                                         .p_vaddr = va,
                                         .p_paddr = pa,
                                         .p_filesz = len,
                                         .p_memsz = size};
}

static void make_good(void)
{
    memset(&file, 0, sizeof file);
    memcpy(file.header.e_ident, ELFMAG, SELFMAG);
    file.header.e_ident[EI_CLASS] = ELFCLASS32;
    file.header.e_ident[EI_DATA] = ELFDATA2LSB;
    file.header.e_type = ET_EXEC;
    file.header.e_machine = EM_RISCV;
    file.header.e_version = EV_CURRENT;
    file.header.e_entry = 0x10000;
    file.header.e_phoff = offsetof(__typeof__(file), segments);
    file.header.e_ehsize = sizeof file.header;
    file.header.e_phentsize = sizeof file.segments[0];
    file.header.e_phnum = 2;
    set_segment(0, 0xc0000000, 0x10000, CODE, 0x1000);
    set_segment(1, 0xc0001000, 0x11000, 0, 0x1000);
}

static enum pz_err parse(size_t len)
{
    problem.text[0] = '\0';
    return elf_parse((const uint8_t *)&file, len, (struct elf_place){ram, load}, &elf,
                     &problem);
}

static void is_good(void)
{
    ck_assert_msg(!parse(sizeof file), "%s", problem.text);
}

static void is_refused(const char *reason)
{
    ck_assert_int_eq(parse(sizeof file), PZ_USAGE);
    ck_assert_msg(strstr(problem.text, reason), "not '%s' but: %s", reason, problem.text);
    make_good();
}

START_TEST(test_good)
{
    make_good();
    is_good();
    ck_assert_uint_eq(elf.count, 2);
    ck_assert_uint_eq(elf.entry, 0x10000);
    ck_assert_uint_eq(elf.segments[0].va, 0xc0000000);
    ck_assert_uint_eq(elf.segments[0].pa, 0x10000);
    ck_assert_uint_eq(elf.segments[0].len, CODE);
    ck_assert_uint_eq(elf.segments[0].size, 0x1000);
    ck_assert_ptr_eq(elf.segments[0].bytes, file.code);
}
END_TEST

/* Cut off at any byte before the end of what is loaded. */
START_TEST(test_cut)
{
    size_t needed = offsetof(__typeof__(file), code) + CODE;

    make_good();
    for (size_t len = 0; len < needed; len++) {
        ck_assert_int_eq(parse(len), PZ_USAGE);
        ck_assert_uint_gt(strlen(problem.text), 0);
    }
    ck_assert(!parse(needed));
}
END_TEST

START_TEST(test_header)
{
    make_good();
    file.header.e_ident[1] = 'F';
    is_refused("not an ELF file (first bytes 7f 46 4c 46)");
    file.header.e_ident[EI_CLASS] = ELFCLASS64;
    is_refused("is a 64-bit ELF file for RISC-V");
    file.header.e_ident[EI_DATA] = ELFDATA2MSB;
    is_refused("is not little-endian");
    file.header.e_machine = EM_X86_64;
    is_refused("is for x86-64 (ELF machine 62), not RISC-V");
    file.header.e_machine = 0xfff0;
    is_refused("is for an unknown machine");
    file.header.e_type = ET_REL;
    is_refused("object file");
    file.header.e_type = 0xffff;
    is_refused("of an unknown type");
    file.header.e_version = 2;
    is_refused("damaged ELF header");
    file.header.e_ehsize = 51;
    is_refused("damaged ELF header");
    file.header.e_phentsize = 56;
    is_refused("program headers of 56 bytes, not 32");
    file.header.e_phnum = 0;
    is_refused("has no program headers");
    file.header.e_phnum = 0xffff;
    is_refused("is cut off: its program headers end at byte");
    file.header.e_phoff = 0xffffffff;
    is_refused("is cut off: its program headers end at byte");
}
END_TEST

/* Each limit: the last good value, and the first bad one. */
START_TEST(test_segment_limits)
{
    make_good();
    file.segments[0].p_filesz = file.segments[0].p_memsz = CODE;
    is_good();
    file.segments[0].p_memsz = CODE - 1;
    is_refused("more bytes in the file");
    file.segments[0].p_offset = 0xffffffff;
    is_refused("is cut off: segment 0");
    file.segments[1].p_paddr = 0x1f000;
    is_good();
    file.segments[1].p_paddr = 0x1f001;
    is_refused("is outside RAM, 0x10000 to 0x20000");
    file.segments[0].p_paddr = 0xffff;
    is_refused("is outside RAM");
    file.segments[1].p_memsz = 0xffffffff;
    is_refused("segment 1");
    file.segments[1].p_vaddr = 0xfffff000;
    is_good();
    file.segments[1].p_vaddr = 0xfffff001;
    is_refused("wraps round the end of the address space");
    file.segments[1].p_paddr = 0x10fff;
    is_refused("overlaps the one at 0x10000");
    file.segments[1].p_paddr = 0x10000;
    is_refused("overlaps the one at 0x10000");
}
END_TEST

/* What takes no memory is passed over, wherever it claims to be. */
START_TEST(test_passed_over)
{
    make_good();
    file.segments[1] = (Elf32_Phdr){.p_type = PT_LOAD, .p_paddr = 0xf0000000};
    is_good();
    ck_assert_uint_eq(elf.count, 1);
    file.segments[1] = (Elf32_Phdr){.p_type = PT_NOTE, .p_paddr = 1, .p_memsz = 0xffffffff};
    is_good();
    ck_assert_uint_eq(elf.count, 1);
    file.segments[0].p_type = PT_NULL;
    is_refused("has no segment to load");
}
END_TEST

START_TEST(test_many_segments)
{
    make_good();
    for (unsigned i = 0; i < SEGMENTS_ROOM; i++)
        set_segment(i, i * 16, 0x10000 + i * 16, 16, 16);
    file.header.e_phnum = ELF_SEGMENTS;
    is_good();
    ck_assert_uint_eq(elf.count, ELF_SEGMENTS);
    file.header.e_phnum = ELF_SEGMENTS + 1;
    is_refused("more than 64 segments");
}
END_TEST

/* The entry may be physical or virtual; physical is looked for first. */
START_TEST(test_entry)
{
    make_good();
    file.header.e_entry = 0x10ffe;
    is_good();
    ck_assert_uint_eq(elf.entry, 0x10ffe);
    file.header.e_entry = 0xc0001010;
    is_good();
    ck_assert_uint_eq(elf.entry, 0x11010);
    set_segment(1, 0x10000, 0x11000, 0, 0x1000);
    file.header.e_entry = 0x10010;
    is_good();
    ck_assert_uint_eq(elf.entry, 0x10010);
    make_good();
    file.header.e_entry = 0x10001;
    is_refused("its entry point, 0x10001, is odd");
    file.header.e_entry = 0x12000;
    is_refused("its entry point, 0x12000, is in none of its segments");
    file.header.e_entry = 0xc0002000;
    is_refused("is in none of its segments");
}
END_TEST

static void set_symbol(unsigned number, uint32_t address, uint32_t size, unsigned name,
                       unsigned type)
{
    file.symbols[number] = (Elf32_Sym){.st_name = name,
                                       .st_value = address,
                                       .st_size = size,
                                       .st_info = ELF32_ST_INFO(STB_GLOBAL, type),
                                       .st_shndx = 1};
}

static void add_symbols(void)
{
    memcpy(file.names, "\0main\0helper\0$x\0", 16);
    set_symbol(1, 0x1010, 0x10, 6, STT_FUNC);
    set_symbol(2, 0x1000, 0x10, 1, STT_FUNC);
    set_symbol(3, 0x1000, 0, 13, STT_NOTYPE);
    file.header.e_shoff = offsetof(__typeof__(file), sections);
    file.header.e_shentsize = sizeof file.sections[0];
    file.header.e_shnum = 3;
    file.sections[1] = (Elf32_Shdr){.sh_type = SHT_SYMTAB,
                                    .sh_link = 2,
                                    .sh_offset = offsetof(__typeof__(file), symbols),
                                    .sh_size = sizeof file.symbols};
    file.sections[2] = (Elf32_Shdr){.sh_type = SHT_STRTAB,
                                    .sh_offset = offsetof(__typeof__(file), names),
                                    .sh_size = sizeof file.names};
}

static size_t load_symbols(struct symbols *symbols)
{
    symbols_load(symbols, (const uint8_t *)&file, sizeof file);
    return symbols->count;
}

START_TEST(test_symbols)
{
    struct symbols symbols;
    uint32_t offset;

    make_good();
    add_symbols();
    ck_assert_uint_eq(load_symbols(&symbols), 2);
    ck_assert_ptr_null(symbols_find(&symbols, 0xfff, &offset));
    ck_assert_str_eq(symbols_find(&symbols, 0x1000, &offset), "main");
    ck_assert_str_eq(symbols_find(&symbols, 0x100f, &offset), "main");
    ck_assert_uint_eq(offset, 15);
    ck_assert_str_eq(symbols_find(&symbols, 0x1010, &offset), "helper");
    ck_assert_ptr_null(symbols_find(&symbols, 0x1020, &offset));
    ck_assert_ptr_null(symbols_find(&symbols, UINT32_MAX, &offset));
    symbols_free(&symbols);
}
END_TEST

/* An assembler's local labels come first, and may be millions: a function behind them counts. */
START_TEST(test_symbols_behind_labels)
{
    const size_t labels = 2u << 20, table = (labels + 1) * sizeof(Elf32_Sym);
    uint8_t *bytes = calloc(1, sizeof file + table);
    struct symbols symbols;

    ck_assert_ptr_nonnull(bytes);
    make_good();
    add_symbols();
    file.sections[1].sh_offset = sizeof file;
    file.sections[1].sh_size = (uint32_t)table;
    memcpy(bytes, &file, sizeof file);
    memcpy(bytes + sizeof file + table - sizeof(Elf32_Sym), &file.symbols[1],
           sizeof(Elf32_Sym));
    symbols_load(&symbols, bytes, sizeof file + table);
    ck_assert_uint_eq(symbols.count, 1);
    ck_assert_str_eq(symbols.list[0].name, "helper");
    symbols_free(&symbols);
    free(bytes);
}
END_TEST

/* A damaged table gives no names, and no harm. */
START_TEST(test_bad_symbols)
{
    static const uint32_t wild[] = {0, 1, 3, 0x7fffffff, 0xffffffff};
    struct symbols symbols;

    for (unsigned i = 0; i < sizeof wild / sizeof wild[0]; i++) {
        uint32_t *const fields[] = {&file.sections[1].sh_offset, &file.sections[1].sh_size,
                                    &file.sections[1].sh_link,   &file.sections[2].sh_offset,
                                    &file.sections[2].sh_size,   &file.symbols[1].st_name,
                                    &file.header.e_shoff};

        for (unsigned j = 0; j < sizeof fields / sizeof fields[0]; j++) {
            make_good();
            add_symbols();
            *fields[j] = wild[i];
            ck_assert_uint_le(load_symbols(&symbols), sizeof file / sizeof(Elf32_Sym));
            symbols_free(&symbols);
        }
    }
}
END_TEST

SUITE_MAIN("elf", test_good, test_cut, test_header, test_segment_limits, test_passed_over,
           test_many_segments, test_entry, test_symbols, test_symbols_behind_labels,
           test_bad_symbols)
