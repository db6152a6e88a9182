/* SPDX-License-Identifier: GPL-2.0-or-later */
/* object.c - sections with their bytes, symbols, and where all of it goes. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tools/asm/state.h"

/* ---- Sections ---- */

struct asm_section *asm_section(struct assembly *a, const char *name)
{
    struct asm_section *section = a->sections;

    for (unsigned i = 0; i < a->section_count; i++)
        if (!strcmp(a->sections[i].name, name))
            return &a->sections[i];
    if (a->section_count == ASM_SECTIONS_MOST || strlen(name) >= ASM_NAME) {
        asm_wrong(a, "%.40s: a long name, or more than %u sections", name, ASM_SECTIONS_MOST);
        return NULL;
    }
    section = &a->sections[a->section_count++];
    (void)!snprintf(section->name, sizeof section->name, "%s", name);
    section->align = strncmp(name, ".text", 5) ? 1 : 4;
    section->zeros = !strncmp(name, ".bss", 4);
    return section;
}

static bool make_room(struct assembly *a, size_t len)
{
    struct asm_section *section = a->section;
    size_t room = section->room;
    uint8_t *bytes;

    if (section->len + len <= room)
        return true;
    if (section->len + len > ASM_BYTES_MOST)
        return asm_wrong(a, "%s: more than %u MiB", section->name, ASM_BYTES_MOST >> 20);
    room = 2 * (section->len + len) + 4096;
    bytes = realloc(section->bytes, room);
    if (!bytes) {
        a->no_memory = a->over = true;
        return false;
    }
    section->bytes = bytes;
    section->room = (uint32_t)room;
    return true;
}

bool asm_emit(struct assembly *a, const void *bytes, size_t len)
{
    if (len > ASM_BYTES_MOST || !make_room(a, len))
        return false;
    if (len)
        memcpy(a->section->bytes + a->section->len, bytes, len);
    a->section->len += (uint32_t)len;
    return true;
}

bool asm_emit32(struct assembly *a, uint32_t word)
{
    uint8_t bytes[4];

    store_le32(bytes, word);
    return asm_emit(a, bytes, sizeof bytes);
}

bool asm_fill(struct assembly *a, uint64_t count, uint8_t byte)
{
    if (count > ASM_BYTES_MOST)
        return asm_wrong(a, "more than %u MiB", ASM_BYTES_MOST >> 20);
    if (!make_room(a, count))
        return false;
    if (count)
        memset(a->section->bytes + a->section->len, byte, count);
    a->section->len += (uint32_t)count;
    return true;
}

/* In code the gap is no-operations. */
bool asm_align(struct assembly *a, uint64_t align)
{
    struct asm_section *section = a->section;
    bool code = !strncmp(section->name, ".text", 5) || !strcmp(section->name, ".user");

    if (!align || (align & (align - 1)) || align > 65536)
        return asm_wrong(a, "an alignment is a power of two up to 65536");
    if (align > section->align)
        section->align = (uint32_t)align;
    while (section->len % align) {
        bool whole = code && section->len % 4 == 0;

        if (!(whole ? asm_emit32(a, 0x13) : asm_fill(a, 1, 0)))
            return false;
    }
    return true;
}

/* ---- Symbols ---- */

static unsigned bucket_of(const char *name, size_t len)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (uint8_t)name[i]) * 16777619u;
    return hash % ASM_BUCKETS;
}

struct asm_symbol *asm_symbol(struct assembly *a, const char *name, size_t len)
{
    struct asm_symbol **at = &a->symbols[bucket_of(name, len)], *symbol;

    for (symbol = *at; symbol; symbol = symbol->next)
        if (!strncmp(symbol->name, name, len) && !symbol->name[len])
            return symbol;
    symbol = asm_take(a, sizeof *symbol);
    if (!symbol)
        return NULL;
    symbol->name = asm_copy(a, name, len);
    symbol->local = !strncmp(symbol->name ? symbol->name : "", ".L", 2);
    symbol->next = *at;
    *at = symbol;
    return a->over ? NULL : symbol;
}

