/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_elf.c - a kernel's file of any bytes: it is refused with a reason, or everything elf.h
 * promises of it holds. Its symbols are optional, but never harm.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tools/host/elf.h"
#include "tools/host/symbols.h"

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

static void parse(const uint8_t *bytes, size_t len, struct elf_ram ram)
{
    struct elf elf;
    struct problem problem;

    memset(&problem, 0xa5, sizeof problem);
    if (!elf_parse(bytes, len, ram, &elf, &problem)) {
        check_elf(&elf, ram, bytes, len);
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

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    for (unsigned i = 0; i < sizeof rams / sizeof rams[0]; i++)
        parse(bytes, len, rams[i]);
    load_symbols(bytes, len);
    return 0;
}
