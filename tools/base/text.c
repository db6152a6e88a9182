/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text.c - formats text for the terminal; it never fails, at worst it shows less. */
#include "tools/base/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_LINE 1024u /* longer lines are cut */

const char *text_grouped(uint64_t number, char text[TEXT_NUMBER])
{
    char digits[TEXT_NUMBER];
    int len = snprintf(digits, sizeof digits, "%" PRIu64, number);
    char *to = text;

    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return text;
}

const char *text_duration(uint64_t ns, char text[TEXT_NUMBER])
{
    static const struct {
        double unit;
        const char *name;
    } units[] = {{1e9, "s"}, {1e6, "ms"}, {1e3, "us"}, {1, "ns"}};
    unsigned i = 0;

    while (i < 3 && (double)ns < units[i].unit)
        i++;
    snprintf(text, TEXT_NUMBER, "%.*f %s", i == 3 ? 0 : 2, (double)ns / units[i].unit,
             units[i].name);
    return text;
}

const char *text_size(uint64_t bytes, char text[TEXT_NUMBER])
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB"};
    unsigned i = 0;
    double value = (double)bytes;

    for (; i < 3 && value >= 1024; i++)
        value /= 1024;
    snprintf(text, TEXT_NUMBER, "%.*f %s", value == (double)(uint64_t)value ? 0 : 1, value,
             units[i]);
    return text;
}

const char *text_share(uint32_t ppm, char text[TEXT_NUMBER])
{
    snprintf(text, TEXT_NUMBER, "%u.%02u %%", ppm / 10000, ppm / 100 % 100);
    return text;
}

void text_wrap(FILE *out, const char *text, unsigned at, unsigned indent, unsigned width)
{
    bool begun = at > 0; /* something stands on this line */

    while (*(text += strspn(text, " \n"))) {
        unsigned len = (unsigned)strcspn(text, " \n");

        if (begun && at > indent && at + 1 + len > width) {
            fputc('\n', out);
            begun = false;
        }
        if (!begun)
            fprintf(out, "%*s", (int)(at = indent), "");
        else if (at > indent)
            at += (unsigned)fprintf(out, " ");
        at += (unsigned)fprintf(out, "%.*s", (int)len, text);
        begun = true;
        text += len;
    }
    fputc('\n', out);
}

static bool continues(const uint8_t *at, size_t left, unsigned count)
{
    if (left <= count)
        return false;
    for (unsigned i = 1; i <= count; i++)
        if ((at[i] & 0xc0) != 0x80)
            return false;
    return true;
}

/* Unicode 15, table 3-7. */
unsigned text_character(const uint8_t *at, size_t left)
{
    if (at[0] < 0x80)
        return 1;
    if (at[0] >= 0xc2 && at[0] <= 0xdf)
        return continues(at, left, 1) ? 2 : 0;
    if (at[0] >= 0xe0 && at[0] <= 0xef) {
        bool bad = !continues(at, left, 2) || (at[0] == 0xe0 && at[1] < 0xa0) ||
                   (at[0] == 0xed && at[1] > 0x9f);

        return bad ? 0 : 3;
    }
    if (at[0] >= 0xf0 && at[0] <= 0xf4) {
        bool bad = !continues(at, left, 3) || (at[0] == 0xf0 && at[1] < 0x90) ||
                   (at[0] == 0xf4 && at[1] > 0x8f);

        return bad ? 0 : 4;
    }
    return 0;
}

bool text_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

    for (unsigned i = 0; i < 3; i++) {
        const char *value = getenv(names[i]);

        if (value && value[0])
            return strstr(value, "UTF-8") || strstr(value, "utf8") || strstr(value, "UTF8") ||
                   strstr(value, "utf-8");
    }
    return false;
}

void table_init(struct table *table, const char *format)
{
    *table = (struct table){.format = format};
}

static bool make_room(struct table *table)
{
    struct table_row *rows;

    if (table->count < table->room)
        return true;
    table->room = table->room * 2 + 16;
    rows = realloc(table->rows, table->room * sizeof *rows);
    if (!rows)
        return false;
    table->rows = rows;
    return true;
}

/* Cut the text at its tabs. The first cell holds the memory of all. */
static void cut_cells(struct table_row *row, char *text)
{
    unsigned count = 0;

    while (text && count < TEXT_COLUMNS) {
        row->cells[count++] = text;
        text = strchr(text, '\t');
        if (text)
            *text++ = '\0';
    }
}

void table_add(struct table *table, const char *format, ...)
{
    va_list arguments;
    char line[TEXT_LINE], *text;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    text = table->failed || !make_room(table) ? NULL : strdup(line);
    if (!text) {
        table->failed = true;
        return;
    }
    table->rows[table->count] = (struct table_row){{0}};
    cut_cells(&table->rows[table->count++], text);
}

/* Characters of UTF-8, not bytes. */
static unsigned cell_width(const char *cell)
{
    unsigned width = 0;

    for (; cell && *cell; cell++)
        width += ((unsigned char)*cell & 0xc0) != 0x80;
    return width;
}

static void measure(const struct table *table, unsigned widths[TEXT_COLUMNS])
{
    memset(widths, 0, TEXT_COLUMNS * sizeof *widths);
    for (size_t i = 0; i < table->count; i++)
        for (unsigned column = 0; column < TEXT_COLUMNS; column++) {
            unsigned width = cell_width(table->rows[i].cells[column]);

            if (width > widths[column])
                widths[column] = width;
        }
}

static bool is_right(const struct table *table, unsigned column)
{
    return strlen(table->format) > column && table->format[column] == 'r';
}

static void add_text(char line[TEXT_LINE], size_t *used, unsigned before, const char *text,
                     unsigned after)
{
    int len = snprintf(line + *used, TEXT_LINE - *used, "%*s%s%*s", (int)before, "", text,
                       (int)after, "");

    *used += len < 0 ? 0 : (size_t)len;
    if (*used >= TEXT_LINE)
        *used = TEXT_LINE - 1;
}

/* One row's text, without blanks at its end. */
static void row_text(const struct table *table, const struct table_row *row,
                     const unsigned widths[TEXT_COLUMNS], char line[TEXT_LINE])
{
    size_t used = 0;

    for (unsigned column = 0; column < TEXT_COLUMNS && row->cells[column]; column++) {
        unsigned gap = widths[column] - cell_width(row->cells[column]);
        bool right = is_right(table, column);

        add_text(line, &used, column ? 2 : 0, "", 0);
        add_text(line, &used, right ? gap : 0, row->cells[column], right ? 0 : gap);
    }
    while (used && line[used - 1] == ' ')
        line[--used] = '\0';
}

/* Where `width` characters of the line end. */
static size_t cut_at(const char *line, unsigned width)
{
    size_t at = 0;

    for (; line[at]; at++)
        if (((unsigned char)line[at] & 0xc0) != 0x80 && width-- == 0)
            break;
    return at;
}

void table_print(struct table *table, FILE *out, unsigned indent, unsigned width)
{
    unsigned widths[TEXT_COLUMNS];
    char line[TEXT_LINE];

    measure(table, widths);
    for (size_t i = 0; i < table->count; i++) {
        row_text(table, &table->rows[i], widths, line);
        if (width > indent)
            line[cut_at(line, width - indent)] = '\0';
        fprintf(out, "%*s%s\n", (int)indent, "", line);
        free(table->rows[i].cells[0]);
    }
    free(table->rows);
    table_init(table, table->format);
}
