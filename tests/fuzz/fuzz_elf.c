/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_elf.c - a kernel's file of any bytes, ELF, flat or compressed: it is refused with a
 * reason, or everything elf.h promises of it holds. Its symbols are optional, but never harm.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tools/base/file.h"
#include "tools/host/elf_reloc.h"
#include "tools/host/flat.h"
#include "tools/host/symbols.h"
#include "tools/host/unpack.h"

#define UNPACKED_MOST (1u << 20)

static const struct elf_ram rams[] = {
    {0, 16u << 20},
    {0x80000000u, 128u << 20},
    {0, (1ull << 32) - 4096},
};

static void check_segment(const struct elf_segment *segment, struct elf_ram ram,
                          const uint8_t *bytes, size_t len)
{
    MUST(segment->size && segment->len <= segment->size);
    MUST(segment->pa >= ram.base);
    MUST((uint64_t)segment->pa + segment->size <= ram.base + ram.size);
    MUST((uint64_t)segment->va + segment->size <= 1ull << 32);
    MUST(segment->bytes >= bytes && segment->bytes <= bytes + len);
    MUST(segment->len <= (size_t)(bytes + len - segment->bytes));
}

static void check_apart(const struct elf_segment *a, const struct elf_segment *b)
{
    MUST((uint64_t)a->pa + a->size <= b->pa || (uint64_t)b->pa + b->size <= a->pa);
}

static void check_elf(const struct elf *elf, struct elf_ram ram, const uint8_t *bytes,
                      size_t len)
{
    bool inside = false;

    MUST(elf->count > 0 && elf->count <= ELF_SEGMENTS);
    MUST(elf->entry % 2 == 0);
    for (unsigned i = 0; i < elf->count; i++) {
        const struct elf_segment *segment = &elf->segments[i];

        check_segment(segment, ram, bytes, len);
        for (unsigned j = 0; j < i; j++)
            check_apart(segment, &elf->segments[j]);
        inside |= elf->entry - segment->pa < segment->size;
    }
    MUST(inside);
}

static void check_relocs(const struct elf *elf, struct elf_ram ram)
{
    uint32_t pa, word;

    for (uint32_t i = 0; i < elf->reloc_count; i++)
        if (elf_reloc(elf, i, &pa, &word))
            MUST(pa >= ram.base && (uint64_t)pa + sizeof word <= ram.base + ram.size);
}

static void parse(const uint8_t *bytes, size_t len, struct elf_place place, bool flat)
{
    struct elf elf;
    struct problem problem;

    memset(&problem, 0xa5, sizeof problem);
    if (!(flat ? flat_parse : elf_parse)(bytes, len, place, &elf, &problem)) {
        check_elf(&elf, place.ram, bytes, len);
        if (!elf_reloc_find(&elf, &problem))
            check_relocs(&elf, place.ram);
        return;
    }
    MUST(memchr(problem.text, '\0', sizeof problem.text));
    MUST(problem.text[0]);
}

static void look_up(const struct symbols *symbols, uint32_t address)
{
    uint32_t offset;
    const char *name = symbols_find(symbols, address, &offset);

    if (name)
        MUST(strlen(name) > 0 && offset <= address);
}

static void load_symbols(const uint8_t *bytes, size_t len)
{
    struct symbols symbols;

    symbols_load(&symbols, bytes, len);
    for (size_t i = 0; i < symbols.count; i++) {
        const struct symbol *symbol = &symbols.list[i];

        MUST((const uint8_t *)symbol->name >= bytes);
        MUST((const uint8_t *)symbol->name + strlen(symbol->name) < bytes + len);
        MUST(!i || symbols.list[i - 1].address <= symbol->address);
        look_up(&symbols, symbol->address);
        look_up(&symbols, symbol->address - 1);
        look_up(&symbols, symbol->address + symbol->size);
    }
    look_up(&symbols, 0);
    look_up(&symbols, UINT32_MAX);
    symbols_free(&symbols);
}

static void parse_all(const uint8_t *bytes, size_t len)
{
    for (unsigned i = 0; i < sizeof rams / sizeof rams[0]; i++) {
        struct elf_place place = {rams[i], ELF_NO_LOAD};

        parse(bytes, len, place, false);
        if (flat_is_linux(bytes, len))
            parse(bytes, len, place, true);
        place.load = 0x80200000u;
        parse(bytes, len, place, false);
        parse(bytes, len, place, true);
    }
    load_symbols(bytes, len);
}

static void parse_unpacked(const uint8_t *bytes, size_t len)
{
    struct file file = {malloc(len + 1), len};
    struct problem problem;

    MUST(file.bytes);
    memcpy(file.bytes, bytes, len);
    if (!unpack(&file, UNPACKED_MOST, &problem)) {
        MUST(file.len <= (len > UNPACKED_MOST ? len : UNPACKED_MOST));
        parse_all(file.bytes, file.len);
    }
    file_free(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    parse_all(bytes, len);
    parse_unpacked(bytes, len);
    return 0;
}
