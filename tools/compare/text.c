/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text.c - the comparison as tables, for a terminal or for a Markdown document: the same cells in
 * two layouts.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/compare/write.h"

const struct write_kind write_kinds[WRITE_KINDS] = {
    {"emulated", TRACE_EMULATE},
    {"injected", TRACE_INJECT},
    {"interrupts", TRACE_INTERRUPT},
    {"SBI", TRACE_SBI},
    {"fills", TRACE_FILL},
    {"device", TRACE_MMIO},
    {"table write", TRACE_PTE_WRITE},
};

#define CELL 40u
#define COLUMNS TEXT_COLUMNS

struct cells {
    char at[COLUMNS][CELL];
    unsigned count;
};

static void put(struct cells *cells, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void put(struct cells *cells, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(cells->at[cells->count++], CELL, format, args);
    va_end(args);
}

static void put_number(struct cells *cells, uint64_t number)
{
    char text[TEXT_NUMBER];

    put(cells, "%s", number ? text_grouped(number, text) : "-");
}

/* ---- The tables ---- */

/* How the rows of a table are made; the first is its head. */
typedef void cells_of(struct cells *cells, const struct measure *row);

static void cost_head(struct cells *cells)
{
    static const char *const names[] = {"technique", "engine",      "time",
                                        "spread",    "direct",      "exits",
                                        "tables",    "guest lines", "same"};

    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        put(cells, "%s", names[i]);
}

static void cost_cells(struct cells *cells, const struct measure *row)
{
    const struct samples *ratio = &row->ratio;
    char text[TEXT_NUMBER];

    put(cells, "%s", row->technique.name);
    put(cells, "%s", row->technique.kind->name);
    if (ratio->count) {
        put(cells, "%.2f", samples_median(ratio));
        put(cells, "%.2f-%.2f", ratio->at[0], ratio->at[ratio->count - 1]);
    } else {
        put(cells, "-");
        put(cells, "-");
    }
    put(cells, "%s", row->technique.bare ? "-" : text_share(row->direct_ppm, text));
    put_number(cells, row->counters.exits);
    put(cells, "%s", row->technique.bare ? "-" : text_size(row->tables, text));
    if (row->lines == MEASURE_UNKNOWN)
        put(cells, "?");
    else
        put(cells, "%" PRIu32, row->lines);
    put(cells, "%s", measure_verdict_word(row->verdict));
}

static void exit_head(struct cells *cells)
{
    put(cells, "exits");
    for (unsigned i = 0; i < WRITE_KINDS; i++)
        put(cells, "%s", write_kinds[i].name);
}

static void exit_cells(struct cells *cells, const struct measure *row)
{
    put(cells, "%s", row->technique.name);
    for (unsigned i = 0; i < WRITE_KINDS; i++)
        put_number(cells, row->counters.action[write_kinds[i].action].count);
}

/* ---- Layouts ---- */

static void table_row(struct table *table, const struct cells *cells)
{
    char line[COLUMNS * (CELL + 1)] = "";

    for (unsigned i = 0; i < cells->count; i++) {
        strcat(line, i ? "\t" : "");
        strcat(line, cells->at[i]);
    }
    table_add(table, "%s", line);
}

static void markdown_row(const struct cells *cells)
{
    for (unsigned i = 0; i < cells->count; i++)
        printf("| %s ", cells->at[i]);
    printf("|\n");
}

static void markdown_rule(const char *format)
{
    for (; *format; format++)
        printf("| %s ", *format == 'r' ? "---:" : "---");
    printf("|\n");
}

/* Rows that the engine supports; in the table of exits, only machines that have any. */
static void layout(const struct measure_guest *guest, bool markdown, const char *format,
                   void (*head)(struct cells *cells), cells_of *of, bool virtual)
{
    struct cells cells = {.count = 0};
    struct table table;

    table_init(&table, format);
    head(&cells);
    if (markdown)
        markdown_row(&cells);
    else
        table_row(&table, &cells);
    if (markdown)
        markdown_rule(format);
    for (unsigned i = 0; i < guest->count; i++) {
        const struct measure *row = &guest->rows[i];

        if (!row->served || (virtual && row->technique.bare))
            continue;
        cells.count = 0;
        of(&cells, row);
        if (markdown)
            markdown_row(&cells);
        else
            table_row(&table, &cells);
    }
    table_print(&table, stdout, 0, markdown ? 0 : terminal_width(STDOUT_FILENO));
}

static void put_title(const struct measure_guest *guest)
{
    const struct measure *bare = &guest->rows[0];
    char retired[TEXT_NUMBER], time[TEXT_NUMBER];

    printf("%s: %s instructions, %s; bare it takes %s\n", guest->name,
           text_grouped(bare->end.retired, retired), bare->end.end,
           text_duration((uint64_t)samples_median(&bare->ns), time));
}

static void put_unserved(const struct measure_guest *guest)
{
    for (unsigned i = 0; i < guest->count; i++)
        if (!guest->rows[i].served)
            printf("not on the engine %s: %s (%s)\n", guest->rows[i].technique.kind->name,
                   guest->rows[i].technique.name, guest->rows[i].technique.about);
}

static void put_asks(const struct measure_guest *guest, const char *bullet)
{
    for (unsigned i = 0; i < guest->count; i++) {
        const struct technique *technique = &guest->rows[i].technique;

        if (i && technique->asks == guest->rows[i - 1].technique.asks)
            continue; /* another policy of the same monitor */
        printf("%s%.*s: %s. Asks of the CPU: %s\n", bullet, (int)strcspn(technique->name, ","),
               technique->name, technique->about, technique->asks);
    }
}

static void write_tables(const struct measure_guest *guest, bool markdown)
{
    layout(guest, markdown, "llrrrrrrl", cost_head, cost_cells, false);
    putchar('\n');
    layout(guest, markdown, "lrrrrrrr", exit_head, exit_cells, true);
    putchar('\n');
}

void write_text(const struct measure_guest *guest)
{
    put_title(guest);
    write_tables(guest, false);
    put_asks(guest, "  ");
    put_unserved(guest);
}

void write_markdown(const struct measure_guest *guest)
{
    put_title(guest);
    putchar('\n');
    write_tables(guest, true);
}