/* Numeric labels are symbols that no name can be: "1 7", the seventh label 1. */
struct asm_symbol *asm_numbered(struct assembly *a, unsigned number, bool forward)
{
    char name[32];
    struct asm_symbol *symbol;
    unsigned count;

    if (number >= sizeof a->numbered / sizeof a->numbered[0]) {
        asm_wrong(a, "label %u: at most 9999", number);
        return NULL;
    }
    count = a->numbered[number] + forward;
    if (!count) {
        asm_wrong(a, "there is no label %u before this line", number);
        return NULL;
    }
    (void)!snprintf(name, sizeof name, "%u %u", number, count);
    symbol = asm_symbol(a, name, strlen(name));
    if (symbol)
        symbol->local = true;
    return symbol;
}

struct asm_symbol *asm_here(struct assembly *a)
{
    struct asm_symbol *symbol = asm_take(a, sizeof *symbol);

    if (symbol)
        *symbol = (struct asm_symbol){.name = ".",
                                      .section = a->section,
                                      .value = a->section->len,
                                      .defined = true,
                                      .local = true};
    return symbol;
}

bool asm_define_label(struct assembly *a, const char *name, size_t len)
{
    struct asm_symbol *symbol;

    if (isdigit((unsigned char)name[0])) {
        unsigned number = (unsigned)strtoul(name, NULL, 10);

        if (len > 4 || strspn(name, "0123456789") < len)
            return asm_wrong(a, "'%.*s' is no label", len < 40 ? (int)len : 40, name);
        symbol = asm_numbered(a, number, true);
        a->numbered[number]++;
    } else {
        symbol = asm_symbol(a, name, len);
    }
    if (!symbol)
        return false;
    if (symbol->defined)
        return asm_wrong(a, "'%.40s' is defined twice", symbol->name);
    symbol->section = a->section;
    symbol->value = a->section->len;
    return symbol->defined = true;
}

/* ---- Places ---- */

bool asm_fix(struct assembly *a, enum asm_fixup_kind kind, const struct asm_expr *expr)
{
    struct asm_fixup *fixup = asm_take(a, sizeof *fixup);

    if (!fixup)
        return false;
    *fixup = (struct asm_fixup){.section = a->section,
                                .offset = a->section->len,
                                .kind = kind,
                                .branch = a->branches - 1,
                                .expr = *expr,
                                .place = a->place};
    *a->fixup_end = fixup;
    a->fixup_end = &fixup->next;
    return true;
}

/* As tests/guest/guest.ld: which sections go first, and which begin and end with a page. */
static const struct {
    const char *name;
    bool page, page_end;
} order[] = {
    {".text.start", false, true}, {".text", false, false}, {".user", true, true},
    {".rodata", false, false},    {".data", false, false}, {"", false, false},
    {".bss", false, false},
};
#define ORDER (sizeof order / sizeof order[0])

static bool has_prefix(const char *name, const char *prefix)
{
    size_t len = strlen(prefix);

    return !strncmp(name, prefix, len) && (!name[len] || name[len] == '.');
}

/* The row that a section is laid out with. */
static unsigned row_of(const struct asm_section *section)
{
    if (!strcmp(section->name, ".text.start"))
        return 0;
    for (unsigned i = 1; i < ORDER; i++)
        if (order[i].name[0] && has_prefix(section->name, order[i].name))
            return i;
    return 5;
}

static uint32_t round_up(uint32_t value, uint32_t align)
{
    return (value + align - 1) & ~(align - 1);
}

void asm_lay_out(struct assembly *a)
{
    uint32_t at = a->input->base;

    for (unsigned row = 0; row < ORDER; row++) {
        at = order[row].page ? round_up(at, PAGE_SIZE) : at;
        for (unsigned i = 0; i < a->section_count; i++)
            if (row_of(&a->sections[i]) == row) {
                at = round_up(at, a->sections[i].align);
                a->sections[i].address = at;
                at += a->sections[i].len;
            }
        at = order[row].page_end ? round_up(at, PAGE_SIZE) : at;
    }
    a->laid_out = true;
}
