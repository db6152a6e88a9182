/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * page.h - the frame of all reports: an HTML document that needs nothing but itself. It has no
 * script, and its policy forbids a browser to load or to run anything, whatever a guest's text may
 * say. All text goes through markup_text(). Parts of it are written by others, between page_begin()
 * and page_end().
 */
#ifndef PZ_TOOLS_REPORT_PAGE_H
#define PZ_TOOLS_REPORT_PAGE_H

#include "tools/base/base.h"
#include "tools/host/host.h"

/* A part with a heading; the list of contents has it too. */
struct page_part {
    const char *id, *title;
};

void page_begin(FILE *out, const char *title, const char *lead, const struct page_part *parts,
                unsigned count);
/* `same`: nothing in it differs from run to run. */
void page_end(FILE *out, bool same);

void page_part(FILE *out, const struct page_part *part);
void page_part_end(FILE *out);

/* Text as a paragraph; as one that explains, in small letters. */
void page_say(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
void page_note(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * A table. `heads` are the columns' names, separated by '\t'; `kinds` has a letter for each: 'r'
 * numbers, flush right, 'l' text, 'c' code. Rows: page_cell() for each column, in its order.
 */
struct page_table {
    FILE *out;
    const char *kinds;
    unsigned column; /* of the next cell */
};
void page_table(struct page_table *table, FILE *out, const char *caption, const char *kinds,
                const char *heads);
void page_cell(struct page_table *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void page_number(struct page_table *table, uint64_t number);

/* A cell that the caller fills; the first one of a row names it. Ends with page_cell_end(). */
void page_cell_begin(struct page_table *table);
void page_cell_end(struct page_table *table);
void page_table_end(struct page_table *table);

/* A square in a colour, and what it means: between page_keys() and page_keys_end(). */
void page_keys(FILE *out);
void page_key(FILE *out, const char *kind, const char *text);
void page_keys_end(FILE *out);

/* A name and a value, between page_facts() and page_facts_end(). */
void page_facts(FILE *out);
void page_fact(FILE *out, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void page_facts_end(FILE *out);

#endif
