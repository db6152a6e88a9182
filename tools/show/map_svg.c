/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * map_svg.c - the map as a picture: machine memory in rows, each page or group of pages in the
 * colour of its owner, under the address that the row begins with.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/show/map.h"
#include "tools/show/svg.h"

enum { ROWS_MOST = 24, CELLS = 64, ROW = 32, LABEL = 12, BAR = 15, WIDTH = 860, LINE = 16 };

#define LEGEND_VMS 8u

/* How machine memory is drawn. */
struct memory {
    const struct machine *machine;
    uint32_t used; /* pages */
    uint32_t step; /* pages that a cell is for */
    uint32_t row;  /* pages of a row */
    unsigned rows;
};

const char *map_class(struct map_owner owner)
{
    static const char *const uses[MAP_USES] = {
        [MAP_USE_FREE] = "idle",  [MAP_USE_ASIDE] = "aside", [MAP_USE_MONITOR] = "c9",
        [MAP_USE_SHARED] = "c10", [MAP_USE_TABLES] = "c11",  [MAP_USE_RAM] = "c0"};
    static const char *const vms[LEGEND_VMS] = {"c0", "c1", "c4", "c2", "c6", "c3", "c8", "c5"};

    return owner.use == MAP_USE_RAM ? vms[owner.vm % LEGEND_VMS] : uses[owner.use];
}

const char *map_words(struct map_owner owner, char text[MAP_TEXT])
{
    static const char *const uses[MAP_USES] = {
        [MAP_USE_FREE] = "free",          [MAP_USE_ASIDE] = "set aside",
        [MAP_USE_MONITOR] = "monitor",    [MAP_USE_SHARED] = "shared",
        [MAP_USE_TABLES] = "page tables", [MAP_USE_RAM] = "RAM"};

    if (owner.use == MAP_USE_RAM)
        snprintf(text, MAP_TEXT, "RAM of vm%u", owner.vm);
    else
        snprintf(text, MAP_TEXT, "%s", uses[owner.use]);
    return text;
}

/* Tables are all in one colour, whosever they are. */
static bool same(struct map_owner a, struct map_owner b)
{
    return a.use == b.use && (a.use != MAP_USE_RAM || a.vm == b.vm);
}

