/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * list.c - the commands `list` and `program`. Paths and sources come from outside: only plain files
 * are read, and only what is printable is shown.
 */
#include <ctype.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "tools/debug/arguments.h"
#include "tools/debug/commands.h"
#include "tools/debug/source.h"

#define SOURCE_MOST ((size_t)16 << 20)
#define LIST_LINES 10u
#define TEXT_MOST 200

static void say_text(struct debug *debug, const char *text, size_t len, uint32_t number,
                     bool here)
{
    fprintf(debug->out, "%s%5" PRIu32 "  ", here ? "=>" : "  ", number);
    for (size_t i = 0; i < len && i < TEXT_MOST; i++) {
        unsigned char c = (unsigned char)text[i];

        fputc(c == '\t' || isprint(c) ? c : c < 128 ? '?' : c, debug->out);
    }
    fputc('\n', debug->out);
}

/* Lines from `first` on; returns how many there were. */
static unsigned say_lines(struct debug *debug, const struct file *file, uint32_t first,
                          uint32_t here)
{
    const char *at = (const char *)file->bytes, *end = at + file->len;
    unsigned said = 0;

    for (uint32_t number = 1; at && at < end && said < LIST_LINES; number++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((stop ? stop : end) - at);

        if (number >= first) {
            say_text(debug, at, len, number, number == here);
            said++;
        }
        at += len + 1;
    }
    return said;
}

static enum pz_err read_source(struct debug *debug, const char *name, struct file *file,
                               struct problem *problem)
{
    char path[PATH_MAX];
    struct problem why;

    if (!debug_source_path(debug, name, path))
        return problem_set(problem, PZ_FAILED, "%.300s: the source file was not found", name);
    if (file_read(path, SOURCE_MOST, file, &why))
        return problem_set(problem, PZ_FAILED, "%.300s: %.100s", name, why.text);
    return PZ_OK;
}

static enum pz_err list_from(struct debug *debug, uint32_t first, uint32_t here,
                             struct problem *problem)
{
    struct file file = {0};
    enum pz_err err = read_source(debug, debug->listed_path, &file, problem);
    unsigned said = 0;

    if (!err)
        said = say_lines(debug, &file, first, here);
    if (!err && !said)
        err = problem_set(problem, PZ_FAILED, "%.60s has no line %" PRIu32,
                          lines_name(debug->listed_path), first);
    debug->listed_line = first + said;
    json_put_text(debug->data, "file", debug->listed_path);
    json_put_number(debug->data, "first", first);
    json_put_number(debug->data, "lines", said);
    file_free(&file);
    return err;
}

static enum pz_err no_lines(const struct lines *lines, uint32_t address, unsigned mode,
                            struct problem *problem)
{
    const char *missing = lines->missing;

    if (mode == HART_USER && !lines->row_count && !missing)
        missing = "'program FILE' tells which user program it is";
    return problem_set(problem, PZ_FAILED, "no source line is known for 0x%08" PRIx32 "%s%s",
                       address, missing ? ": " : "", missing ? missing : "");
}

/* Without arguments: the lines around pc, and the next time those after them. */
enum pz_err debug_list(struct debug *debug, const char *words, struct problem *problem)
{
    const struct hart *hart = debug_hart(debug);
    const struct lines *lines = debug_source_lines(debug, debug_self(debug), hart->mode);
    const struct lines_row *row;
    uint32_t address = hart->pc;
    enum pz_err err = PZ_OK;

    if (!*words && debug->listed_line && debug->listed_at == hart->retired)
        return list_from(debug, debug->listed_line, 0, problem);
    if (*words)
        err = debug_place(debug, words, &address, problem);
    if (err)
        return err;
    row = lines_at(lines, address);
    if (!row)
        return no_lines(lines, address, hart->mode, problem);
    debug->listed_at = hart->retired;
    (void)!snprintf(debug->listed_path, sizeof debug->listed_path, "%s",
                    lines->files[row->file]);
    return list_from(debug, row->line > LIST_LINES / 2 ? row->line - LIST_LINES / 2 : 1,
                     row->line, problem);
}

/* ---- program ---- */

enum pz_err debug_program(struct debug *debug, const char *words, struct problem *problem)
{
    const struct symbols *symbols;
    const struct lines *lines;
    enum pz_err err;

    if (!*words)
        return problem_set(problem, PZ_USAGE,
                           "program FILE: the ELF file that runs in user mode in vm%u",
                           debug->vm);
    err = debug_source_load(debug, debug->vm, words, problem);
    if (err)
        return err;
    symbols = debug_source_symbols(debug, debug_self(debug), HART_USER);
    lines = debug_source_lines(debug, debug_self(debug), HART_USER);
    fprintf(debug->out, "vm%u's user program: %zu symbols, %zu rows of source lines%s%s\n",
            debug->vm, symbols->count, lines->row_count, lines->missing ? ": " : "",
            lines->missing ? lines->missing : "");
    json_put_number(debug->data, "symbols", symbols->count);
    json_put_number(debug->data, "rows", lines->row_count);
    return PZ_OK;
}
