/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lines.c - has another process read a program's debug information, checks the result, and
 * looks up lines and functions.
 */
#define _GNU_SOURCE
#include "tools/show/lines.h"

#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/show/apart.h"

const uint8_t lines_saved[LINES_SAVED] = {1, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27};

/* ---- What the other process sends ---- */

/* Names are shown at terminals: no control character is left in them, nor what is no UTF-8. */
static void make_printable(char *name)
{
    json_t *valid = json_string(name);

    for (unsigned char *at = (unsigned char *)name; *at; at++)
        if (*at < ' ' || *at == 0x7f || (*at >= 0x80 && !valid))
            *at = '?';
    json_decref(valid);
}

static bool split_names(struct lines *lines, size_t len)
{
    size_t count = 0, at = 0;

    for (size_t i = 0; i < len; i++)
        count += !lines->names[i];
    lines->files = calloc(count ? count : 1, sizeof *lines->files);
    if (!lines->files || (len && lines->names[len - 1]))
        return false;
    for (; lines->file_count < count; at += strlen(lines->names + at) + 1) {
        make_printable(lines->names + at);
        lines->files[lines->file_count++] = lines->names + at;
    }
    return true;
}

static bool is_sound(const struct lines *lines)
{
    for (size_t i = 0; i < lines->row_count; i++)
        if (lines->rows[i].file >= lines->file_count ||
            (i && lines->rows[i].address < lines->rows[i - 1].address))
            return false;
    for (size_t i = 0; i < lines->frame_count; i++)
        if (lines->frames[i].end <= lines->frames[i].start || lines->frames[i].cfa_reg > 31 ||
            (i && lines->frames[i].start < lines->frames[i - 1].end))
            return false;
    return true;
}

static bool receive(void *owner, int from)
{
    struct lines *lines = owner;
    struct lines_head head;

    if (!apart_take(from, &head, sizeof head) || head.magic != LINES_MAGIC ||
        head.rows > LINES_MOST || head.frames > LINES_MOST || head.names > LINES_NAMES_MOST)
        return false;
    lines->rows = apart_take_table(from, head.rows, sizeof *lines->rows);
    lines->frames =
        lines->rows ? apart_take_table(from, head.frames, sizeof *lines->frames) : NULL;
    lines->names = lines->frames ? apart_take_table(from, head.names, 1) : NULL;
    lines->row_count = head.rows;
    lines->frame_count = head.frames;
    return lines->names && split_names(lines, head.names) && is_sound(lines);
}

void lines_load(struct lines *lines, const uint8_t *bytes, size_t len)
{
    *lines = (struct lines){.missing = lines_no_library};
    if (lines->missing)
        return;
    if (!apart_ask(lines_dwarf, bytes, len, receive, lines)) {
        lines_free(lines);
        lines->missing = "its debug information cannot be read";
    } else if (!lines->row_count) {
        lines->missing = "it has no debug information (compile it with -g)";
    }
}

void lines_free(struct lines *lines)
{
    free(lines->rows);
    free(lines->frames);
    free(lines->files);
    free(lines->names);
    *lines = (struct lines){0};
}

/* ---- Looking things up ---- */

const struct lines_row *lines_at(const struct lines *lines, uint32_t address)
{
    size_t rank = search_rank(lines->rows, lines->row_count, sizeof *lines->rows, address);

    return rank && lines->rows[rank - 1].line ? &lines->rows[rank - 1] : NULL;
}

const struct lines_frame *lines_frame_at(const struct lines *lines, uint32_t address)
{
    size_t rank =
        search_rank(lines->frames, lines->frame_count, sizeof *lines->frames, address);

    return rank && address < lines->frames[rank - 1].end ? &lines->frames[rank - 1] : NULL;
}

const char *lines_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* "trap.c" and "kernel/trap.c" name ".../kernel/trap.c". */
static bool is_named(const char *path, const char *name)
{
    size_t whole = strlen(path), part = strlen(name);

    return part && part <= whole && !strcmp(path + whole - part, name) &&
           (part == whole || path[whole - part - 1] == '/');
}

bool lines_find(const struct lines *lines, const char *file, uint32_t line, uint32_t *address)
{
    uint32_t best = UINT32_MAX;

    for (size_t i = 0; i < lines->row_count; i++) {
        const struct lines_row *row = &lines->rows[i];

        if (row->line < line || row->line >= best || !is_named(lines->files[row->file], file))
            continue;
        best = row->line;
        *address = row->address;
    }
    return best != UINT32_MAX;
}
