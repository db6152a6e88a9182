/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lines_dwarf.c - reads DWARF by libdw and sends what lines.h wants of it. It may crash or run out
 * of time on a hostile file: see lines.c.
 */
#define _GNU_SOURCE
#include "tools/show/lines.h"

#if !PZ_HAVE_LIBDW

const char *const lines_no_library = "this pz was built without libdw";

bool lines_dwarf(const uint8_t *bytes, size_t len, int to)
{
    (void)bytes, (void)len, (void)to;
    return false;
}

#else

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include <elfutils/libdw.h>

#include "tools/show/apart.h"

const char *const lines_no_library = NULL;

struct tables {
    struct lines_row *rows;
    struct lines_frame *frames;
    char *names;
    uint32_t row_count, frame_count, names_len, file_count;
};

/* ---- Lines ---- */

/* The number of a path. There are few of them. */
static uint32_t number_of(struct tables *tables, const char *path)
{
    size_t len = strlen(path) + 1;
    uint32_t number = 0;

    for (uint32_t at = 0; at < tables->names_len; number++) {
        if (!strcmp(tables->names + at, path))
            return number;
        at += (uint32_t)strlen(tables->names + at) + 1;
    }
    if (tables->names_len + len > LINES_NAMES_MOST)
        return 0;
    memcpy(tables->names + tables->names_len, path, len);
    tables->names_len += (uint32_t)len;
    return tables->file_count++;
}

/*
 * Functions that the linker has left out still have lines, at address 0 and up, where other code
 * may be. If any range of the unit begins elsewhere, only addresses in such ranges are real.
 */
static bool is_linked(Dwarf_Die *unit, Dwarf_Addr address)
{
    Dwarf_Addr base, start, end;
    ptrdiff_t at = 0;
    bool elsewhere = false;

    while ((at = dwarf_ranges(unit, at, &base, &start, &end)) > 0) {
        if (start > 1 && address >= start && address <= end)
            return true;
        elsewhere = elsewhere || start > 1;
    }
    return !elsewhere;
}

static void add_line(struct tables *tables, Dwarf_Die *unit, Dwarf_Line *line)
{
    static const char *last_path;
    static uint32_t last_number;
    const char *path = dwarf_linesrc(line, NULL, NULL);
    struct lines_row row = {0};
    Dwarf_Addr address;
    bool end = false;
    int number = 0;

    if (!path || dwarf_lineaddr(line, &address) || dwarf_lineno(line, &number) ||
        dwarf_lineendsequence(line, &end) || address > UINT32_MAX ||
        !is_linked(unit, address) || tables->row_count == LINES_MOST)
        return;
    if (path != last_path)
        last_number = number_of(tables, path);
    last_path = path;
    row = (struct lines_row){(uint32_t)address, last_number, end ? 0 : (uint32_t)number};
    tables->rows[tables->row_count++] = row;
}

static void read_lines(struct tables *tables, Dwarf *dwarf)
{
    Dwarf_Off offset = 0, next;
    size_t header, count;
    Dwarf_Lines *lines;
    Dwarf_Die unit;

    for (; !dwarf_nextcu(dwarf, offset, &next, &header, NULL, NULL, NULL); offset = next) {
        if (!dwarf_offdie(dwarf, offset + header, &unit) ||
            dwarf_getsrclines(&unit, &lines, &count))
            continue;
        for (size_t i = 0; i < count; i++)
            add_line(tables, &unit, dwarf_onesrcline(lines, i));
    }
}

/* The end of one sequence gives way to the beginning of another. */
static int by_address(const void *a, const void *b)
{
    const struct lines_row *x = a, *y = b;

    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    return (x->line != 0) - (y->line != 0);
}

/* ---- Frames ---- */

/* Saved at the caller's sp and an offset; or nowhere, if it is still in the register. */
static bool saved_at(Dwarf_Frame *frame, int number, int32_t *offset)
{
    Dwarf_Op space[3], *ops;
    size_t count;

    *offset = LINES_SAME;
    if (dwarf_frame_register(frame, number, space, &ops, &count))
        return false;
    if (!count)
        return true;
    if (ops[0].atom != DW_OP_call_frame_cfa || count > 2)
        return false;
    *offset = 0;
    if (count == 2 && ops[1].atom != DW_OP_plus_uconst)
        return false;
    if (count == 2)
        *offset = (int32_t)ops[1].number;
    return true;
}

