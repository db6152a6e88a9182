/* SPDX-License-Identifier: GPL-2.0-or-later */
/* source.c - symbols and lines for each VM, or machine inside a VM, and mode. */
#define _GNU_SOURCE
#include "tools/debug/source.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>

#define PROGRAM_MOST ((size_t)64 << 20)

/* What is read of one program. */
struct debug_program {
    struct file file; /* a user program's; kernels are in their images */
    struct symbols symbols;
    struct lines lines;
    struct types types; /* only kernels have any */
    bool read, types_read;
};

struct debug_source {
    struct debug_program *kernels;  /* by image */
    struct debug_program *programs; /* by VM: what runs in user mode, at any level */
    struct debug_program above[LEVELS_MOST + 1]; /* kernels of levels that do not run type 1 */
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
    types_free(&program->types);
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
    for (unsigned i = 0; i <= LEVELS_MOST; i++)
        free_program(&source->above[i]);
    free(source->kernels);
    free(source->programs);
    free(source);
    debug->source = NULL;
}

/* The kernel of a VM's image, which all levels of type 1 run, or that of a single level. */
struct kernel {
    struct debug_program *program;
    const struct file *file;
    const struct symbols *symbols;
};

static unsigned vm_of(const struct debug *debug, unsigned who)
{
    return who < debug->machine->count ? who : debug->vm;
}

static struct kernel kernel_of(const struct debug *debug, unsigned who)
{
    unsigned vm = vm_of(debug, who), level = who == vm ? 0 : who - debug->machine->count;
    struct debug_program *above = &debug->source->above[level];
    const struct image *image = machine_image(debug->machine, vm);

    if (level && !levels_is_monitor(&debug->levels, level))
        return (struct kernel){above, &above->file, &above->symbols};
    return (struct kernel){&debug->source->kernels[debug->machine->image_of[vm]], &image->file,
                           &image->symbols};
}

const struct symbols *debug_source_symbols(const struct debug *debug, unsigned who,
                                           unsigned mode)
{
    if (mode == HART_SUPERVISOR)
        return kernel_of(debug, who).symbols;
    return &debug->source->programs[vm_of(debug, who)].symbols;
}

const struct lines *debug_source_lines(const struct debug *debug, unsigned who, unsigned mode)
{
    struct kernel kernel = kernel_of(debug, who);

    if (mode != HART_SUPERVISOR)
        return &debug->source->programs[vm_of(debug, who)].lines;
    if (!kernel.program->read)
        lines_load(&kernel.program->lines, kernel.file->bytes, kernel.file->len);
    kernel.program->read = true;
    return &kernel.program->lines;
}

const struct types *debug_source_types(const struct debug *debug, unsigned who)
{
    struct kernel kernel = kernel_of(debug, who);

    if (!kernel.program->types_read)
        types_load(&kernel.program->types, kernel.file->bytes, kernel.file->len);
    kernel.program->types_read = true;
    return &kernel.program->types;
}

static const struct types *types_of_selected(void *owner)
{
    const struct debug *debug = owner;

    return debug_source_types(debug, debug_self(debug));
}

/* The owner is never written to: the callbacks take it as const. */
struct debug_names debug_source_names(const struct debug *debug)
{
    return (struct debug_names){
        .symbols = debug_source_symbols(debug, debug_self(debug), HART_SUPERVISOR),
        .types = types_of_selected,
        .owner = (void *)(uintptr_t)debug,
    };
}

const char *debug_line(const struct debug *debug, unsigned who, unsigned mode, uint32_t address,
                       char text[DEBUG_LINE])
{
    const struct lines *lines = debug_source_lines(debug, who, mode);
    const struct lines_row *row = lines_at(lines, address);

    text[0] = 0;
    if (row)
        (void)!snprintf(text, DEBUG_LINE, " at %.60s:%" PRIu32,
                        lines_name(lines->files[row->file]), row->line);
    return text;
}

void debug_json_line(const struct debug *debug, json_t *object, unsigned who, unsigned mode,
                     uint32_t address)
{
    const struct lines *lines = debug_source_lines(debug, who, mode);
    const struct lines_row *row = lines_at(lines, address);

    if (!row)
        return;
    json_put(object, "file",
             json_bytes(lines->files[row->file], strlen(lines->files[row->file])));
    json_put_number(object, "line", row->line);
}

static enum pz_err load(struct debug_program *program, const char *path,
                        struct problem *problem)
{
    struct problem why;
    struct file file = {0};

    if (file_read(path, PROGRAM_MOST, &file, &why))
        return problem_set(problem, PZ_FAILED, "%.200s: %.100s", path, why.text);
    free_program(program);
    program->file = file;
    program->read = true;
    symbols_load(&program->symbols, file.bytes, file.len);
    lines_load(&program->lines, file.bytes, file.len);
    return PZ_OK;
}

enum pz_err debug_source_load(struct debug *debug, unsigned vm, const char *path,
                              struct problem *problem)
{
    return load(&debug->source->programs[vm], path, problem);
}

enum pz_err debug_source_load_level(struct debug *debug, unsigned level, const char *path,
                                    struct problem *problem)
{
    return load(&debug->source->above[level], path, problem);
}

/* ---- Files ---- */

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
 * A relative path in debug information begins in the current directory, or in one above the
 * program; for the bundled guests also where their sources are installed.
 */
bool debug_source_path(const struct debug *debug, const char *name, char path[PATH_MAX])
{
    const char *program = machine_image(debug->machine, debug->vm)->path;
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
