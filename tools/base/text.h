/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text.h - figures and tables for people: numbers with digit grouping, columns as wide as their
 * contents.
 */
#ifndef PZ_TOOLS_BASE_TEXT_H
#define PZ_TOOLS_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define TEXT_NUMBER 32 /* bytes that hold every number's text */
#define TEXT_COLUMNS 9u

/* 1234567 as "1,234,567". */
const char *text_grouped(uint64_t number, char text[TEXT_NUMBER]);

/* Nanoseconds as "1.23 s", "4.56 ms"... */
const char *text_duration(uint64_t ns, char text[TEXT_NUMBER]);

/* Bytes as "64 KiB", "16 MiB". */
const char *text_size(uint64_t bytes, char text[TEXT_NUMBER]);

/* A share in parts per million as "99.12 %". */
const char *text_share(uint32_t ppm, char text[TEXT_NUMBER]);

/*
 * A paragraph, its words (blanks and newlines between them) set in lines of `width` columns at the
 * most; lines are indented, the first one begins at column `at` (0: a new line). Ends the line.
 */
void text_wrap(FILE *out, const char *text, unsigned at, unsigned indent, unsigned width);

/* The length of the UTF-8 character at `at`; 0 when there is none. */
unsigned text_character(const uint8_t *at, size_t left);

/* Does the user's locale have UTF-8? */
bool text_utf8(void);

struct table_row {
    char *cells[TEXT_COLUMNS]; /* NULL behind the last */
};

/* Rows of cells. A column is flush right when its letter in `format` is 'r', else left ('l'). */
struct table {
    const char *format;
    struct table_row *rows;
    size_t count, room;
    bool failed; /* no memory: the table is cut there */
};

void table_init(struct table *table, const char *format);

/* A row; cells are separated by '\t' in the text that comes out. */
void table_add(struct table *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Print with `indent` blanks in front, cut to `width` columns (0: uncut), and free. */
void table_print(struct table *table, FILE *out, unsigned indent, unsigned width);

#endif
