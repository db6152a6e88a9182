/* SPDX-License-Identifier: GPL-2.0-or-later */
/* command.c - `pz asm`: a source file becomes an ELF file. */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/asm/asm.h"

static char *include(void *owner, const char *name)
{
    return asm_find_include(owner, name);
}

static json_t *document_of(const struct asm_output *output)
{
    json_t *document = json_document("pz-asm/1"), *list = json_array();

    for (unsigned i = 0; i < output->count; i++) {
        const struct asm_diagnostic *d = &output->diagnostics[i];

        (void)json_array_append_new(list,
                                    json_pack("{s:o, s:i, s:i, s:o}", "file",
                                              json_bytes(d->file, strlen(d->file)), "line",
                                              (int)d->line, "column", (int)d->column, "text",
                                              json_bytes(d->text, strlen(d->text))));
    }
    json_put(document, "ok", json_boolean(!output->count));
    json_put_number(document, "bytes", output->len);
    json_put(document, "diagnostics", list);
    return document;
}

static enum pz_err report(const struct options *options, const struct asm_output *output,
                          struct problem *problem)
{
    enum pz_err err = PZ_OK;

    if (options->json)
        err = json_print(document_of(output), problem);
    for (unsigned i = 0; i < output->count && !options->json; i++) {
        const struct asm_diagnostic *d = &output->diagnostics[i];

        fprintf(stderr, "%s:%u:%u: %s\n", d->file, d->line, d->column, d->text);
    }
    if (err || !output->count)
        return err;
    return problem_set(problem, PZ_FAILED, "%u mistake%s: nothing was written", output->count,
                       output->count == 1 ? "" : "s");
}

/* "x.elf" for "x.S". */
static void default_name(const char *source, char path[PATH_ROOM])
{
    const char *base = strrchr(source, '/'), *dot = strrchr(base ? base : source, '.');

    path_format(path, PATH_ROOM, "%.*s.elf", dot ? (int)(dot - source) : (int)strlen(source),
                source);
}

static enum pz_err assemble(const struct options *options, const char *text,
                            struct problem *problem)
{
    const char *source = options->kernels.at[0];
    char folder[PATH_ROOM], path[PATH_ROOM];
    struct asm_input input = {
        .name = source, .text = text, .base = (uint32_t)options->ram_base, .include = include};
    struct asm_output *output = calloc(1, sizeof *output);
    enum pz_err err;

    path_format(folder, sizeof folder, "%s", source);
    input.owner = dirname(folder);
    default_name(source, path);
    if (!output || !asm_assemble(&input, output)) {
        free(output);
        return problem_memory(problem, "the program");
    }
    err = report(options, output, problem);
    if (!err)
        err = asm_save(options->output ? options->output : path, output, problem);
    free(output->elf);
    free(output);
    return err;
}

enum pz_err command_asm(const struct options *options, struct problem *problem)
{
    const char *source = options->kernels.count ? options->kernels.at[0] : NULL;
    enum pz_err err;
    char *text;

    if (!source)
        return problem_set(problem, PZ_USAGE, "which FILE.S?");
    err = asm_read(source, &text, problem);
    if (!err)
        err = assemble(options, text, problem);
    free(text);
    return err;
}