static bool all_saved_at(Dwarf_Frame *frame, struct lines_frame *row)
{
    for (unsigned i = 0; i < LINES_SAVED; i++)
        if (!saved_at(frame, lines_saved[i], &row->saved[i]))
            return false;
    return true;
}

static bool cfa_of(Dwarf_Frame *frame, struct lines_frame *row)
{
    Dwarf_Op *ops;
    size_t count;

    if (dwarf_frame_cfa(frame, &ops, &count) || count != 1)
        return false;
    if (ops[0].atom == DW_OP_bregx) {
        row->cfa_reg = (uint32_t)ops[0].number;
        row->cfa = (int32_t)ops[0].number2;
    } else if (ops[0].atom >= DW_OP_breg0 && ops[0].atom <= DW_OP_breg31) {
        row->cfa_reg = ops[0].atom - DW_OP_breg0;
        row->cfa = (int32_t)ops[0].number;
    } else {
        return false;
    }
    return row->cfa_reg <= 31;
}

/* The frame at `pc`; where to look next. */
static uint32_t add_frame(struct tables *tables, Dwarf_CFI *cfi, uint32_t pc, uint32_t most)
{
    struct lines_frame row = {.start = pc};
    Dwarf_Addr start, end;
    Dwarf_Frame *frame;

    if (dwarf_cfi_addrframe(cfi, pc, &frame))
        return pc + 2;
    (void)dwarf_frame_info(frame, &start, &end, NULL);
    row.end = end > most ? most : (uint32_t)end;
    if (row.end <= pc)
        row.end = pc + 2;
    if (tables->frame_count < LINES_MOST && cfa_of(frame, &row) && all_saved_at(frame, &row))
        tables->frames[tables->frame_count++] = row;
    free(frame);
    return row.end;
}

static void read_frames(struct tables *tables, Elf *elf, Dwarf *dwarf)
{
    Dwarf_CFI *cfi = dwarf_getcfi(dwarf);
    Elf_Scn *section = NULL;
    Elf32_Shdr *header;
    uint32_t last = 0;

    while (cfi && (section = elf_nextscn(elf, section))) {
        header = elf32_getshdr(section);
        if (!header || !(header->sh_flags & SHF_EXECINSTR) || header->sh_type != SHT_PROGBITS ||
            header->sh_addr < last || header->sh_size > UINT32_MAX - header->sh_addr)
            continue;
        last = header->sh_addr + header->sh_size;
        for (uint32_t pc = header->sh_addr; pc < last && pc >= header->sh_addr;)
            pc = add_frame(tables, cfi, pc, last);
    }
}

/* ---- Sending ---- */

static bool send_all(const struct tables *tables, int to)
{
    struct lines_head head = {LINES_MAGIC, tables->row_count, tables->frame_count,
                              tables->names_len};

    return apart_send(to, &head, sizeof head) &&
           apart_send(to, tables->rows, tables->row_count * sizeof *tables->rows) &&
           apart_send(to, tables->frames, tables->frame_count * sizeof *tables->frames) &&
           apart_send(to, tables->names, tables->names_len);
}

bool lines_dwarf(const uint8_t *bytes, size_t len, int to)
{
    struct tables tables = {
        .rows = calloc(LINES_MOST, sizeof *tables.rows),
        .frames = calloc(LINES_MOST, sizeof *tables.frames),
        .names = calloc(1, LINES_NAMES_MOST),
    };
    char *copy = malloc(len ? len : 1);
    Elf *elf;
    Dwarf *dwarf;

    if (!copy || !tables.rows || !tables.frames || !tables.names)
        return false;
    memcpy(copy, bytes, len);
    (void)elf_version(EV_CURRENT);
    elf = elf_memory(copy, len);
    dwarf = elf ? dwarf_begin_elf(elf, DWARF_C_READ, NULL) : NULL;
    if (dwarf) {
        read_lines(&tables, dwarf);
        read_frames(&tables, elf, dwarf);
    }
    qsort(tables.rows, tables.row_count, sizeof *tables.rows, by_address);
    return send_all(&tables, to);
}

#endif
