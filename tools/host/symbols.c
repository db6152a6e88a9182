/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * symbols.c - reads section headers, which elf.c has not looked at: every offset is checked
 * here. Only named functions, labels without a type (assembly's) and objects are kept.
 */
#include "tools/host/symbols.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"

#define SYMBOLS_MOST (1u << 20) /* that are kept: tables may have millions of local labels */
/* A label has no size: it may name this much of what follows, up to the next symbol. */
#define LABEL_REACH 4096u

struct section {
    const uint8_t *bytes;
    uint32_t len;
};

static bool read_header(const uint8_t *bytes, size_t len, Elf32_Ehdr *header)
{
    if (len < sizeof *header)
        return false;
    memcpy(header, bytes, sizeof *header);
    return !memcmp(header->e_ident, ELFMAG, SELFMAG) &&
           header->e_ident[EI_CLASS] == ELFCLASS32 &&
           header->e_shentsize == sizeof(Elf32_Shdr) &&
           (uint64_t)header->e_shoff + (uint64_t)header->e_shnum * sizeof(Elf32_Shdr) <= len;
}

static Elf32_Shdr section_row(const uint8_t *bytes, const Elf32_Ehdr *header, unsigned number)
{
    Elf32_Shdr row;

    memcpy(&row, bytes + header->e_shoff + number * sizeof row, sizeof row);
    return row;
}

static bool section_in(const Elf32_Shdr *row, const uint8_t *bytes, size_t len,
                       struct section *section)
{
    if ((uint64_t)row->sh_offset + row->sh_size > len || row->sh_type == SHT_NOBITS)
        return false;
    *section = (struct section){bytes + row->sh_offset, row->sh_size};
    return true;
}

/* The symbol table, and the names that it refers to, which must end in a NUL. */
static bool find_tables(const uint8_t *bytes, size_t len, struct section *table,
                        struct section *names)
{
    Elf32_Ehdr header;

    if (!read_header(bytes, len, &header))
        return false;
    for (unsigned i = 0; i < header.e_shnum; i++) {
        Elf32_Shdr row = section_row(bytes, &header, i);

        if (row.sh_type != SHT_SYMTAB || row.sh_link >= header.e_shnum)
            continue;
        if (!section_in(&row, bytes, len, table))
            return false;
        row = section_row(bytes, &header, row.sh_link);
        return section_in(&row, bytes, len, names) && names->len &&
               !names->bytes[names->len - 1];
    }
    return false;
}

unsigned symbols_code(const uint8_t *bytes, size_t len,
                      struct symbols_part parts[SYMBOLS_PARTS])
{
    Elf32_Ehdr header;
    struct section code;
    unsigned count = 0;

    if (!read_header(bytes, len, &header))
        return 0;
    for (unsigned i = 0; i < header.e_shnum && count < SYMBOLS_PARTS; i++) {
        Elf32_Shdr row = section_row(bytes, &header, i);

        if ((row.sh_flags & SHF_EXECINSTR) && row.sh_size &&
            section_in(&row, bytes, len, &code))
            parts[count++] = (struct symbols_part){row.sh_addr, code.len, code.bytes};
    }
    return count;
}

static bool is_kept(const Elf32_Sym *symbol, const struct section *names)
{
    if (symbol->st_name >= names->len || symbol->st_shndx == SHN_UNDEF ||
        symbol->st_shndx == SHN_ABS)
        return false;
    /* Not the mapping symbols ("$x") and local labels (".L1") of assemblers. */
    return names->bytes[symbol->st_name] && !strchr("$.", names->bytes[symbol->st_name]);
}

static bool is_code(const Elf32_Sym *symbol, const struct section *names)
{
    unsigned type = ELF32_ST_TYPE(symbol->st_info);

    return (type == STT_FUNC || type == STT_NOTYPE) && is_kept(symbol, names);
}

static bool is_data(const Elf32_Sym *symbol, const struct section *names)
{
    return ELF32_ST_TYPE(symbol->st_info) == STT_OBJECT && is_kept(symbol, names);
}

typedef bool wanted(const Elf32_Sym *symbol, const struct section *names);

static Elf32_Sym symbol_row(const struct section *table, size_t number)
{
    Elf32_Sym symbol;

    memcpy(&symbol, table->bytes + number * sizeof symbol, sizeof symbol);
    return symbol;
}

bool symbols_number(const uint8_t *bytes, size_t len, const char *name, uint32_t *value)
{
    struct section table, names;

    if (!find_tables(bytes, len, &table, &names))
        return false;
    for (size_t i = 0; i < table.len / sizeof(Elf32_Sym); i++) {
        Elf32_Sym symbol = symbol_row(&table, i);

        if (symbol.st_shndx == SHN_ABS && symbol.st_name < names.len &&
            !strcmp((const char *)names.bytes + symbol.st_name, name)) {
            *value = symbol.st_value;
            return true;
        }
    }
    return false;
}

/* How many are to be kept. */
static size_t count_rows(const struct section *table, const struct section *names,
                         wanted *is_wanted)
{
    size_t rows = table->len / sizeof(Elf32_Sym), count = 0;

    for (size_t i = 0; i < rows && count < SYMBOLS_MOST; i++) {
        Elf32_Sym symbol = symbol_row(table, i);

        count += is_wanted(&symbol, names);
    }
    return count;
}

static int by_address(const void *a, const void *b)
{
    const struct symbol *x = a, *y = b;

    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* A file whose tables were found. */
struct tables {
    const uint8_t *bytes;
    Elf32_Ehdr header;
    struct section symbols, names;
};

static bool is_executable(const struct tables *tables, unsigned number)
{
    return number < tables->header.e_shnum &&
           section_row(tables->bytes, &tables->header, number).sh_flags & SHF_EXECINSTR;
}

/* Those that are wanted, by address; NULL without memory. */
static struct symbol *read_rows(const struct tables *tables, wanted *is_wanted, size_t *count)
{
    size_t most = count_rows(&tables->symbols, &tables->names, is_wanted);
    struct symbol *list = calloc(most ? most : 1, sizeof *list);
    const char *names = (const char *)tables->names.bytes;

    *count = 0;
    if (!list)
        return NULL;
    for (size_t i = 0; *count < most; i++) {
        Elf32_Sym symbol = symbol_row(&tables->symbols, i);

        if (is_wanted(&symbol, &tables->names))
            list[(*count)++] =
                (struct symbol){symbol.st_value, symbol.st_size, names + symbol.st_name,
                                is_executable(tables, symbol.st_shndx)};
    }
    qsort(list, *count, sizeof *list, by_address);
    return list;
}

void symbols_load(struct symbols *symbols, const uint8_t *bytes, size_t len)
{
    struct tables tables = {.bytes = bytes};

    *symbols = (struct symbols){0};
    if (!find_tables(bytes, len, &tables.symbols, &tables.names) ||
        !read_header(bytes, len, &tables.header))
        return;
    symbols->list = read_rows(&tables, is_code, &symbols->count);
    symbols->data = read_rows(&tables, is_data, &symbols->data_count);
}

static bool goes_beyond(const struct symbol *list, size_t count, uint32_t by)
{
    return count && list[count - 1].address > UINT32_MAX - by;
}

/* Names that would be beyond the end of the address space would break the order: none are kept. */
void symbols_move(struct symbols *symbols, uint32_t by)
{
    if (goes_beyond(symbols->list, symbols->count, by) ||
        goes_beyond(symbols->data, symbols->data_count, by)) {
        symbols_free(symbols);
        return;
    }
    for (size_t i = 0; i < symbols->count; i++)
        symbols->list[i].address += by;
    for (size_t i = 0; i < symbols->data_count; i++)
        symbols->data[i].address += by;
}

void symbols_free(struct symbols *symbols)
{
    free(symbols->list);
    free(symbols->data);
    *symbols = (struct symbols){0};
}

const char *symbols_find(const struct symbols *symbols, uint32_t address, uint32_t *offset)
{
    size_t rank = search_rank(symbols->list, symbols->count, sizeof *symbols->list, address);
    const struct symbol *symbol;

    if (!rank)
        return NULL;
    symbol = &symbols->list[rank - 1];
    *offset = address - symbol->address;
    return *offset < (symbol->size ? symbol->size : LABEL_REACH) ? symbol->name : NULL;
}

bool symbols_runs(const struct symbols *symbols, uint32_t address)
{
    size_t rank = search_rank(symbols->list, symbols->count, sizeof *symbols->list, address);

    return rank && symbols->list[rank - 1].runs;
}

static const struct symbol *find_name(const struct symbol *list, size_t count, const char *name,
                                      size_t len)
{
    for (size_t i = 0; i < count; i++)
        if (!strncmp(list[i].name, name, len) && !list[i].name[len])
            return &list[i];
    return NULL;
}

const struct symbol *symbols_named(const struct symbols *symbols, const char *name, size_t len)
{
    const struct symbol *code = find_name(symbols->list, symbols->count, name, len);

    return code ? code : find_name(symbols->data, symbols->data_count, name, len);
}