static bool is_idle(struct map_owner owner)
{
    return owner.use == MAP_USE_FREE || owner.use == MAP_USE_ASIDE;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static bool row_idles(const struct memory *memory, uint32_t first)
{
    uint32_t end = smaller(memory->used, first + memory->row);

    return is_idle(map_owner_of(memory->machine, first, end - first));
}

/* Rows that are drawn: those with pages in use, and one for those between two such. */
static unsigned count_rows(const struct memory *memory)
{
    unsigned rows = 0;
    bool idled = false;

    for (uint32_t first = 0; first < memory->used; first += memory->row) {
        bool idles = row_idles(memory, first);

        rows += !idles || !idled;
        idled = idles;
    }
    return rows;
}

/* Each cell is a page, or where those would be too many rows, a power of two of them. */
static struct memory memory_of(const struct machine *machine)
{
    struct memory memory = {
        .machine = machine, .used = map_used(machine), .step = 1, .row = CELLS};

    while ((memory.rows = count_rows(&memory)) > ROWS_MOST) {
        memory.step *= 2;
        memory.row *= 2;
    }
    return memory;
}

/* Neighbours of one owner are one shape. */
static void draw_cells(FILE *out, const struct memory *memory, uint32_t first)
{
    uint32_t end = smaller(memory->used, first + memory->row), step = memory->step;
    char words[MAP_TEXT];

    for (uint32_t at = first, next; at < end; at = next) {
        struct map_owner owner = map_owner_of(memory->machine, at, smaller(step, end - at));

        for (next = at + step; next < end; next += step)
            if (!same(owner, map_owner_of(memory->machine, next, smaller(step, end - next))))
                break;
        fprintf(out,
                "<rect class=\"%s\" x=\"%" PRIu32 "\" width=\"%" PRIu32 "\" height=\"1\">"
                "<title>0x%08" PRIx32 " to 0x%08" PRIx32 ": %s</title></rect>\n",
                map_class(owner), (at - first) / step, (next - at) / step, at << PAGE_SHIFT,
                (smaller(next, end) << PAGE_SHIFT) - 1, map_words(owner, words));
    }
}

static void draw_row(FILE *out, const struct memory *memory, uint32_t first, unsigned y)
{
    char text[16];

    snprintf(text, sizeof text, "0x%08" PRIx32, first << PAGE_SHIFT);
    svg_text(out, 0, y + LABEL - 2, "start", text);
    fprintf(out,
            "<svg y=\"%u\" width=\"100%%\" height=\"%d\" viewBox=\"0 0 %d 1\" "
            "preserveAspectRatio=\"none\" shape-rendering=\"crispEdges\">\n",
            y + LABEL, BAR, CELLS);
    draw_cells(out, memory, first);
    fputs("</svg>\n", out);
}

/* Rows in which nothing is in use are told of, not drawn. The first row after them. */
static uint32_t pass_over(FILE *out, const struct memory *memory, uint32_t first, unsigned y)
{
    char number[TEXT_NUMBER], text[TEXT_NUMBER + 40];
    uint32_t end = first;

    while (end < memory->used && row_idles(memory, end))
        end += memory->row;
    end = smaller(end, memory->used);
    snprintf(text, sizeof text, "\u2026 %s pages set aside or free",
             text_grouped(end - first, number));
    svg_text(out, 0, y + LABEL + 4, "start", text);
    return end;
}

static void draw_rows(FILE *out, const struct memory *memory, unsigned y)
{
    for (uint32_t first = 0; first < memory->used; y += ROW)
        if (row_idles(memory, first)) {
            first = pass_over(out, memory, first, y);
        } else {
            draw_row(out, memory, first, y);
            first += memory->row;
        }
}

uint32_t map_svg_memory(FILE *out, const struct machine *machine)
{
    struct memory memory = memory_of(machine);
    const struct svg svg = {.name = "Machine memory by owner", .height = memory.rows * ROW};

    svg_begin(out, &svg);
    draw_rows(out, &memory, 0);
    svg_end(out, &svg);
    return memory.step;
}

/* ---- As a file ---- */

static void write_way(FILE *out, unsigned y, unsigned vm, const char *who,
                      const struct map_row *row)
{
    char text[128];

    if (row->mapped)
        snprintf(text, sizeof text,
                 "vm%u, page 0 of its %s: virtual 0x%08" PRIx32 " \u2192 physical 0x%08" PRIx64
                 " \u2192 machine 0x%08" PRIx32,
                 vm, who, row->gva.v, row->gpa.v, row->mpa.v);
    else
        snprintf(text, sizeof text, "vm%u, page 0 of its %s: not mapped", vm, who);
    svg_text(out, 0, y, "start", text);
}

static unsigned draw_legend(FILE *out, const struct machine *machine, unsigned y)
{
    char words[MAP_TEXT];
    unsigned x = 0;

    for (unsigned k = 0; k < machine->count && k < LEGEND_VMS; k++) {
        struct map_owner owner = {MAP_USE_RAM, k};

        x = svg_key(out, x, y, map_class(owner), map_words(owner, words));
    }
    x = 0;
    for (unsigned use = 0; use < MAP_USE_RAM; use++) {
        struct map_owner owner = {(enum map_use)use, 0};

        if (use != MAP_USE_SHARED || machine->vmm.share.on)
            x = svg_key(out, x, y + LINE, map_class(owner), map_words(owner, words));
    }
    return y + 2 * LINE;
}

void map_svg(FILE *out, struct machine *machine, const uint32_t *user_satps)
{
    struct memory memory = memory_of(machine);
    const struct svg svg = {.name = "Who has page 0?",
                            .width = WIDTH,
                            .height = memory.rows * ROW + (2 * machine->count + 5) * LINE};
    unsigned y = 2 * LINE;

    svg_begin(out, &svg);
    svg_text(out, 0, LINE, "start", "Who has page 0?");
    for (unsigned k = 0; k < machine->count; k++, y += 2 * LINE) {
        struct map_vm map;

        map_look(&map, machine, k, user_satps ? user_satps[k] : 0);
        write_way(out, y, k, "program", &map.rows[MAP_PROGRAM]);
        write_way(out, y + LINE, k, "kernel", &map.rows[MAP_KERNEL]);
    }
    y = draw_legend(out, machine, y + LINE / 2);
    draw_rows(out, &memory, y);
    svg_end(out, &svg);
}
