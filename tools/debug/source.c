/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source.c - symbols and lines by VM and mode, and the commands `list` and `program`. Paths
 * and sources come from outside: only plain files are read, and only what is printable is shown.
 */
#define _GNU_SOURCE
#include "tools/debug/source.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>

#include "tools/debug/commands.h"
#include "tools/debug/words.h"

#define PROGRAM_MOST ((size_t)64 << 20)
#define SOURCE_MOST ((size_t)16 << 20)
#define LIST_LINES 10u
#define TEXT_MOST 200

/* One program's. */
struct debug_program {
    struct file file; /* of a user program; a kernel's are the image's */
    struct symbols symbols;
    struct lines lines;
    bool read;
};

struct debug_source {
    struct debug_program *kernels;  /* by image */
    struct debug_program *programs; /* by VM: what runs in user mode */
    char path[DEBUG_SOURCE_PATH];   /* where `list` goes on */
    uint32_t line;
};

enum pz_err debug_source_open(struct debug *debug, struct problem *problem)
{
    struct debug_source *source = calloc(1, sizeof *source);

    debug->source = source;
    if (!source)
        return problem_memory(problem, "source lines");
    source->kernels = calloc(debug->machine->image_count, sizeof *source->kernels);
    source->programs = calloc(debug->machine->count, sizeof *source->programs);
    if (!source->kernels || !source->programs)
        return problem_memory(problem, "source lines");
    return PZ_OK;
}

static void free_program(struct debug_program *program)
{
    lines_free(&program->lines);
    symbols_free(&program->symbols);
    file_free(&program->file);
    *program = (struct debug_program){0};
}

void debug_source_close(struct debug *debug)
{
    struct debug_source *source = debug->source;

    if (!source)
        return;
    for (unsigned i = 0; source->kernels && i < debug->machine->image_count; i++)
        free_program(&source->kernels[i]);
    for (unsigned i = 0; source->programs && i < debug->machine->count; i++)
        free_program(&source->programs[i]);
    free(source->kernels);
    free(source->programs);
    free(source);
    debug->source = NULL;
}

const struct symbols *debug_source_symbols(const struct debug *debug, unsigned vm,
                                           unsigned mode)
{
    if (mode == HART_SUPERVISOR)
        return &machine_image(debug->machine, vm)->symbols;
    return &debug->source->programs[vm].symbols;
}

const struct lines *debug_source_lines(const struct debug *debug, unsigned vm, unsigned mode)
{
    const struct file *file = &machine_image(debug->machine, vm)->file;
    struct debug_program *kernel = &debug->source->kernels[debug->machine->image_of[vm]];

    if (mode != HART_SUPERVISOR)
        return &debug->source->programs[vm].lines;
    if (!kernel->read)
        lines_load(&kernel->lines, file->bytes, file->len);
    kernel->read = true;
    return &kernel->lines;
}

const char *debug_line(const struct debug *debug, unsigned vm, unsigned mode, uint32_t address,
                       char text[DEBUG_LINE])
{
    const struct lines *lines = debug_source_lines(debug, vm, mode);
    const struct lines_row *row = lines_at(lines, address);

    text[0] = 0;
    if (row)
        (void)!snprintf(text, DEBUG_LINE, " at %.60s:%" PRIu32,
                        lines_name(lines->files[row->file]), row->line);
    return text;
}

void debug_json_line(const struct debug *debug, json_t *object, unsigned vm, unsigned mode,
                     uint32_t address)
{
    const struct lines *lines = debug_source_lines(debug, vm, mode);
    const struct lines_row *row = lines_at(lines, address);

    if (!row)
        return;
    json_put(object, "file",
             json_bytes(lines->files[row->file], strlen(lines->files[row->file])));
    json_put_number(object, "line", row->line);
}

/* ---- list ---- */

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

static bool is_plain_file(const char *path)
{
    struct stat status;

    return !stat(path, &status) && S_ISREG(status.st_mode);
}

static bool is_below(const char *folder, const char *name, char path[PATH_MAX])
{
    return snprintf(path, PATH_MAX, "%s/%s", folder, name) < PATH_MAX && is_plain_file(path);
}

/*
 * Compiled under a relative path: it begins here, or at a folder that the program lies below, or
 * for the bundled guests where their sources are installed.
 */
