/* SPDX-License-Identifier: GPL-2.0-or-later */
/* elfwrite.c - the executable: one segment, the sections in it, and the symbols. */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "tools/asm/state.h"

struct writer {
    struct assembly *a;
    uint8_t *bytes;
    size_t len, room;
};

/* Where the bytes go; NULL: no memory. */
static uint8_t *add(struct writer *w, const void *bytes, size_t len)
{
    uint8_t *at;

    if (w->len + len > w->room) {
        size_t room = 2 * (w->len + len) + 4096;
        uint8_t *grown = realloc(w->bytes, room);

        if (!grown) {
            w->a->no_memory = true;
            return NULL;
        }
        w->bytes = grown;
        w->room = room;
    }
    at = w->bytes + w->len;
    if (bytes && len)
        memcpy(at, bytes, len);
    else
        memset(at, 0, len);
    w->len += len;
    return at;
}

static uint32_t entry_of(struct assembly *a)
{
    struct asm_symbol *start = asm_symbol(a, "_start", 6);

    if (start && start->defined && start->section)
        return start->section->address + (uint32_t)start->value;
    return a->input->base;
}

/* Addresses from the first byte of the program to the last, and with what is zero. */
static void extent(const struct assembly *a, uint32_t *file, uint32_t *memory)
{
    *file = *memory = a->input->base;
    for (unsigned i = 0; i < a->section_count; i++) {
        const struct asm_section *section = &a->sections[i];
        uint32_t end = section->address + section->len;

        *memory = end > *memory ? end : *memory;
        if (!section->zeros)
            *file = end > *file ? end : *file;
    }
}

/* In the order of addresses, as far as they have bytes. */
static bool add_program(struct writer *w, uint32_t file)
{
    const struct assembly *a = w->a;
    uint8_t *at = add(w, NULL, file - a->input->base);

    for (unsigned i = 0; at && i < a->section_count; i++)
        if (!a->sections[i].zeros && a->sections[i].len)
            memcpy(at + (a->sections[i].address - a->input->base), a->sections[i].bytes,
                   a->sections[i].len);
    return at;
}

static bool add_symbols(struct writer *w, struct writer *names, bool global, uint32_t *count)
{
    const struct assembly *a = w->a;

    for (unsigned i = 0; i < ASM_BUCKETS; i++)
        for (const struct asm_symbol *s = a->symbols[i]; s; s = s->next) {
            Elf32_Sym symbol = {.st_name = (uint32_t)names->len,
                                .st_value = (uint32_t)s->value};
            bool code = s->section && strstr(".text.start.user", s->section->name);

            if (!s->defined || s->local || s->global != global)
                continue;
            symbol.st_shndx = SHN_ABS;
            if (s->section) {
                symbol.st_shndx = (uint16_t)(s->section - a->sections + 1);
                symbol.st_value += s->section->address;
            }
            symbol.st_info =
                ELF32_ST_INFO(global ? STB_GLOBAL : STB_LOCAL, code ? STT_FUNC : STT_NOTYPE);
            if (!add(names, s->name, strlen(s->name) + 1) || !add(w, &symbol, sizeof symbol))
                return false;
            ++*count;
        }
    return true;
}

static bool add_header(struct writer *headers, struct writer *names, const char *name,
                       Elf32_Shdr header)
{
    header.sh_name = (uint32_t)names->len;
    return add(names, name, strlen(name) + 1) && add(headers, &header, sizeof header);
}

static bool add_section_headers(struct writer *headers, struct writer *names)
{
    const struct assembly *a = headers->a;

    for (unsigned i = 0; i < a->section_count; i++) {
        const struct asm_section *s = &a->sections[i];
        Elf32_Shdr header = {.sh_type = s->zeros ? SHT_NOBITS : SHT_PROGBITS,
                             .sh_flags = SHF_ALLOC | SHF_WRITE | SHF_EXECINSTR,
                             .sh_addr = s->address,
                             .sh_offset = PAGE_SIZE + s->address - a->input->base,
                             .sh_size = s->len,
                             .sh_addralign = s->align};

        if (!add_header(headers, names, s->name, header))
            return false;
    }
    return true;
}

