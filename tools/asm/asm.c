/* SPDX-License-Identifier: GPL-2.0-or-later */
/* asm.c - an assembly from its beginning to its end, and its files. */
#include "tools/asm/asm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/asm/state.h"

#define SOURCE_MOST (4u << 20)

/* False: branches have been found to be too far, so it has to be done again. */
static bool assemble(struct assembly *a)
{
    a->section = asm_section(a, ".text");
    asm_source(a, a->input->name, a->input->text);
    if (a->over)
        return true;
    if (a->collecting_kind)
        asm_wrong(a, ".endm or .endr is missing");
    if (a->condition_count)
        asm_wrong(a, ".endif is missing");
    asm_lay_out(a);
    if (!a->output->count && !a->over && asm_find_far(a))
        return false;
    asm_fix_all(a);
    if (!a->output->count && !a->over)
        (void)!asm_write_elf(a);
    return true;
}

/* Those of the end of an assembly are about its lines in order, too. */
static int by_line(const void *left, const void *right)
{
    const struct asm_diagnostic *a = left, *b = right;
    int files = strcmp(a->file, b->file);

    return files ? 0 : (a->line > b->line) - (a->line < b->line);
}

static void begin(struct assembly *a, const struct asm_input *input, struct asm_output *output,
                  struct asm_far *far)
{
    memset(a, 0, sizeof *a);
    a->input = input;
    a->output = output;
    a->far = far;
    a->fixup_end = &a->fixups;
    a->place = (struct asm_place){input->name, 1, 1};
}

static bool all_passes(struct assembly *a, struct asm_far *far, const struct asm_input *input,
                       struct asm_output *output)
{
    begin(a, input, output, far);
    while (!assemble(a)) {
        asm_free(a);
        begin(a, input, output, far);
    }
    qsort(output->diagnostics, output->count, sizeof output->diagnostics[0], by_line);
    asm_free(a);
    return !a->no_memory;
}

bool asm_assemble(const struct asm_input *input, struct asm_output *output)
{
    struct assembly *a = malloc(sizeof *a);
    struct asm_far *far = calloc(1, sizeof *far);
    bool good;

    memset(output, 0, sizeof *output);
    good = a && far && all_passes(a, far, input, output);
    free(far);
    free(a);
    return good;
}

enum pz_err asm_read(const char *path, char **text, struct problem *problem)
{
    struct file file;
    enum pz_err err = file_read(path, SOURCE_MOST, &file, problem);

    *text = NULL;
    if (err) {
        problem_prefix(problem, path);
        return err;
    }
    *text = malloc(file.len + 1);
    if (*text && file.len)
        memcpy(*text, file.bytes, file.len);
    if (*text)
        (*text)[file.len] = '\0';
    file_free(&file);
    return *text ? PZ_OK : problem_memory(problem, "the source");
}

enum pz_err asm_save(const char *path, const struct asm_output *output, struct problem *problem)
{
    return outfile_write(output->elf, output->len, "-o", path, problem);
}

char *asm_find_include(const char *folder, const char *name)
{
    const char *home = home_directory();
    char path[PATH_ROOM], *text;
    struct problem none;

    if (strstr(name, "..") || name[0] == '/')
        return NULL;
    path_format(path, sizeof path, "%s/%s", folder, name);
    if (!asm_read(path, &text, &none) || !home)
        return text;
    path_format(path, sizeof path, "%s/tests/guest/%s", home, name);
    return asm_read(path, &text, &none) ? NULL : text;
}