static bool find_source(const char *program, const char *name, char path[PATH_MAX])
{
    char folder[PATH_MAX], *slash;

    (void)!snprintf(path, PATH_MAX, "%s", name);
    if (is_plain_file(path))
        return true;
    if (name[0] == '/')
        return false;
    if (!realpath(program, folder))
        folder[0] = 0;
    while ((slash = strrchr(folder, '/'))) {
        *slash = 0;
        if (is_below(folder, name, path))
            return true;
    }
    return is_below(home_directory(), name, path);
}

static enum pz_err read_source(struct debug *debug, const char *name, struct file *file,
                               struct problem *problem)
{
    const char *program = machine_image(debug->machine, debug->vm)->path;
    char path[PATH_MAX];
    struct problem why;

    if (!find_source(program, name, path))
        return problem_set(problem, PZ_FAILED, "%.300s: the source is not there", name);
    if (file_read(path, SOURCE_MOST, file, &why))
        return problem_set(problem, PZ_FAILED, "%.300s: %.100s", name, why.text);
    return PZ_OK;
}

static enum pz_err list_from(struct debug *debug, uint32_t first, uint32_t here,
                             struct problem *problem)
{
    struct debug_source *source = debug->source;
    struct file file = {0};
    enum pz_err err = read_source(debug, source->path, &file, problem);
    unsigned said = 0;

    if (!err)
        said = say_lines(debug, &file, first, here);
    if (!err && !said)
        err = problem_set(problem, PZ_FAILED, "%.60s has no line %" PRIu32,
                          lines_name(source->path), first);
    source->line = first + said;
    json_put_text(debug->data, "file", source->path);
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

/* Without words: around pc, and then on from there. */
enum pz_err debug_list(struct debug *debug, const char *words, struct problem *problem)
{
    struct debug_source *source = debug->source;
    const struct hart *hart = debug_hart(debug);
    const struct lines *lines = debug_source_lines(debug, debug->vm, hart->mode);
    const struct lines_row *row;
    uint32_t address = hart->pc;
    enum pz_err err = PZ_OK;

    if (!*words && source->line && debug->listed_at == hart->retired)
        return list_from(debug, source->line, 0, problem);
    if (*words)
        err = debug_place(debug, words, &address, problem);
    if (err)
        return err;
    row = lines_at(lines, address);
    if (!row)
        return no_lines(lines, address, hart->mode, problem);
    debug->listed_at = hart->retired;
    (void)!snprintf(source->path, sizeof source->path, "%s", lines->files[row->file]);
    return list_from(debug, row->line > LIST_LINES / 2 ? row->line - LIST_LINES / 2 : 1,
                     row->line, problem);
}

enum pz_err debug_place(struct debug *debug, const char *text, uint32_t *address,
                        struct problem *problem)
{
    const struct lines *lines = debug_source_lines(debug, debug->vm, debug_hart(debug)->mode);
    char file[DEBUG_WORD];
    uint32_t line;

    if (!debug_words_line(&text, file, &line))
        return debug_address(debug, text, address, problem);
    if (lines_find(lines, file, line, address))
        return PZ_OK;
    return problem_set(problem, PZ_FAILED, "no code is known for %s:%" PRIu32 "%s%s", file,
                       line, lines->missing ? ": " : "", lines->missing ? lines->missing : "");
}

/* ---- program ---- */

enum pz_err debug_program(struct debug *debug, const char *words, struct problem *problem)
{
    struct debug_program *program = &debug->source->programs[debug->vm];
    struct problem why;
    struct file file = {0};

    if (!*words)
        return problem_set(problem, PZ_USAGE,
                           "program FILE: the ELF file that runs in user mode in vm%u",
                           debug->vm);
    if (file_read(words, PROGRAM_MOST, &file, &why))
        return problem_set(problem, PZ_FAILED, "%.200s: %.100s", words, why.text);
    free_program(program);
    program->file = file;
    program->read = true;
    symbols_load(&program->symbols, file.bytes, file.len);
    lines_load(&program->lines, file.bytes, file.len);
    fprintf(debug->out, "vm%u's user program: %zu symbols, %zu rows of source lines%s%s\n",
            debug->vm, program->symbols.count, program->lines.row_count,
            program->lines.missing ? ": " : "",
            program->lines.missing ? program->lines.missing : "");
    json_put_number(debug->data, "symbols", program->symbols.count);
    json_put_number(debug->data, "rows", program->lines.row_count);
    return PZ_OK;
}