/* Behind the program: symbols, their names, the names of sections, and the sections' headers. */
static bool add_tables(struct writer *w, uint32_t *headers_at, uint16_t *count)
{
    struct assembly *a = w->a;
    struct writer symbols = {.a = a}, names = {.a = a}, headers = {.a = a}, titles = {.a = a};
    uint32_t number = 1, locals, at = (uint32_t)w->len;
    Elf32_Shdr table = {.sh_type = SHT_SYMTAB,
                        .sh_offset = at,
                        .sh_addralign = 4,
                        .sh_entsize = sizeof(Elf32_Sym),
                        .sh_link = a->section_count + 2};
    Elf32_Shdr strings = {.sh_type = SHT_STRTAB, .sh_addralign = 1};
    bool good = add(&symbols, NULL, sizeof(Elf32_Sym)) && add(&names, "", 1) &&
                add(&headers, NULL, sizeof(Elf32_Shdr)) && add(&titles, "", 1) &&
                add_symbols(&symbols, &names, false, &number);

    locals = number;
    good = good && add_symbols(&symbols, &names, true, &number) &&
           add_section_headers(&headers, &titles);
    table.sh_size = (uint32_t)symbols.len;
    table.sh_info = locals;
    good = good && add_header(&headers, &titles, ".symtab", table);
    strings.sh_offset = at + table.sh_size;
    strings.sh_size = (uint32_t)names.len;
    good = good && add_header(&headers, &titles, ".strtab", strings);
    strings.sh_offset += strings.sh_size;
    strings.sh_size = (uint32_t)titles.len + (uint32_t)sizeof ".shstrtab";
    good = good && add_header(&headers, &titles, ".shstrtab", strings) &&
           add(w, symbols.bytes, symbols.len) && add(w, names.bytes, names.len) &&
           add(w, titles.bytes, titles.len) && add(w, NULL, (4 - w->len % 4) % 4);
    *headers_at = (uint32_t)w->len;
    *count = (uint16_t)(headers.len / sizeof(Elf32_Shdr));
    good = good && add(w, headers.bytes, headers.len);
    free(symbols.bytes);
    free(names.bytes);
    free(headers.bytes);
    free(titles.bytes);
    return good;
}

bool asm_write_elf(struct assembly *a)
{
    struct writer w = {.a = a};
    Elf32_Ehdr head = {
        .e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
        .e_type = ET_EXEC,
        .e_machine = EM_RISCV,
        .e_version = EV_CURRENT,
        .e_entry = entry_of(a),
        .e_phoff = sizeof head,
        .e_ehsize = sizeof head,
        .e_phentsize = sizeof(Elf32_Phdr),
        .e_phnum = 1,
        .e_shentsize = sizeof(Elf32_Shdr)};
    Elf32_Phdr segment = {.p_type = PT_LOAD,
                          .p_offset = PAGE_SIZE,
                          .p_vaddr = a->input->base,
                          .p_paddr = a->input->base,
                          .p_flags = PF_R | PF_W | PF_X,
                          .p_align = PAGE_SIZE};
    uint32_t file, memory;
    bool good = add(&w, NULL, PAGE_SIZE);

    extent(a, &file, &memory);
    segment.p_filesz = file - a->input->base;
    segment.p_memsz = memory - a->input->base;
    good = good && add_program(&w, file) && add_tables(&w, &head.e_shoff, &head.e_shnum);
    head.e_shstrndx = (uint16_t)(head.e_shnum - 1);
    if (!good) {
        free(w.bytes);
        return false;
    }
    memcpy(w.bytes, &head, sizeof head);
    memcpy(w.bytes + sizeof head, &segment, sizeof segment);
    a->output->elf = w.bytes;
    a->output->len = w.len;
    return true;
}
